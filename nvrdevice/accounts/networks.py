"""Where a client is: near enough for the first password, and which addresses count as one.

A client's address comes from the socket, or from a proxy that the settings name.
"""

import functools
import ipaddress
from ipaddress import IPv6Address

from nvrdevice.clients.addresses import parse

__all__ = ["is_local", "is_local_name", "one_client", "parse"]

# Written out, because Python's is_private also counts documentation and test networks.
LOCAL = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("::1/128", "fe80::/10", "fc00::/7"),
    )
)
IPV6_SITE_BITS = 64
# Names that only a local network gives (RFC 6761, 6762, 8375, and what home routers use).
LOCAL_ENDINGS = (".local", ".localhost", ".lan", ".home", ".internal", ".localdomain", ".home.arpa")


@functools.lru_cache(maxsize=1024)
def is_local(address: str) -> bool:
    """Whether address is loopback, private or link-local; what is no address is not."""
    found = parse(address)
    return found is not None and any(found in network for network in LOCAL)


@functools.lru_cache(maxsize=1024)
def is_local_name(host: str) -> bool:
    """Whether a Host header, with or without a port, can only mean a machine nearby.

    A page of somebody else's domain can make that domain's name point at this device (DNS
    rebinding); its requests then come from a browser nearby, under a public name.
    """
    name = host.strip().lower()
    if name.startswith("["):
        return parse(name[1:].partition("]")[0]) is not None
    name = name.partition(":")[0].rstrip(".")
    return "." not in name or parse(name) is not None or name.endswith(LOCAL_ENDINGS)


@functools.lru_cache(maxsize=1024)
def one_client(address: str) -> str:
    """The name under which failures of address are counted; an IPv6 host owns its whole /64."""
    found = parse(address)
    if isinstance(found, IPv6Address):
        return str(ipaddress.ip_network((found, IPV6_SITE_BITS), strict=False))
    return str(found) if found is not None else address[:64]
