"""POSIX time zones (IEEE 1003.1 section 8.3) as ONVIF clients write them, and this machine's
zones that follow the same rules: "PST8PDT,M3.2.0,M11.1.0" is America/Los_Angeles.
"""

import functools
import re
import zoneinfo
from pathlib import Path

from nvrdevice.system import time_zone

NAME = r"(?:[A-Za-z]{3,10}|<[A-Za-z0-9+-]{3,10}>)"
TIME = r"[+-]?\d{1,3}(?::\d{1,2}(?::\d{1,2})?)?"
DATE = r"(?:J\d{1,3}|M\d{1,2}\.\d\.\d|\d{1,3})"
ZONE = re.compile(
    rf"(?P<std>{NAME})(?P<offset>{TIME})"
    rf"(?:(?P<dst>{NAME})(?P<dst_offset>{TIME})?"
    rf"(?:,(?P<start>{DATE})(?:/(?P<start_time>{TIME}))?"
    rf",(?P<end>{DATE})(?:/(?P<end_time>{TIME}))?)?)?",
    re.ASCII,
)
LENGTH_LIMIT = 100
HOUR_S = 3600
# Where a zone names no dates, these count: the rules of the USA.
START, END, CHANGE = "M3.2.0", "M11.1.0", "2"
# Of all the cities with the same rules, these are meant most often.
WELL_KNOWN = (
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "Europe/Moscow",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Australia/Sydney",
)
# Offset from UTC and, where there is summer time, its own offset with start and end.
Rules = tuple[int, tuple[int, str, int, str, int] | None]


def rules(posix: str) -> Rules | None:
    """What a POSIX zone says, its names left out; None where it is not well formed."""
    found = ZONE.fullmatch(posix) if len(posix) <= LENGTH_LIMIT else None
    if found is None:
        return None
    offset = _seconds(found["offset"], hours=24)
    if offset is None:
        return None
    if found["dst"] is None:
        return offset, None
    written = found["dst_offset"]
    summer = offset - HOUR_S if written is None else _seconds(written, hours=24)
    start, end = _date(found["start"] or START), _date(found["end"] or END)
    starts = _seconds(found["start_time"] or CHANGE, hours=167)
    ends = _seconds(found["end_time"] or CHANGE, hours=167)
    if summer is None or start is None or end is None or starts is None or ends is None:
        return None
    return offset, (summer, start, starts, end, ends)


def without_summer(wanted: Rules) -> Rules:
    return wanted[0], None


def names(posix: str) -> tuple[str, ...]:
    """What it calls its standard and its summer time."""
    found = ZONE.fullmatch(posix)
    return tuple(found[key] or "" for key in ("std", "dst")) if found else ()


def machine_zone(posix: str, wanted: Rules) -> str | None:
    """This machine's zone with these rules; those whose times are called the same come first."""
    called = names(posix) if wanted[1] else (*names(posix)[:1], "")

    def rank(candidate: tuple[str, str]) -> tuple[bool, bool, bool, str]:
        name, own = candidate
        return names(own) != called, name not in WELL_KNOWN, not name.startswith("Etc/"), name

    fitting = [each for each in _zones().items() if rules(each[1]) == wanted]
    return min(fitting, key=rank)[0] if fitting else None


@functools.cache
def _zones() -> dict[str, str]:
    """Each zone of this machine by name, as a POSIX zone."""
    found = {}
    for name in zoneinfo.available_timezones():
        if "/" not in name and name != "UTC":
            continue
        for folder in zoneinfo.TZPATH:
            try:
                posix = time_zone.footer((Path(folder) / name).read_bytes())
            except OSError:
                continue
            if posix:
                found[name] = posix
            break
    return found


def _seconds(text: str, *, hours: int) -> int | None:
    sign = -1 if text.startswith("-") else 1
    parts = [int(part) for part in text.lstrip("+-").split(":")]
    if parts[0] > hours or any(part > 59 for part in parts[1:]):
        return None
    return sign * sum(part * scale for part, scale in zip(parts, (HOUR_S, 60, 1), strict=False))


def _date(text: str) -> str | None:
    """The date as it stands where it is one."""
    if text.startswith("M"):
        month, week, day = (int(part) for part in text[1:].split("."))
        right = 1 <= month <= 12 and 1 <= week <= 5 and day <= 6
        return f"M{month}.{week}.{day}" if right else None
    number = int(text.lstrip("J"))
    return text if int(text.startswith("J")) <= number <= 365 else None
