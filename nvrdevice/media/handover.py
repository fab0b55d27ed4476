"""How an open connection gets from the web process to the media process.

The socket itself goes, over a unix socket that only the device's own user may open, with what
was read from it so far. The media process answers with one word, and until then the web process
keeps the connection: a client is served or refused, never forgotten.
"""

import ipaddress
import json
import os
import socket
import stat
from array import array
from dataclasses import dataclass

from nvrdevice.lib import home
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.run_sockets import RunSockets

NAME = "media.handover"
MESSAGE_LIMIT = 96_000
HEADER_LIMIT = 200
TAKEN, REFUSED = b"taken", b"refused"
ANSWER_LIMIT = 16
DESCRIPTORS_LIMIT = 4


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A client as the web process met it."""

    address: str
    port: int
    tls: bool = False  # taken off by the web process, which forwards what is inside
    first: bytes  # read already; ASCII without NUL, because GStreamer takes it as a C string


def can_go(first: bytes) -> bool:
    """Whether these first bytes can be handed over with the connection."""
    return first.isascii() and b"\0" not in first and len(first) <= MESSAGE_LIMIT - HEADER_LIMIT


def encode(arrival: Arrival) -> bytes:
    address = arrival.address.partition("%")[0]
    header = {"address": address, "port": arrival.port, "tls": arrival.tls}
    return json.dumps(header).encode() + b"\n" + arrival.first


def decode(message: bytes) -> Arrival:
    """DeviceError(INVALID) for anything encode() would not have written."""
    header, found, first = message.partition(b"\n")
    try:
        fields = json.loads(header) if found and len(header) <= HEADER_LIMIT else None
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict) or set(fields) != {"address", "port", "tls"}:
        raise _invalid("its message does not begin with address, port and tls")
    try:
        address = str(ipaddress.ip_address(fields["address"]))
    except ValueError:
        raise _invalid("its address is none") from None
    port = fields["port"]
    if type(port) is not int or not 0 < port < 1 << 16:
        raise _invalid("its port is not a number from 1 to 65535")
    if type(fields["tls"]) is not bool:
        raise _invalid("its tls is not true or false")
    if not can_go(first):
        raise _invalid("its first bytes are not plain ASCII")
    return Arrival(address=address, port=port, tls=fields["tls"], first=first)


def offer(arrival: Arrival, descriptor: int, sockets: RunSockets | None = None) -> socket.socket:
    """Send the connection; TAKEN on the socket that is returned says it is theirs now.

    Never waits. DeviceError(UNAVAILABLE) where no media process listens, or too many wait.
    """
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        line.settimeout(0)
        line.connect((sockets or home.run_sockets()).path(NAME))
        socket.send_fds(line, [encode(arrival)], [descriptor])
    except OSError as error:
        line.close()
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"The media process takes no connection just now ({error.strerror}): "
            "it is started again within seconds; try then.",
        ) from None
    return line


def receive(line: socket.socket) -> tuple[Arrival, socket.socket]:
    """One message and its connection; DeviceError for what is none. No descriptor is left over."""
    message, descriptors, flags = _receive(line)
    try:
        if flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC):
            raise _invalid("it was longer than any may be")
        if len(descriptors) != 1:
            raise _invalid(f"it brought {len(descriptors)} descriptors instead of one connection")
        arrival = decode(message)
        if not stat.S_ISSOCK(os.fstat(descriptors[0]).st_mode):
            raise _invalid("what it brought is no socket")
        client = socket.socket(fileno=descriptors[0])
        descriptors.clear()  # client has it now
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
    try:
        if client.family not in (socket.AF_INET, socket.AF_INET6):
            raise _invalid("what it brought is no network connection")
        if client.type != socket.SOCK_STREAM:
            raise _invalid("what it brought is no TCP connection")
        client.getpeername()  # OSError: its client has gone
    except (DeviceError, OSError):
        client.close()
        raise
    return arrival, client


def _receive(line: socket.socket) -> tuple[bytes, list[int], int]:
    """socket.recv_fds() of Python 3.11 forgets its flags, and the descriptor would be inherited."""
    room = socket.CMSG_LEN(DESCRIPTORS_LIMIT * array("i").itemsize)
    message, extra, flags, _ = line.recvmsg(MESSAGE_LIMIT, room, socket.MSG_CMSG_CLOEXEC)
    found = array("i")
    for level, kind, data in extra:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            found.frombytes(data[: len(data) - len(data) % found.itemsize])
    return message, found.tolist(), flags


def _invalid(why: str) -> DeviceError:
    return DeviceError(Kind.INVALID, f"A connection was not taken over: {why}.")
