"""The machine's time zone as the POSIX string ONVIF wants, with its daylight saving rules.

A compiled zone file ends with exactly this string (RFC 8536 section 3.3), so nothing is
computed where the file has it: "Europe/Berlin" is CET-1CEST,M3.5.0,M10.5.0/3.
"""

import dataclasses
import io
import os
import struct
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

from nvrdevice.system import machine_root

MAGIC = b"TZif"
LOCALTIME = "etc/localtime"


@dataclasses.dataclass(frozen=True)
class Zone:
    posix: str
    tz: tzinfo

    def daylight_saving(self, now: datetime) -> bool:
        """Whether summer time is in force now."""
        return bool(now.astimezone(self.tz).dst())


def read(root: Path | None = None) -> Zone:
    """The zone of /etc/localtime, UTC where there is none.

    TZ is not asked: Django sets it to UTC in every process of the device.
    """
    path = (root or machine_root.having(LOCALTIME)) / LOCALTIME
    try:
        raw = path.read_bytes()
        tz = ZoneInfo.from_file(io.BytesIO(raw))
    except (OSError, ValueError, struct.error):
        return Zone("UTC0", UTC)
    return Zone(footer(raw) or _fixed(tz), tz)


def name(root: Path | None = None) -> str:
    """What the machine calls its zone, "Europe/Berlin"; "UTC" where it has no name for it."""
    root = root or machine_root.having(LOCALTIME)
    path = root / LOCALTIME
    if path.is_symlink():
        target = os.path.normpath(path.parent / path.readlink())
        for folder in TZPATH:
            if target.startswith(f"{folder}/"):
                return target.removeprefix(f"{folder}/").replace("Etc/UTC", "UTC")
    try:
        return (root / "etc/timezone").read_text().strip()[:64].replace("Etc/UTC", "UTC") or "UTC"
    except OSError:
        return "UTC"


def footer(raw: bytes) -> str:
    """The last line of a zone file of version 2 or later."""
    if raw[:4] != MAGIC or raw[4:5] < b"2" or not raw.endswith(b"\n"):
        return ""
    return raw[:-1].rsplit(b"\n", 1)[-1].decode("ascii", errors="replace")


def _fixed(tz: tzinfo) -> str:
    """The present offset, for a zone file that has no rule for the future."""
    now = datetime.now(tz)
    offset = now.utcoffset()
    minutes = -round(offset.total_seconds() / 60) if offset else 0  # POSIX counts westwards
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else ""
    name = now.tzname() or "UTC"
    label = name if name.isalpha() and len(name) >= 3 else f"<{name}>"
    return f"{label}{sign}{hours}" + (f":{rest:02d}" if rest else "")
