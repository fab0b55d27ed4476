"""Why a subscription or a pull is refused; the event service has a fault of its own for each."""

import enum
from datetime import datetime

from nvrdevice.lib.errors import DeviceError, Kind


class Reason(enum.Enum):
    UNKNOWN_PULL_POINT = enum.auto()
    UNKNOWN_FILTER = enum.auto()
    UNKNOWN_TOPIC_DIALECT = enum.auto()
    INVALID_TOPIC_EXPRESSION = enum.auto()
    TOPIC_NOT_SUPPORTED = enum.auto()
    INVALID_CONTENT_EXPRESSION = enum.auto()
    UNACCEPTABLE_TIME = enum.auto()
    TOO_MANY = enum.auto()
    PULLED_ALREADY = enum.auto()


KINDS = {
    Reason.UNKNOWN_PULL_POINT: Kind.MISSING,
    Reason.TOO_MANY: Kind.LIMIT,
    Reason.PULLED_ALREADY: Kind.CONFLICT,
}


class Refused(DeviceError):
    """earliest, latest: what an unacceptable time should have been within."""

    def __init__(
        self,
        reason: Reason,
        text: str,
        *,
        earliest: datetime | None = None,
        latest: datetime | None = None,
    ) -> None:
        super().__init__(KINDS.get(reason, Kind.INVALID), text)
        self.reason = reason
        self.earliest = earliest
        self.latest = latest
