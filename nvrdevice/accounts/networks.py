"""Where a client is: near enough for the first password, and which addresses count as one.

A client's address comes from the socket, never from a header.
"""

import ipaddress
from ipaddress import IPv4Address, IPv6Address

# Written out, because Python's is_private also counts documentation and test networks.
LOCAL = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("::1/128", "fe80::/10", "fc00::/7"),
    )
)
IPV6_SITE_BITS = 64


def parse(address: str) -> IPv4Address | IPv6Address | None:
    """The address without zone ("%eth0") and without the IPv6 clothes of an IPv4 address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0].strip("[]"))
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


def is_local(address: str) -> bool:
    """Whether address is loopback, private or link-local; what is no address is not."""
    found = parse(address)
    return found is not None and any(found in network for network in LOCAL)


def one_client(address: str) -> str:
    """The name under which failures of address are counted; an IPv6 host owns its whole /64."""
    found = parse(address)
    if isinstance(found, IPv6Address):
        return str(ipaddress.ip_network((found, IPV6_SITE_BITS), strict=False))
    return str(found) if found is not None else address[:64]
