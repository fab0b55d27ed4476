"""The kernel's table of addresses, with what psutil leaves out: whether an address was given.

An address that DHCP or a router advertisement gave has a life time; one set by hand has none.
"""

import dataclasses
import ipaddress
import socket
import struct

RTM_GETADDR, NLMSG_DONE, NLMSG_ERROR = 22, 3, 2
NLM_F_REQUEST, NLM_F_DUMP = 1, 0x300
IFA_ADDRESS, IFA_LOCAL, IFA_FLAGS = 1, 2, 8
IFA_F_TENTATIVE, IFA_F_DADFAILED, IFA_F_PERMANENT, IFA_F_MANAGETEMPADDR = 0x40, 0x08, 0x80, 0x100
IFA_F_TEMPORARY = 0x01
REPLY_SIZE = 65536
REPLIES_LIMIT = 64  # a machine with more addresses than fit in here is no camera

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
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as link:
        link.settimeout(2)
        header = struct.pack("=IHHII", 24, RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, 1, 0)
        link.send(header + struct.pack("=BBBBI", socket.AF_UNSPEC, 0, 0, 0, 0))
        found: list[Address] = []
        for _ in range(REPLIES_LIMIT):
            done, part = parse(link.recv(REPLY_SIZE))
            found += part
            if done:
                break
    return tuple(found)


def parse(reply: bytes) -> tuple[bool, list[Address]]:
    """Whether the table ends in this reply, and the addresses in it."""
    found: list[Address] = []
    while len(reply) >= 16:
        length, kind = struct.unpack_from("=IH", reply)
        if kind in (NLMSG_DONE, NLMSG_ERROR) or length < 16:
            return True, found
        address = _address(reply[16:length])
        if address is not None:
            found.append(address)
        reply = reply[(length + 3) & ~3 :]
    return False, found


def _address(body: bytes) -> Address | None:
    family, prefix, flags, _, index = struct.unpack_from("=BBBBI", body)
    if family not in (socket.AF_INET, socket.AF_INET6):
        return None
    attributes = _attributes(body[8:])
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


def _attributes(data: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if length < 4:
            break
        found[kind] = data[4:length]
        data = data[(length + 3) & ~3 :]
    return found
