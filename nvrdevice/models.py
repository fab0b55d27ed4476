"""Only re-exports the nouns' models, so that Django finds them in its one app."""

from nvrdevice.accounts.models import User, UsersFileState
from nvrdevice.audit.models import AuditRow
from nvrdevice.events.models import Event, PropertyState, PullPoint
from nvrdevice.media.models import SourceFacts
from nvrdevice.recordings.models import (
    Export,
    ProtectedClip,
    Recording,
    RecordingJob,
    Segment,
    StorageFacts,
    Track,
)

__all__ = [
    "AuditRow",
    "Event",
    "Export",
    "PropertyState",
    "ProtectedClip",
    "PullPoint",
    "Recording",
    "RecordingJob",
    "Segment",
    "SourceFacts",
    "StorageFacts",
    "Track",
    "User",
    "UsersFileState",
]
