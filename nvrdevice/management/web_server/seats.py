"""How many connections there are, in all and from each address.

Loopback has no limit of its own: a proxy, the supervisor and every local client share it.
"""

import ipaddress
from collections import Counter

from nvrdevice.management.web_server.limits import Limits


class Seats:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._by_address: Counter[str] = Counter()
        self.taken = 0

    def take(self, address: str) -> bool:
        """Whether this connection may stay; leave() must follow exactly once if it does."""
        if self.taken >= self._limits.connections:
            return False
        key = address_key(address)
        if self._by_address[key] >= self._limits.connections_per_address and not is_loopback(key):
            return False
        self.taken += 1
        self._by_address[key] += 1
        return True

    def leave(self, address: str) -> None:
        key = address_key(address)
        self.taken -= 1
        self._by_address[key] -= 1
        if self._by_address[key] <= 0:
            del self._by_address[key]


def address_key(address: str) -> str:
    """What counts as one address: an IPv6 host has 2**64 of them, so its /64 does.

    Link-local addresses all share one /64, so each of them counts alone.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        if not found.is_loopback and not found.is_link_local:
            return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)


def is_loopback(key: str) -> bool:
    try:
        return ipaddress.ip_address(key).is_loopback
    except ValueError:
        return False
