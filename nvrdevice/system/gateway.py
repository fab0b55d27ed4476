"""The default gateways, as the kernel's routing tables have them."""

import ipaddress
import socket
import struct
from pathlib import Path

PROC = Path("/proc/net")
RTF_UP, RTF_GATEWAY = 0x1, 0x2
NO_ADDRESS = "0" * 32


def default_gateways(proc: Path = PROC) -> tuple[str, ...]:
    """IPv4 addresses first, then IPv6, each once, the preferred one first."""
    return tuple(dict.fromkeys([gate for _, gate in _ipv4(proc)] + [g for _, g in _ipv6(proc)]))


def default_interfaces(proc: Path = PROC) -> frozenset[str]:
    """Names of the interfaces that lead to the rest of the world."""
    return frozenset(name for name, _ in (*_ipv4(proc), *_ipv6(proc)))


def _ipv4(proc: Path) -> list[tuple[str, str]]:
    found = []
    for line in _lines(proc / "route")[1:]:
        name, target, gate, flags, _, _, metric, mask, *_ = line.split()
        if target == mask == "00000000" and int(flags, 16) & RTF_GATEWAY and int(flags, 16):
            address = socket.inet_ntoa(struct.pack("=I", int(gate, 16)))
            found.append((int(metric), name, address))
    return [(name, address) for _, name, address in sorted(found)]


def _ipv6(proc: Path) -> list[tuple[str, str]]:
    found = []
    for line in _lines(proc / "ipv6_route"):
        target, prefix, _, _, gate, metric, _, _, flags, name = line.split()
        if target != NO_ADDRESS or prefix != "00" or gate == NO_ADDRESS:
            continue
        if int(flags, 16) & RTF_GATEWAY and int(flags, 16) & RTF_UP:
            found.append((int(metric, 16), name, str(ipaddress.IPv6Address(bytes.fromhex(gate)))))
    return [(name, address) for _, name, address in sorted(found)]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:  # a kernel without IPv6 has no such table
        return []
