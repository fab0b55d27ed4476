"""The message with which a connection changes hands, and what of any other message remains."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.media import handover
from nvrdevice.media.handover import Arrival

GET = b"GET /profile1 HTTP/1.0\r\nx-sessioncookie: abc\r\n\r\n"
ARRIVAL = Arrival(address="192.0.2.9", port=40_000, first=GET)


class Line(NamedTuple):
    """Both ends of a handover, and a client's connection to hand over."""

    web: socket.socket
    media: socket.socket
    client: socket.socket
    accepted: socket.socket


@pytest.fixture
def line() -> Iterator[Line]:
    with ExitStack() as open_ones:
        web, media = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(listener.getsockname())
        accepted, _ = listener.accept()
        for one in (web, media, listener, client, accepted):
            open_ones.enter_context(one)
        media.settimeout(0)
        yield Line(web, media, client, accepted)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize(
    "arrival",
    [
        ARRIVAL,
        Arrival(address="2001:db8::7", port=1, first=b"OPTIONS * RTSP/1.0\r\n\r\n"),
        Arrival(address="192.0.2.9", port=65_535, first=b""),
        Arrival(address="192.0.2.9", port=5, tls=True, first=GET),
        Arrival(address="192.0.2.9", port=9, first=b"x" * 95_800),
    ],
)
def test_what_is_written_is_read(arrival: Arrival) -> None:
    assert handover.decode(handover.encode(arrival)) == arrival


def test_a_link_local_address_goes_without_its_interface() -> None:
    message = handover.encode(Arrival(address="fe80::1%eth0", port=5, first=b""))
    assert handover.decode(message).address == "fe80::1"


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b'{"address": "192.0.2.9"}\n',
        b'{"address": "192.0.2.9", "port": 5}\n',
        b'{"address": "192.0.2.9", "port": 5, "tls": 1}\n',
        b'{"address": "192.0.2.9", "port": 5, "more": 1, "tls": false}\n',
        b'{"address": "192.0.2.9", "port": "5", "tls": false}\n',
        b'{"address": "192.0.2.9", "port": true, "tls": false}\n',
        b'{"address": "192.0.2.9", "port": 0, "tls": false}\n',
        b'{"address": "192.0.2.9", "port": 65536, "tls": false}\n',
        b'{"address": "door", "port": 5, "tls": false}\n',
        b'{"address": 12, "port": "x", "tls": false}\n',
        b'{"address": null, "port": 5, "tls": false}\n',
        b'["address", "port"]\n',
        b'{"address": "192.0.2.9", "port": 5, "tls": false}',
        b'{"address": "192.0.2.9", "port": 5, "tls": false}\na\0b',
        b'{"address": "192.0.2.9", "port": 5, "tls": false}\n\xff',
        b"[" * 150 + b"\n",
        b" " * 300 + b"\n",
    ],
)
def test_any_other_message_is_invalid(message: bytes) -> None:
    with pytest.raises(DeviceError) as refused:
        handover.decode(message)
    assert refused.value.kind is Kind.INVALID


@pytest.mark.parametrize("first", [b"\0", "é".encode(), b"x" * 95_801])
def test_what_gstreamer_cannot_be_given_cannot_go(first: bytes) -> None:
    assert not handover.can_go(first)


def test_a_connection_comes_with_what_was_read_of_it(line: Line) -> None:
    socket.send_fds(line.web, [handover.encode(ARRIVAL)], [line.accepted.fileno()])
    arrival, found = handover.receive(line.media)
    with found:
        line.client.sendall(b"more")
        assert (arrival, found.recv(9)) == (ARRIVAL, b"more")
        assert not os.get_inheritable(found.fileno())


def test_a_message_without_a_connection_is_refused(line: Line) -> None:
    line.web.send(handover.encode(ARRIVAL))
    assert refused(line) == "it brought 0 descriptors instead of one connection."


@pytest.mark.parametrize("count", [2, 3, 4])
def test_more_than_one_descriptor_is_refused(line: Line, count: int) -> None:
    socket.send_fds(line.web, [handover.encode(ARRIVAL)], [line.accepted.fileno()] * count)
    assert refused(line) == f"it brought {count} descriptors instead of one connection."


def test_a_hundred_descriptors_are_refused(line: Line) -> None:
    socket.send_fds(line.web, [handover.encode(ARRIVAL)], [line.accepted.fileno()] * 100)
    assert refused(line) == "it was longer than any may be."


def test_a_message_that_is_too_long_is_refused(line: Line) -> None:
    message = handover.encode(ARRIVAL) + b"x" * handover.MESSAGE_LIMIT
    socket.send_fds(line.web, [message], [line.accepted.fileno()])
    assert refused(line) == "it was longer than any may be."


def test_a_bad_message_takes_its_connection_with_it(line: Line) -> None:
    socket.send_fds(line.web, [b"{}\n"], [line.accepted.fileno()])
    assert refused(line) == "its message does not begin with address, port and tls."


def test_a_file_is_refused(line: Line) -> None:
    with Path("/dev/null").open() as file:
        socket.send_fds(line.web, [handover.encode(ARRIVAL)], [file.fileno()])
        assert refused(line) == "what it brought is no socket."


def test_a_unix_socket_is_refused(line: Line) -> None:
    socket.send_fds(line.web, [handover.encode(ARRIVAL)], [line.web.fileno()])
    assert refused(line) == "what it brought is no network connection."


def test_a_datagram_socket_is_refused(line: Line) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        socket.send_fds(line.web, [handover.encode(ARRIVAL)], [datagrams.fileno()])
        assert refused(line) == "what it brought is no TCP connection."


def test_a_socket_without_a_client_is_refused(line: Line) -> None:
    with socket.socket() as lonely:
        socket.send_fds(line.web, [handover.encode(ARRIVAL)], [lonely.fileno()])
        before = descriptors()
        with pytest.raises(OSError, match="not connected"):
            handover.receive(line.media)
        assert descriptors() == before


def test_an_offer_reaches_who_listens_and_waits_for_the_answer(tmp_path: Path, line: Line) -> None:
    sockets = RunSockets(tmp_path / "run")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(sockets.path(handover.NAME))
        listener.listen(1)
        with handover.offer(ARRIVAL, line.accepted.fileno(), sockets) as offered:
            media, _ = listener.accept()
            with media:
                arrival, found = handover.receive(media)
                found.close()
                media.send(handover.TAKEN)
                offered.settimeout(5)
                assert (arrival, offered.recv(99)) == (ARRIVAL, handover.TAKEN)


def test_an_offer_to_nobody_is_refused_at_once(tmp_path: Path, line: Line) -> None:
    before = descriptors()
    with pytest.raises(DeviceError) as refused:
        handover.offer(ARRIVAL, line.accepted.fileno(), RunSockets(tmp_path / "run"))
    assert (refused.value.kind, descriptors()) == (Kind.UNAVAILABLE, before)


def test_an_offer_to_a_process_that_hangs_never_waits(tmp_path: Path, line: Line) -> None:
    sockets = RunSockets(tmp_path / "run")
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener,
        ExitStack() as waiting,
        pytest.raises(DeviceError) as refused,
    ):
        listener.bind(sockets.path(handover.NAME))
        listener.listen(4)
        for _ in range(100):
            offered = handover.offer(ARRIVAL, line.accepted.fileno(), sockets)
            waiting.enter_context(offered)
    assert refused.value.kind is Kind.UNAVAILABLE


def refused(line: Line) -> str:
    """Why the message is refused, in words; no descriptor may be left of it."""
    before = descriptors()
    with pytest.raises(DeviceError) as found:
        handover.receive(line.media)
    assert descriptors() == before
    return found.value.text.removeprefix("A connection was not taken over: ")
