"""The device's clock: the time, its zone, and whether NTP sets it."""

import ctypes
import dataclasses
from datetime import datetime
from pathlib import Path

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.system import ntp, time_zone

STA_UNSYNC = 0x40
TIME_ERROR = 5


@dataclasses.dataclass(frozen=True)
class DateTime:
    by_ntp: bool
    daylight_saving: bool
    posix_zone: str
    utc: datetime
    local: datetime


def read(clock: Clock = SYSTEM_CLOCK, root: Path = time_zone.ROOT) -> DateTime:
    now = clock.now()
    zone = time_zone.read(root)
    return DateTime(
        # Synchronised without a client of our own: a container, whose host keeps the clock.
        by_ntp=synchronised() or bool(ntp.client()),
        daylight_saving=zone.daylight_saving(now),
        posix_zone=zone.posix,
        utc=now,
        local=now.astimezone(zone.tz),
    )


class _Timex(ctypes.Structure):
    # The fields of struct timex up to the one that is read; the rest is room (208 bytes).
    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("room", ctypes.c_byte * 256),
    )


def synchronised() -> bool:
    """Whether the kernel knows its clock to be synchronised (adjtimex, which changes nothing)."""
    try:
        adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return False
    timex = _Timex()
    answer = adjtimex(ctypes.byref(timex))
    return answer not in (-1, TIME_ERROR) and not timex.status & STA_UNSYNC
