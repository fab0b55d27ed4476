"""What a DHCP server told this machine, from the files the usual clients leave.

systemd-networkd, NetworkManager's own client and ISC dhclient are read. A lease that no
client wrote down is not known, and then nothing is said to come from DHCP.
"""

import dataclasses
import re
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path("/")
SIZE_LIMIT = 256_000
# folder, pattern: KEY=value files of systemd-networkd and NetworkManager
KEYED = (("run/systemd/netif/leases", "*"), ("var/lib/NetworkManager", "internal-*.lease"))
DHCLIENT = (("var/lib/dhcp", "dhclient*.leases"), ("var/lib/NetworkManager", "dhclient-*.lease"))
LEASE = re.compile(r"lease \{(.*?)\n\}", re.DOTALL)
OPTION = re.compile(r"option ([a-z-]+) ([^;\n]*);")


@dataclasses.dataclass(frozen=True)
class Told:
    """All leases together."""

    dns: frozenset[str] = frozenset()
    ntp: tuple[str, ...] = ()
    hostnames: frozenset[str] = frozenset()


def read(root: Path = ROOT, boot_time_s: float | None = None) -> Told:
    """boot_time_s: leases written before it are of an earlier life (default: this boot)."""
    since = _boot_time_s() if boot_time_s is None else boot_time_s
    dns: list[str] = []
    ntp: list[str] = []
    names: list[str] = []
    for text in _texts(root, KEYED, since):
        values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        dns += values.get("DNS", "").split()
        ntp += values.get("NTP", "").split()
        names += values.get("HOSTNAME", "").split()
    for text in _texts(root, DHCLIENT, since):
        last = LEASE.findall(text)[-1:]
        values = dict(OPTION.findall(last[0])) if last else {}
        dns += _listed(values.get("domain-name-servers", ""))
        ntp += _listed(values.get("ntp-servers", ""))
        names += _listed(values.get("host-name", ""))
    return Told(frozenset(dns), tuple(dict.fromkeys(ntp)), frozenset(names))


def _texts(root: Path, places: tuple[tuple[str, str], ...], since: float) -> Iterator[str]:
    for folder, pattern in places:
        try:
            for path in sorted((root / folder).glob(pattern)):
                if path.is_file() and path.stat().st_mtime >= since:
                    with path.open(errors="replace") as stream:
                        yield stream.read(SIZE_LIMIT)
        except OSError:  # not ours to read
            continue


def _listed(value: str) -> list[str]:
    return [part.strip().strip('"') for part in value.split(",") if part.strip()]


def _boot_time_s() -> float:
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
