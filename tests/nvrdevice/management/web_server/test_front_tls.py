"""RTSP that comes inside TLS: TLS stays in the web process, what is inside goes on."""

import socket
import ssl
import time
from pathlib import Path

import psutil
import pytest

from nvrdevice.management.web_server.loopback import WAITING_BYTES
from nvrdevice.media import handover
from tests.nvrdevice.management.web_server.connection import LONGEST_S, Running
from tests.nvrdevice.management.web_server.fake_media import FakeMedia
from tests.nvrdevice.management.web_server.serve import LIMITS
from tests.nvrdevice.management.web_server.test_front import (
    GET,
    HTTP_ABSENT,
    OPTIONS,
    POST,
    RTSP_ABSENT,
)

SOME = b"0123456789abcdef" * 4096  # 64 kB
MB = 1_000_000


def test_http_is_answered_inside_tls(server: Running) -> None:
    with server.connect_tls() as client:
        client.send(b"GET /one HTTP/1.1\r\nHost: d\r\n\r\n")
        assert client.answer() == (200, b"GET /one  0")


@pytest.mark.parametrize("first", [OPTIONS, GET, POST, POST + b"REVTQ1JJQkUgcnRz"])
def test_what_is_inside_goes_on_with_all_that_was_said(server: Running, first: bytes) -> None:
    with FakeMedia(server.folder) as media, server.connect_tls(from_address="127.0.0.8") as client:
        client.send(first)
        arrival, line = media.taken()
        assert (arrival.address, arrival.port) == client.socket.getsockname()
        assert (arrival.tls, arrival.first) == (True, first)
        line.sendall(b"served")
        assert client.take(6) == b"served"
        client.send(b"more")
        assert line.recv(100) == b"more"


def test_a_lot_goes_both_ways_whole(server: Running) -> None:
    with FakeMedia(server.folder) as media, server.connect_tls() as client:
        client.send(OPTIONS)
        line = media.taken().socket
        for _ in range(100):
            line.sendall(SOME)
            assert client.take(len(SOME)) == SOME
            client.send(SOME)
            assert _take(line, len(SOME)) == SOME


def test_what_comes_while_it_is_handed_over_is_not_lost(server: Running) -> None:
    """In one read with the request, but in another TLS record."""
    with FakeMedia(server.folder) as media, server.connect_tls() as client:
        for record in (OPTIONS, b"second", b"third"):
            client.send(record)
        taken = media.taken()
        said = taken.arrival.first.removeprefix(OPTIONS)
        assert said + _take(taken.socket, 11 - len(said)) == b"secondthird"


@pytest.mark.parametrize(("first", "answer"), [(OPTIONS, RTSP_ABSENT), (GET, HTTP_ABSENT)])
def test_without_a_media_process_it_is_refused_at_once(
    server: Running, first: bytes, answer: bytes
) -> None:
    with server.connect_tls() as client:
        client.send(first)
        assert client.rest() == answer


@pytest.mark.parametrize("said", [handover.REFUSED, None])
def test_what_the_media_process_does_not_take_is_refused(
    server: Running, said: bytes | None
) -> None:
    with FakeMedia(server.folder, said), server.connect_tls() as client:
        client.send(OPTIONS)
        assert client.rest() == RTSP_ABSENT


def test_when_the_media_process_ends_the_client_is_told(server: Running) -> None:
    with server.connect_tls() as client:
        with FakeMedia(server.folder) as media:
            client.send(OPTIONS)
            media.taken().socket.sendall(b"last words")
        assert client.rest() == b"last words"


def test_when_the_client_ends_the_media_process_is_told(server: Running) -> None:
    with FakeMedia(server.folder) as media:
        with server.connect_tls() as client:
            client.send(OPTIONS)
            line = media.taken().socket
        assert _ends(line)


def test_a_carried_connection_frees_its_seat_at_its_end(server: Running) -> None:
    with FakeMedia(server.folder) as media:
        for _ in range(LIMITS.connections + 5):
            with server.connect_tls() as client:
                client.send(OPTIONS)
                line = media.taken().socket
            assert _ends(line)


def test_a_client_that_reads_nothing_costs_no_memory(mortal: Running) -> None:
    with FakeMedia(mortal.folder) as media, mortal.connect_tls() as client:
        client.send(OPTIONS)
        line = media.taken().socket
        line.settimeout(1.0)  # nothing moves any more
        before = psutil.Process(mortal.process.pid).memory_info().rss
        sent = 0
        try:
            while sent < 300 * MB:
                sent += line.send(SOME)
        except TimeoutError:
            pass
        assert sent < 30 * MB
        assert psutil.Process(mortal.process.pid).memory_info().rss - before < 4 * WAITING_BYTES


def test_a_hundred_carried_connections_leave_no_descriptor_behind(mortal: Running) -> None:
    descriptors = Path(f"/proc/{mortal.process.pid}/fd")
    with FakeMedia(mortal.folder) as media:
        before = len(list(descriptors.iterdir()))
        for _ in range(100):
            with mortal.connect_tls() as client:
                client.send(OPTIONS)
                media.taken().socket.close()
                assert client.closed()
        deadline = time.monotonic() + LONGEST_S
        while len(list(descriptors.iterdir())) > before and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(list(descriptors.iterdir())) == before


def test_who_never_ends_the_handshake_is_timed_out(server: Running) -> None:
    with socket.create_connection(("127.0.0.1", server.tls_port), LONGEST_S) as client:
        client.settimeout(LONGEST_S)
        assert _ends(client)


def _take(line: socket.socket, size: int) -> bytes:
    held = b""
    while len(held) < size:
        data = line.recv(size - len(held))
        assert data, f"closed after {held[:200]!r}"
        held += data
    return held


def _ends(line: socket.socket) -> bool:
    line.settimeout(LONGEST_S)
    try:
        while line.recv(65536):
            pass
    except (ConnectionResetError, ssl.SSLError):
        return True
    return True
