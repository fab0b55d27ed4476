"""Which of the device's ports are truly open, and for which addresses."""

import dataclasses
import ipaddress
import socket
import struct
from pathlib import Path

from django.conf import settings

from nvrdevice.system import netlink
from nvrdevice.system.address_table import IPAddress

PROC = Path("/proc/net")
NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, TCP_LISTEN = 4, 20, 10


@dataclasses.dataclass(frozen=True)
class Protocol:
    name: str  # HTTP, HTTPS, RTSP as ONVIF writes them, and RTSPS, for which it has no word
    port: int
    enabled: bool


def read() -> tuple[Protocol, ...]:
    """The protocols this device has; enabled tells whether somebody listens just now."""
    ports = (
        ("HTTP", settings.SERVICE_PORT),
        ("HTTPS", settings.HTTPS_PORT),
        ("RTSP", settings.RTSP_PORT),
        ("RTSPS", settings.RTSPS_PORT),
    )
    return tuple(Protocol(name, port, bool(listening(port))) for name, port in ports)


def listening(port: int) -> frozenset[IPAddress]:
    """The addresses a TCP port is open on; the unspecified one (0.0.0.0, ::) stands for all."""
    try:
        return _asked_of_the_kernel(port)
    except OSError:  # no inet_diag in this kernel or sandbox
        return read_tables(port)


def _asked_of_the_kernel(port: int) -> frozenset[IPAddress]:
    found = set()
    for family, size in ((socket.AF_INET, 4), (socket.AF_INET6, 16)):
        request = struct.pack("=BBBBI", family, socket.IPPROTO_TCP, 0, 0, 1 << TCP_LISTEN)
        for body in netlink.dump(NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, request + bytes(48)):
            (own,) = struct.unpack_from("!H", body, 4)
            if own == port:
                found.add(ipaddress.ip_address(body[8 : 8 + size]))
    return frozenset(found)


def read_tables(port: int, proc: Path = PROC) -> frozenset[IPAddress]:
    """The same from /proc, which takes milliseconds: the kernel prints all connections too."""
    found = set()
    for table in ("tcp", "tcp6"):
        try:
            lines = (proc / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            _, local, _, state, *_ = line.split()
            address, _, number = local.partition(":")
            if int(state, 16) == TCP_LISTEN and int(number, 16) == port:
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
