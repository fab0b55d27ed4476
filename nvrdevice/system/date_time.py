"""The device's clock: the time, its zone, and whether NTP sets it."""

import ctypes
import dataclasses
from datetime import UTC, datetime
from pathlib import Path

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.system import machine_root, ntp, time_zone
from nvrdevice.system.backends import simulated

STA_UNSYNC = 0x40
TIME_ERROR = 5
MARKS = ("run/systemd/timesync/synchronized", "var/lib/chrony/drift", "var/lib/chrony/chrony.drift")


@dataclasses.dataclass(frozen=True)
class DateTime:
    by_ntp: bool
    daylight_saving: bool
    zone: str  # as people call it: Europe/Berlin
    posix_zone: str
    utc: datetime
    local: datetime
    reached: bool = True  # of by_ntp: the clock was set by a time server, and not long ago


def read(clock: Clock = SYSTEM_CLOCK, root: Path | None = None) -> DateTime:
    now, by_ntp = clock.now(), None
    if machine_root.is_simulated():
        now += simulated.offset(machine_root.simulated())
        by_ntp = simulated.ntp_switch(machine_root.simulated())
    zone = time_zone.read(root)
    return DateTime(
        # Synchronised without a client of our own: a container, whose host keeps the clock.
        by_ntp=synchronised() or bool(ntp.client()) if by_ntp is None else by_ntp,
        daylight_saving=zone.daylight_saving(now),
        zone=time_zone.name(root),
        posix_zone=zone.posix,
        utc=now,
        local=now.astimezone(zone.tz),
        reached=machine_root.is_simulated() or synchronised(),
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


def last_synchronised(root: Path = machine_root.ROOT) -> datetime | None:
    """When timesyncd or chrony last set the clock; None where neither left a mark.

    The marks are touched at each synchronisation: that is what they are for.
    """
    for mark in MARKS:
        try:
            touched_s = (root / mark).stat().st_mtime
        except OSError:
            continue
        return datetime.fromtimestamp(touched_s, UTC)
    return None


def synchronised() -> bool:
    """Whether the kernel knows its clock to be synchronised (adjtimex, which changes nothing)."""
    try:
        adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return False
    timex = _Timex()
    answer = adjtimex(ctypes.byref(timex))
    return answer not in (-1, TIME_ERROR) and not timex.status & STA_UNSYNC
