"""The first request of a connection, in whatever pieces it comes."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from nvrdevice.media.engine.gst import GLib
from nvrdevice.media.engine.rtsp_port import HEAD_LIMIT, PER_ADDRESS_LIMIT, RtspPort
from nvrdevice.media.engine.rtsp_server import RtspServer

LONGEST_S = 20.0
UNWELCOME = "127.0.0.66"
OPTIONS = b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"
BEFORE_THE_LAST_LINE = len(OPTIONS) - 3  # between the CR and the LF of the last header


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number: int = probe.getsockname()[1]
    server = RtspServer(number, "tests")
    loop = GLib.MainLoop()
    server.start()
    thread = threading.Thread(target=loop.run)
    thread.start()
    yield number
    GLib.idle_add(loop.quit)
    thread.join(LONGEST_S)
    server.stop()


@pytest.fixture
def door() -> Iterator[tuple[RtspPort, int]]:
    """One whose loop is turned by the test, so that every piece is read by itself."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number: int = probe.getsockname()[1]
    door = RtspPort(number, listened_to, lambda *_: pytest.fail("nobody is to be let in"))
    door.start()
    yield door, number
    door.stop()


def listened_to(address: str) -> bool:
    return address != UNWELCOME


@contextlib.contextmanager
def connected(port: int, address: str = "") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), LONGEST_S, (address, 0)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield line


def first_line(line: socket.socket) -> bytes:
    answer = b""
    while b"\r\n\r\n" not in answer and (data := line.recv(4096)):
        answer += data
    return answer.split(b"\r\n")[0]


@pytest.mark.parametrize("cut", [1, 20, *range(BEFORE_THE_LAST_LINE - 1, len(OPTIONS))])
def test_a_request_in_two_packets_is_answered(port: int, cut: int) -> None:
    with connected(port) as line:
        line.sendall(OPTIONS[:cut])
        turn_of_others(port)
        line.sendall(OPTIONS[cut:])
        assert first_line(line) == b"RTSP/1.0 200 OK"


def test_a_request_byte_by_byte_is_answered(port: int) -> None:
    with connected(port) as line:
        for byte in OPTIONS:
            line.sendall(bytes([byte]))
        assert first_line(line) == b"RTSP/1.0 200 OK"


def test_what_follows_the_first_request_is_answered_too(port: int) -> None:
    with connected(port) as line:
        line.sendall(OPTIONS * 3)
        answer = b""
        while answer.count(b"\r\n\r\n") < 3:
            data = line.recv(4096)
            assert data
            answer += data
    assert answer.count(b"RTSP/1.0 200 OK") == 3


@pytest.mark.parametrize(
    "request_",
    [b"OPTIONS * RTSP/1.0\r\nX: " + b"a" * 2 * HEAD_LIMIT, b"OPTIONS \0 \r\n\r\n", b"\xff\r\n\r\n"],
    ids=["endless", "NUL", "not UTF-8"],
)
def test_what_cannot_be_read_is_refused(port: int, request_: bytes) -> None:
    with connected(port) as line:
        line.sendall(request_)
        with contextlib.suppress(ConnectionResetError):
            assert first_line(line) in (b"RTSP/1.0 400 Bad Request", b"")


def test_too_many_of_one_address_make_room(door: tuple[RtspPort, int]) -> None:
    port = door[1]
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(connected(port)) for _ in range(PER_ADDRESS_LIMIT + 3)]
        turn(lambda: ends(lines[2]))
        assert [ends(line) for line in lines[:4]] == [True, True, True, False]
        assert door[0].waiting == PER_ADDRESS_LIMIT


def test_who_goes_without_a_request_is_forgotten(door: tuple[RtspPort, int]) -> None:
    port = door[1]
    with connected(port) as line:
        line.sendall(b"OPT")
        turn(lambda: door[0].waiting == 1)
    turn(lambda: door[0].waiting == 0)


def test_who_is_not_listened_to_is_sent_away_at_once(door: tuple[RtspPort, int]) -> None:
    with connected(door[1], UNWELCOME) as line:
        turn(lambda: ends(line))
        assert door[0].waiting == 0


def turn_of_others(port: int) -> None:
    """What was sent before has been read once a later client is answered."""
    with connected(port) as line:
        line.sendall(OPTIONS)
        first_line(line)


def ends(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        return line.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def turn(done: Callable[[], bool]) -> None:
    context, end_s = GLib.MainContext.default(), time.monotonic() + LONGEST_S
    while not done() and time.monotonic() < end_s:
        context.iteration(False)
    assert done()
