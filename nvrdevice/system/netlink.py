"""Asking the kernel for one of its tables over netlink: exact, and far quicker than /proc."""

import socket
import struct
from collections.abc import Iterator

NLMSG_ERROR, NLMSG_DONE = 2, 3
NLM_F_REQUEST, NLM_F_DUMP = 1, 0x300
HEADER = struct.Struct("=IHHII")
REPLY_SIZE = 65_536
REPLIES_LIMIT = 256  # a bound, not a measure: a machine with larger tables is no camera
TIMEOUT_S = 2.0


def dump(protocol: int, kind: int, request: bytes) -> list[bytes]:
    """The bodies of all entries; OSError where the kernel has no such table."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol) as link:
        link.settimeout(TIMEOUT_S)
        length = HEADER.size + len(request)
        link.send(HEADER.pack(length, kind, NLM_F_REQUEST | NLM_F_DUMP, 1, 0) + request)
        found: list[bytes] = []
        for _ in range(REPLIES_LIMIT):
            done, bodies = split(link.recv(REPLY_SIZE))
            found += bodies
            if done:
                break
    return found


def split(reply: bytes) -> tuple[bool, list[bytes]]:
    """Whether the table ends with this reply, and the bodies in it; OSError for a refusal."""
    found: list[bytes] = []
    while len(reply) >= HEADER.size:
        length, kind, *_ = HEADER.unpack_from(reply)
        if kind == NLMSG_ERROR and length >= HEADER.size + 4 and len(reply) >= HEADER.size + 4:
            (number,) = struct.unpack_from("=i", reply, HEADER.size)
            raise OSError(-number, "the kernel refuses this table")
        if kind == NLMSG_DONE or length < HEADER.size:
            return True, found
        found.append(reply[HEADER.size : length])
        reply = reply[(length + 3) & ~3 :]
    return False, found


def attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and value of each attribute that follows an entry's fixed part."""
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if length < 4:
            return
        yield kind, data[4:length]
        data = data[(length + 3) & ~3 :]
