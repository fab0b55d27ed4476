"""Which of the device's ports are truly open, and for which addresses."""

import dataclasses
import ipaddress
from pathlib import Path

from django.conf import settings

from nvrdevice.system.address_table import IPAddress

PROC = Path("/proc/net")
LISTENING = "0A"


@dataclasses.dataclass(frozen=True)
class Protocol:
    name: str  # as ONVIF writes it: HTTP, HTTPS, RTSP
    port: int
    enabled: bool


def read(proc: Path = PROC) -> tuple[Protocol, ...]:
    """The protocols this device has; enabled tells whether somebody listens just now."""
    ports = (("HTTP", settings.SERVICE_PORT), ("RTSP", settings.RTSP_PORT))
    return tuple(Protocol(name, port, bool(listening(port, proc))) for name, port in ports)


def listening(port: int, proc: Path = PROC) -> frozenset[IPAddress]:
    """The addresses a TCP port is open on; the unspecified one (0.0.0.0, ::) stands for all."""
    found = set()
    for table in ("tcp", "tcp6"):
        try:
            lines = (proc / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            _, local, _, state, *_ = line.split()
            address, _, number = local.partition(":")
            if state == LISTENING and int(number, 16) == port:
                found.add(_address(address))
    return frozenset(found)


def reaches(open_on: frozenset[IPAddress], address: IPAddress) -> bool:
    """Whether a port open on these addresses answers a client that calls `address`."""
    for each in open_on:
        # A socket on :: takes IPv4 clients too (bindv6only is 0 on Debian).
        if each == address or (
            each.is_unspecified and (each.version == address.version or each.version == 6)
        ):
            return True
    return False


def _address(text: str) -> IPAddress:
    # The kernel prints each 32-bit word in the order of the machine's own bytes.
    words = [bytes.fromhex(text[i : i + 8])[::-1] for i in range(0, len(text), 8)]
    return ipaddress.ip_address(b"".join(words))
