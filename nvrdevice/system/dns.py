"""The name servers this machine asks, and which of them a DHCP server named.

Where systemd-resolved stands in front (127.0.0.53), its own list of real servers is read.
"""

import dataclasses
import ipaddress
from pathlib import Path

from nvrdevice.system import dhcp_leases
from nvrdevice.system.dhcp_leases import ROOT, Told

SERVERS_LIMIT = 16
STUBS = frozenset({"127.0.0.53", "127.0.0.54"})


@dataclasses.dataclass(frozen=True)
class Dns:
    search: tuple[str, ...]
    from_dhcp: tuple[str, ...]
    manual: tuple[str, ...]


def read(root: Path = ROOT, told: Told | None = None) -> Dns:
    told = dhcp_leases.read(root) if told is None else told
    search, servers = parse(_text(root / "etc/resolv.conf"))
    if STUBS.intersection(servers):
        behind, real = parse(_text(root / "run/systemd/resolve/resolv.conf"))
        search, servers = behind or search, real
    return Dns(
        search=search,
        from_dhcp=tuple(server for server in servers if server in told.dns),
        manual=tuple(server for server in servers if server not in told.dns),
    )


def parse(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Search domains and valid addresses of a resolv.conf, each once, in its order."""
    search: list[str] = []
    servers: list[str] = []
    for line in text.splitlines():
        words = line.split("#")[0].split(";")[0].split()
        if not words:
            continue
        if words[0] in ("search", "domain"):
            search = [word for word in words[1:] if word != "."]
        elif words[0] == "nameserver" and len(words) > 1:
            try:  # a zone ("fe80::1%eth0") has no place in an ONVIF address
                servers.append(str(ipaddress.ip_address(words[1].split("%")[0])))
            except ValueError:
                continue
    return tuple(dict.fromkeys(search)), tuple(dict.fromkeys(servers))[:SERVERS_LIMIT]


def _text(path: Path) -> str:
    try:
        with path.open(errors="replace") as stream:
            return stream.read(65_536)
    except OSError:
        return ""
