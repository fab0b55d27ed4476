"""Whether the time a client wrote into its token is near enough to ours.

A box without a real-time clock wakes up in the wrong year; until its clock was set it cannot
blame a client's, so then any time is accepted and the log says so. `nvrdevice.system` knows and
tells us with trust_when().
"""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime

from nvrdevice import state
from nvrdevice.accounts.settings import NARROWEST_WINDOW_S, AccountSettings

log = logging.getLogger(__name__)

# xs:dateTime; .NET clients send seven digits of a second, some send none and no zone.
_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)

_is_trusted: Callable[[], bool] = lambda: True  # noqa: E731
_said = False


def trust_when(is_trusted: Callable[[], bool]) -> None:
    """Let is_trusted() tell whether this device's clock was set since it started."""
    global _is_trusted, _said
    _is_trusted, _said = is_trusted, False


def is_trusted() -> bool:
    """Whether our own clock may be held against others."""
    return _is_trusted()


def parse(created: str) -> datetime | None:
    """The moment of an xs:dateTime, None for anything else; without a zone it is UTC."""
    match = _DATE_TIME.fullmatch(created.strip())
    if match is None:
        return None
    zone = match.group(8) or "Z"
    micros = (match.group(7) or "0").ljust(6, "0")[:6]
    try:
        return datetime.fromisoformat(
            f"{created.strip()[:19]}.{micros}{'+00:00' if zone == 'Z' else zone}"
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def off_s(created: datetime, now: datetime) -> float:
    """By how many seconds the client's clock is outside the window, signed; 0 when it is inside.

    Positive: the client is ahead.
    """
    difference_s = (created - now).total_seconds()
    if abs(difference_s) <= NARROWEST_WINDOW_S:  # inside whatever is set
        return 0.0
    if abs(difference_s) <= state.read(AccountSettings).token_window_s:
        return 0.0
    if not _is_trusted():
        _say_lenient(difference_s)
        return 0.0
    return difference_s


def _say_lenient(difference_s: float) -> None:
    global _said
    if not _said:
        _said = True
        log.warning(
            "This device's clock was not set yet: a client's that differs by %+.0f s is accepted.",
            difference_s,
        )
