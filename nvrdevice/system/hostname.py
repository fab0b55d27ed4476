"""The host name, and whether it came from a DHCP server."""

import dataclasses
import socket

from nvrdevice.system import dhcp_leases

EMPTY = frozenset({"", "localhost", "localhost.localdomain", "(none)"})


@dataclasses.dataclass(frozen=True)
class Hostname:
    name: str  # "" where none was ever given (Core, GetHostname)
    from_dhcp: bool


def read() -> Hostname:
    name = socket.gethostname()
    if name in EMPTY:
        return Hostname("", from_dhcp=False)
    return Hostname(name, from_dhcp=name in dhcp_leases.read().hostnames)
