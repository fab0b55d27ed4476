"""A machine that only remembers what it was told: for trying things out and for tests.

It writes the files a true machine would have, below a folder of its own, so that they are read
back by the same readers.
"""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import TZPATH

from nvrdevice.lib import atomic_file
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError, Kind

OFFSET = "clock_offset_s"
NTP_SWITCH = "ntp"
SERVERS_FILE = "etc/systemd/timesyncd.conf"


class Simulated:
    name = "simulated"

    def __init__(self, root: Path, clock: Clock = SYSTEM_CLOCK) -> None:
        self._root, self._clock = root, clock

    def why_not(self, what: str) -> str:
        return ""

    def set_zone(self, name: str) -> None:
        for folder in TZPATH:
            found = Path(folder) / name
            if found.is_file():
                self._write("etc/localtime", found.read_bytes())
                self._write("etc/timezone", f"{name}\n".encode())
                return
        raise DeviceError(Kind.UNAVAILABLE, f"This machine has no zone file for {name}.")

    def set_time(self, utc: datetime) -> None:
        self._write(OFFSET, str((utc - self._clock.now()).total_seconds()).encode())

    def set_ntp(self, *, on: bool) -> None:
        self._write(NTP_SWITCH, b"on" if on else b"off")
        if on:
            (self._root / OFFSET).unlink(missing_ok=True)

    def set_servers(self, servers: tuple[str, ...]) -> None:
        self._write(SERVERS_FILE, f"[Time]\nNTP={' '.join(servers)}\n".encode())

    def _write(self, path: str, data: bytes) -> None:
        target = self._root / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            atomic_file.write_bytes(target, data)
        except OSError as error:
            raise DeviceError(
                Kind.UNAVAILABLE, f"{target} cannot be written ({error.strerror})."
            ) from error


def offset(root: Path) -> timedelta:
    """How far the simulated clock was set away from the true one."""
    try:
        return timedelta(seconds=float((root / OFFSET).read_text()))
    except (OSError, ValueError, OverflowError):
        return timedelta(0)


def ntp_switch(root: Path) -> bool | None:
    """How NTP was switched; None where it never was."""
    try:
        return (root / NTP_SWITCH).read_bytes() == b"on"
    except OSError:
        return None
