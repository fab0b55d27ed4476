"""systemd's timedated over D-Bus, by busctl; time servers by a file of timesyncd.

Thin on purpose: systemd checks, keeps the real-time clock in step and remembers.
"""

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nvrdevice.lib import atomic_file
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system import ntp
from nvrdevice.system.backends import NTP, SERVERS, TIME

SERVICE = ("org.freedesktop.timedate1", "/org/freedesktop/timedate1", "org.freedesktop.timedate1")
LIMIT_S = 10
SERVERS_FILE = "etc/systemd/timesyncd.conf.d/50-nvrdevice.conf"
NO_SYSTEMD = (
    "This machine is not run by systemd, as in a container: set its clock and zone on the host."
)
Run = Callable[[list[str]], str]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _run(command: list[str]) -> str:
    """Its output; DeviceError with what it said where it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed words and checked values, no shell
            command, capture_output=True, text=True, timeout=LIMIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DeviceError(Kind.UNAVAILABLE, f"{command[0]} does not work: {error}.") from None
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1][:200]
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"The machine refused: {said.rstrip('.')}. Run the device as a user who may do this.",
        )
    return done.stdout


class Timedated:
    name = "systemd-timedated"

    def __init__(self, run: Run = _run, root: Path = Path("/")) -> None:
        self._run, self._root = run, root
        self._missing = self._probe()

    def why_not(self, what: str) -> str:
        if self._missing:
            return self._missing
        if what == SERVERS:
            return self._why_no_servers()
        if what in (NTP, TIME) and ntp.client() and not self._has_ntp:
            return f"{ntp.client()} keeps the clock here and is not systemd's to switch."
        if what == NTP and not self._has_ntp:
            return "No time service is installed: install systemd-timesyncd or chrony."
        return ""

    def set_zone(self, name: str) -> None:
        self._call("SetTimezone", "sb", name, "false")

    def set_time(self, utc: datetime) -> None:
        micros = (utc - EPOCH) // timedelta(microseconds=1)
        self._call("SetTime", "xbb", str(micros), "false", "false")

    def set_ntp(self, *, on: bool) -> None:
        self._call("SetNTP", "bb", "true" if on else "false", "false")

    def set_servers(self, servers: tuple[str, ...]) -> None:
        path = self._root / SERVERS_FILE
        text = f"# Written by NVR Device.\n[Time]\nNTP=\nNTP={' '.join(servers)}\n"
        try:
            if servers:
                path.parent.mkdir(parents=True, exist_ok=True)
                atomic_file.write_bytes(path, text.encode())
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise DeviceError(
                Kind.UNAVAILABLE, f"{path} cannot be written ({error.strerror})."
            ) from error
        self._run(["systemctl", "--no-ask-password", "try-restart", "systemd-timesyncd"])

    def _probe(self) -> str:
        """Why nothing can be set at all; "" where timedated answers."""
        self._has_ntp = False
        if not (self._root / "run/systemd/system").is_dir():
            return NO_SYSTEMD
        try:
            self._has_ntp = self._run(["busctl", "get-property", *SERVICE, "CanNTP"]).split() == [
                "b",
                "true",
            ]
        except DeviceError as error:
            return f"systemd-timedated does not answer. {error.text}"
        return ""

    def _why_no_servers(self) -> str:
        running = ntp.client()
        if running and running != "systemd-timesyn":
            return f"The time servers are those of {running}: change them in its own file."
        folder = self._root / "etc/systemd"
        if not os.access(folder, os.W_OK):
            return (
                f"This program may not write in {folder}: name the servers in "
                f"{folder / 'timesyncd.conf'}, or run the device as root."
            )
        return ""

    def _call(self, method: str, *arguments: str) -> None:
        limit = f"--timeout={LIMIT_S - 2}"
        self._run(["busctl", limit, "call", *SERVICE, method, *arguments])
