"""Where a client is: near enough for the first password, and which addresses count as one.

A client's address comes from the socket, or from a proxy that the settings name.
"""

import functools
import ipaddress
import re
from ipaddress import IPv6Address

from nvrdevice.clients.addresses import parse

__all__ = ["is_local", "is_public_name", "one_client", "parse"]

# Written out, because Python's is_private also counts documentation and test networks.
LOCAL = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("::1/128", "fe80::/10", "fc00::/7"),
    )
)
IPV6_SITE_BITS = 64
DOMAIN = re.compile(r"(?P<name>[a-z0-9_-]+(\.[a-z0-9_-]+)+)\.?(:[0-9]{0,5})?", re.ASCII)
# Names that only a local network gives (RFC 6761, 6762, 8375, and what home routers use).
LOCAL_ENDINGS = (".local", ".localhost", ".lan", ".home", ".internal", ".localdomain", ".home.arpa")


@functools.lru_cache(maxsize=1024)
def is_local(address: str) -> bool:
    """Whether address is loopback, private or link-local; what is no address is not."""
    found = parse(address)
    return found is not None and any(found in network for network in LOCAL)


@functools.lru_cache(maxsize=1024)
def is_public_name(host: str) -> bool:
    """Whether a Host header, with or without a port, names a domain of the public internet.

    A page of somebody else's domain can make that domain's name point at this device (DNS
    rebinding); its requests then come from a browser nearby, under a public name. What is no
    domain name at all no browser sends, and is of no use to such a page.
    """
    found = DOMAIN.fullmatch(host.strip().lower())
    if found is None or parse(found["name"]) is not None:
        return False
    return not found["name"].endswith(LOCAL_ENDINGS)


@functools.lru_cache(maxsize=1024)
def one_client(address: str) -> str:
    """The name under which failures of address are counted; an IPv6 host owns its whole /64."""
    found = parse(address)
    if isinstance(found, IPv6Address):
        return str(ipaddress.ip_network((found, IPV6_SITE_BITS), strict=False))
    return str(found) if found is not None else address[:64]
