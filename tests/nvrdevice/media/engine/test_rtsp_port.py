"""The first request of a connection, in whatever pieces it comes."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from nvrdevice.media.engine.gst import GLib
from nvrdevice.media.engine.rtsp_port import HEAD_LIMIT
from nvrdevice.media.engine.rtsp_server import RtspServer
from tests.ports import free_port

LONGEST_S = 20.0
OPTIONS = b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"
BEFORE_THE_LAST_LINE = len(OPTIONS) - 3  # between the CR and the LF of the last header


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    number = free_port()
    server = RtspServer(number, "tests")
    loop = GLib.MainLoop()
    server.start()
    thread = threading.Thread(target=loop.run)
    thread.start()
    yield number
    GLib.idle_add(loop.quit)
    thread.join(LONGEST_S)
    server.stop()


@contextlib.contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), LONGEST_S) as line:
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


def turn_of_others(port: int) -> None:
    """What was sent before has been read once a later client is answered."""
    with connected(port) as line:
        line.sendall(OPTIONS)
        first_line(line)
