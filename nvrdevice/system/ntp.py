"""The time servers in use: those of chrony where it runs, else those of systemd-timesyncd.

Compiled-in and FallbackNTP servers are configuration too: timesyncd asks them when nobody
named another.
"""

import dataclasses
import math
import re
from collections.abc import Iterable
from pathlib import Path

import psutil

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.system import dhcp_leases, machine_root
from nvrdevice.system.dhcp_leases import ROOT, Told

SERVERS_LIMIT = 16
LOOK_S = 15.0
# Names as the kernel has them: 15 letters.
CLIENTS = ("chronyd", "systemd-timesyn", "ntpd", "ntpsec", "openntpd")
TIMESYNCD = "etc/systemd/timesyncd.conf"
CHRONY_LINE = re.compile(r"^\s*(?:server|pool|peer)\s+(\S+)", re.MULTILINE)
TIMESYNCD_LINE = re.compile(r"^\s*(NTP|FallbackNTP)\s*=[ \t]*(.*)$", re.MULTILINE)

_client = (-math.inf, "")


@dataclasses.dataclass(frozen=True)
class Ntp:
    from_dhcp: tuple[str, ...]
    manual: tuple[str, ...]


def read(root: Path | None = None, told: Told | None = None, running: str | None = None) -> Ntp:
    if root is None:
        root = machine_root.having(TIMESYNCD)
        running = running if root == ROOT else ""  # what a simulation was told is timesyncd's
        told = told or dhcp_leases.read()
    told = dhcp_leases.read(root) if told is None else told
    running = client() if running is None else running
    if running == "chronyd":
        given = _chrony(root, ["run/chrony-dhcp/*.sources"])
        manual = _chrony(
            root, ["etc/chrony.conf", "etc/chrony/chrony.conf", "etc/chrony/*.d/*.conf",
                   "etc/chrony/sources.d/*.sources"]
        )  # fmt: skip
    else:
        given, manual = told.ntp, _timesyncd(root)
    return Ntp(given[:SERVERS_LIMIT], tuple(x for x in manual if x not in given)[:SERVERS_LIMIT])


def client(clock: Clock = SYSTEM_CLOCK) -> str:
    """The program that sets this machine's clock over NTP; "" where none runs.

    Looked up now and then only: anybody may ask for the time, and as often as he likes.
    """
    global _client
    looked_at_s, name = _client
    if clock.monotonic_s() - looked_at_s > LOOK_S:
        names = {process.info["name"] for process in psutil.process_iter(["name"])}
        name = next((each for each in CLIENTS if each in names), "")
        _client = clock.monotonic_s(), name
    return name


def look_again() -> None:
    """The client may be another one from now on."""
    global _client
    _client = (-math.inf, "")


def _chrony(root: Path, patterns: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            found += CHRONY_LINE.findall(_text(path))
    return tuple(dict.fromkeys(found))


def _timesyncd(root: Path) -> tuple[str, ...]:
    """NTP= lines add up, an empty one clears; FallbackNTP= counts where no NTP= is left."""
    lists: dict[str, list[str]] = {"NTP": [], "FallbackNTP": []}
    folders = ("usr/lib", "run", "etc")
    paths = [root / TIMESYNCD]
    for folder in folders:
        paths += sorted((root / folder / "systemd/timesyncd.conf.d").glob("*.conf"))
    for path in paths:
        for key, value in TIMESYNCD_LINE.findall(_text(path)):
            lists[key] = lists[key] + value.split() if value.strip() else []
    return tuple(dict.fromkeys(lists["NTP"] or lists["FallbackNTP"]))


def _text(path: Path) -> str:
    try:
        with path.open(errors="replace") as stream:
            return stream.read(65_536)
    except OSError:
        return ""
