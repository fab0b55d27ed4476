"""Connections without a whole request yet: how many wait, and for whom there is no room.

The loop is turned by the test, and by no thread beside it: what is seen is seen between two turns.
"""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from nvrdevice.media.engine.gst import GLib
from nvrdevice.media.engine.rtsp_port import PER_ADDRESS_LIMIT, RtspPort
from tests.ports import free_port

LONGEST_S = 20.0
UNWELCOME = "127.0.0.66"


@pytest.fixture
def door() -> Iterator[tuple[RtspPort, int]]:
    number = free_port()
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
