"""Only re-exports the nouns' models, so that Django finds them in its one app."""

from nvrdevice.accounts.models import User, UsersFileState
from nvrdevice.audit.models import AuditRow
from nvrdevice.events.models import Event, PropertyState, PullPoint
from nvrdevice.media.models import SourceFacts

__all__ = [
    "AuditRow",
    "Event",
    "PropertyState",
    "PullPoint",
    "SourceFacts",
    "User",
    "UsersFileState",
]
