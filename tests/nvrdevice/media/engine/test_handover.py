"""The media process takes connections over, and survives whatever else comes to its socket."""

import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nvrdevice.lib.clock import ManualClock
from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.media import handover
from nvrdevice.media.engine.gst import GLib
from nvrdevice.media.engine.half_tunnels import PER_ADDRESS_LIMIT, WAIT_S
from nvrdevice.media.engine.handover import LINES_LIMIT, Handover
from nvrdevice.media.handover import Arrival

FIRST = b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"
LONGEST_S = 20.0


class Media:
    """The receiving end alone, on a main loop of its own thread, with a server that only notes."""

    def __init__(self, folder: Path) -> None:
        self.sockets = RunSockets(folder)
        self.takes = True
        self.given: list[tuple[str, int, str]] = []
        self.tls: list[bool] = []
        self._kept: list[Any] = []
        self.clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        self._handover = Handover(self._take, self.sockets, self.clock)
        self._handover.start()
        self._loop = GLib.MainLoop()
        self._thread = threading.Thread(target=self._loop.run)
        self._thread.start()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._open = ExitStack()

    def _take(self, found: Any, address: str, port: int, first: str, *, tls: bool) -> bool:
        self.given.append((address, port, first))
        self.tls.append(tls)
        self._kept.append(found)
        return self.takes

    def connection(self) -> tuple[socket.socket, socket.socket]:
        """A client's end, and the end that the web process accepted."""
        client = self._open.enter_context(socket.create_connection(self._listener.getsockname()))
        accepted, _ = self._listener.accept()
        client.settimeout(LONGEST_S)
        return client, self._open.enter_context(accepted)

    def hand_over(self, first: bytes = FIRST, address: str = "192.0.2.9") -> tuple[bytes, Any]:
        """The answer, and the client's end; the web process's copy is closed."""
        client, accepted = self.connection()
        arrival = Arrival(address=address, port=40_000, first=first)
        with accepted, handover.offer(arrival, accepted.fileno(), self.sockets) as line:
            line.settimeout(LONGEST_S)
            return line.recv(99), client

    def knock(self) -> socket.socket:
        line = self._open.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET))
        line.settimeout(LONGEST_S)
        line.connect(self.sockets.path(handover.NAME))
        return line

    def let_go(self) -> None:
        """As the RTSP server does when a client is done with."""
        self._kept.clear()

    def stop(self) -> None:
        GLib.idle_add(self._loop.quit)  # from within: the thread may not have come to run yet
        self._thread.join()
        self._handover.stop()
        self._kept.clear()
        self._open.close()
        self._listener.close()


@pytest.fixture
def media(tmp_path: Path) -> Iterator[Media]:
    running = Media(tmp_path / "run")
    yield running
    running.stop()


def test_a_connection_comes_with_address_port_and_first_bytes(media: Media) -> None:
    answer, client = media.hand_over()
    assert answer == handover.TAKEN
    assert media.given == [("192.0.2.9", 40_000, FIRST.decode())]
    client.settimeout(0.2)
    with pytest.raises(TimeoutError):  # it is open: the media process has the only copy
        client.recv(1)


def test_a_connection_the_server_has_done_with_is_closed(media: Media) -> None:
    _, client = media.hand_over(b"GET /a HTTP/1.0\r\nx-sessioncookie: 1\r\n\r\n")
    media.let_go()
    assert client.recv(1) == b""


def test_what_the_server_does_not_want_is_refused(media: Media) -> None:
    media.takes = False
    assert media.hand_over()[0] == handover.REFUSED


def test_only_the_device_s_own_user_may_knock(media: Media) -> None:
    path = media.sockets.folder / handover.NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_socket_left_by_a_killed_process_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as dead:
        dead.bind(RunSockets(folder).path(handover.NAME))
    running = Media(folder)
    try:
        assert running.hand_over()[0] == handover.TAKEN
    finally:
        running.stop()


@pytest.mark.parametrize(
    "message",
    [b"x", b"\0" * 1000, b"{}\n", handover.encode(Arrival(address="::", port=1, first=b""))],
)
def test_a_bad_message_is_refused_and_the_next_is_served(media: Media, message: bytes) -> None:
    line = media.knock()
    line.send(message)
    assert line.recv(99) == handover.REFUSED
    assert media.hand_over()[0] == handover.TAKEN


def test_who_hangs_up_before_speaking_harms_nobody(media: Media) -> None:
    for _ in range(20):
        media.knock().close()
    assert media.hand_over()[0] == handover.TAKEN


def test_who_says_nothing_is_let_go_of(media: Media) -> None:
    assert media.knock().recv(99) == b""


def test_many_who_say_nothing_are_bounded_and_soon_gone(media: Media) -> None:
    lines = [media.knock() for _ in range(LINES_LIMIT + 8)]
    assert [line.recv(99) for line in lines] == [b""] * len(lines)
    assert media.hand_over()[0] == handover.TAKEN


def test_half_open_tunnels_of_one_address_are_bounded(media: Media) -> None:
    answers = [
        media.hand_over(f"GET /a HTTP/1.0\r\nx-sessioncookie: {number}\r\n\r\n".encode())[0]
        for number in range(PER_ADDRESS_LIMIT + 2)
    ]
    assert answers == [handover.TAKEN] * PER_ADDRESS_LIMIT + [handover.REFUSED] * 2
    assert media.hand_over(FIRST)[0] == handover.TAKEN


def test_half_a_tunnel_is_ended_for_the_client_too(media: Media) -> None:
    _, client = media.hand_over(b"GET /a HTTP/1.0\r\nx-sessioncookie: 1\r\n\r\n")
    media.clock.advance(WAIT_S)
    assert client.recv(1) == b""  # shut down, though the server still has it


def test_descriptors_do_not_grow(media: Media) -> None:
    def here() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    media.hand_over()[1].close()
    media.let_go()
    before = here()
    for _ in range(50):
        media.hand_over()[1].close()
        media.let_go()
    assert until(lambda: here() <= before)


def until(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + LONGEST_S
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return true()
