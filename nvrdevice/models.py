"""Only re-exports the nouns' models, so that Django finds them in its one app."""

from nvrdevice.accounts.models import User
from nvrdevice.audit.models import AuditRow

__all__ = ["AuditRow", "User"]
