"""One way to write a client's address, whatever socket, header or log it comes from."""

import functools
import ipaddress
from ipaddress import IPv4Address, IPv6Address


@functools.lru_cache(maxsize=1024)
def parse(address: str) -> IPv4Address | IPv6Address | None:
    """The address without zone ("%eth0") and without the IPv6 clothes of an IPv4 address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0].strip("[]"))
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


@functools.lru_cache(maxsize=1024)
def plain(address: str) -> str:
    """The address as pages and logs show it; "" for what is none."""
    found = parse(address)
    return str(found) if found is not None else ""
