"""The kernel's table of addresses, with what psutil leaves out: whether an address was given.

An address that DHCP or a router advertisement gave has a life time; one set by hand has none.
"""

import dataclasses
import ipaddress
import socket
import struct

from nvrdevice.system import netlink

RTM_GETADDR = 22
IFA_ADDRESS, IFA_LOCAL, IFA_FLAGS = 1, 2, 8
IFA_F_TEMPORARY, IFA_F_DADFAILED, IFA_F_TENTATIVE, IFA_F_PERMANENT = 0x01, 0x08, 0x40, 0x80

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclasses.dataclass(frozen=True)
class Address:
    """One address of an interface.

    given: it came with a life time, from DHCP or a router.
    temporary: an IPv6 privacy address, which changes daily and so is announced to nobody.
    """

    index: int
    ip: IPAddress
    prefix: int
    given: bool
    temporary: bool = False


def read() -> tuple[Address, ...]:
    """Every usable address of this machine (of this network namespace)."""
    request = struct.pack("=BBBBI", socket.AF_UNSPEC, 0, 0, 0, 0)
    bodies = netlink.dump(socket.NETLINK_ROUTE, RTM_GETADDR, request)
    return tuple(address for body in bodies if (address := parse(body)) is not None)


def parse(body: bytes) -> Address | None:
    """One entry of the table; None for an address that is still being tried."""
    family, prefix, flags, _, index = struct.unpack_from("=BBBBI", body)
    if family not in (socket.AF_INET, socket.AF_INET6):
        return None
    attributes = dict(netlink.attributes(body[8:]))
    if IFA_FLAGS in attributes:
        (flags,) = struct.unpack_from("=I", attributes[IFA_FLAGS])
    # On a point-to-point link IFA_ADDRESS is the other side; IFA_LOCAL is always ours.
    raw = attributes.get(IFA_LOCAL) or attributes.get(IFA_ADDRESS)
    if raw is None or flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED):
        return None
    return Address(
        index=index,
        ip=ipaddress.ip_address(raw),
        prefix=prefix,
        given=not flags & IFA_F_PERMANENT,
        temporary=family == socket.AF_INET6 and bool(flags & IFA_F_TEMPORARY),
    )
