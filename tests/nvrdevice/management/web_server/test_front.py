"""The first bytes decide: RTSP leaves with its socket, HTTP stays and does not notice."""

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from nvrdevice.media import handover
from nvrdevice.media.handover import Arrival
from tests.nvrdevice.management.web_server.connection import Running
from tests.nvrdevice.management.web_server.fake_media import FakeMedia
from tests.nvrdevice.management.web_server.serve import LIMITS

OPTIONS = b"OPTIONS rtsp://device/profile1 RTSP/1.0\r\nCSeq: 7\r\n\r\n"
GET = (
    b"GET /profile1 HTTP/1.0\r\nx-sessioncookie: abc\r\n"
    b"Accept: application/x-rtsp-tunnelled\r\n\r\n"
)
POST = (
    b"POST /profile1 HTTP/1.1\r\nHost: device\r\nX-SessionCookie: abc\r\n"
    b"Content-Type: application/x-rtsp-tunnelled\r\nContent-Length: 32767\r\n\r\n"
)
RTSP_ABSENT = b"RTSP/1.0 503 Service Unavailable\r\nCSeq: 7\r\nConnection: close\r\n\r\n"
HTTP_ABSENT = b"HTTP/1.0 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("first", [OPTIONS, GET, POST, POST + b"REVTQ1JJQkUgcnRz"])
def test_rtsp_leaves_with_its_socket_and_all_it_said(server: Running, first: bytes) -> None:
    with FakeMedia(server.folder) as media, server.connect() as client:
        address, port = client.socket.getsockname()
        client.send(first)
        arrival, line = media.taken()
        assert arrival == Arrival(address=address, port=port, first=first)
        line.sendall(b"served")
        assert client.take(6) == b"served"
        client.send(b"more")
        assert line.recv(100) == b"more"


@pytest.mark.parametrize("first", [OPTIONS, GET])
def test_a_request_that_comes_byte_by_byte_is_told_at_its_end(
    server: Running, first: bytes
) -> None:
    with FakeMedia(server.folder) as media, server.connect() as client:
        for byte in first:
            client.send(bytes([byte]))
        assert media.taken().arrival.first == first


def test_an_ipv6_client_is_known_by_its_address(server: Running) -> None:
    with FakeMedia(server.folder) as media, server.connect(to="::1") as client:
        client.send(OPTIONS)
        assert media.taken().arrival.address == "::1"


def test_another_address_of_this_host_is_seen_as_such(server: Running) -> None:
    with FakeMedia(server.folder) as media, server.connect(from_address="127.0.0.8") as client:
        client.send(GET)
        assert media.taken().arrival.address == "127.0.0.8"


def test_a_connection_that_left_lives_on_when_the_web_process_dies(mortal: Running) -> None:
    with FakeMedia(mortal.folder) as media, mortal.connect() as client:
        client.send(GET)
        line = media.taken().socket
        mortal.end(9)
        line.sendall(b"still here")
        assert client.take(10) == b"still here"


def test_a_connection_that_left_frees_its_seat(server: Running) -> None:
    with FakeMedia(server.folder) as media, ExitStack() as clients:
        for _ in range(LIMITS.connections + 10):
            client = clients.enter_context(server.connect())
            client.send(OPTIONS)
            assert media.taken().arrival.first == OPTIONS


@pytest.mark.parametrize(("first", "answer"), [(OPTIONS, RTSP_ABSENT), (GET, HTTP_ABSENT)])
def test_without_a_media_process_rtsp_is_refused_at_once(
    server: Running, first: bytes, answer: bytes
) -> None:
    with server.connect() as client:
        client.send(first)
        assert client.rest() == answer


@pytest.mark.parametrize("said", [handover.REFUSED, b"?", None])
def test_what_the_media_process_does_not_take_is_refused(
    server: Running, said: bytes | None
) -> None:
    with FakeMedia(server.folder, said), server.connect() as client:
        client.send(OPTIONS)
        assert client.rest() == RTSP_ABSENT


def test_a_media_process_that_dies_meanwhile_is_a_refusal(server: Running) -> None:
    with server.connect() as client:
        with FakeMedia(server.folder, None):
            client.send(GET)
            time.sleep(0.2)
        assert client.rest() == HTTP_ABSENT


@pytest.mark.parametrize("odd", [b"\x00", b"\xff", "é".encode()])
def test_bytes_that_are_no_text_are_refused(server: Running, odd: bytes) -> None:
    with FakeMedia(server.folder), server.connect() as client:
        client.send(OPTIONS.replace(b"CSeq: 7\r\n", b"CSeq: 7\r\nUser-Agent: " + odd + b"\r\n"))
        assert client.rest() == (
            b"RTSP/1.0 400 Bad Request\r\nCSeq: 7\r\nConnection: close\r\n\r\n"
        )


def test_an_rtsp_head_without_an_end_is_refused(server: Running) -> None:
    with FakeMedia(server.folder), server.connect() as client:
        client.send(OPTIONS[:-2] + b"X-Long: " + b"x" * 20_000)
        assert client.rest().startswith(b"RTSP/1.0 400 Bad Request\r\nCSeq: 7\r\n")


def test_an_rtsp_head_that_is_never_ended_is_timed_out(server: Running) -> None:
    with FakeMedia(server.folder), server.connect() as client:
        client.send(OPTIONS[:-2])
        assert client.rest().startswith(b"HTTP/1.1 408 ")


def test_a_client_that_goes_while_it_is_handed_over_harms_nobody(server: Running) -> None:
    with FakeMedia(server.folder, None):
        client = server.connect()
        client.send(GET)
        client.socket.close()
    with FakeMedia(server.folder) as media, server.connect() as other:
        other.send(GET)
        assert media.taken().arrival.first == GET


@pytest.mark.parametrize(
    "headers",
    [
        b"x-sessioncookie: abc\r\n",
        b"Accept: application/x-rtsp-tunnelled\r\n",
        b"x-sessioncookie:\r\nAccept: application/x-rtsp-tunnelled\r\n",
        b"X-Said: x-sessioncookie: abc application/x-rtsp-tunnelled\r\n",
    ],
)
def test_what_is_no_tunnel_stays_http(server: Running, headers: bytes) -> None:
    with FakeMedia(server.folder), server.connect() as client:
        client.send(b"GET /one HTTP/1.1\r\nHost: d\r\n" + headers + b"\r\n")
        assert client.answer() == (200, b"GET /one  0")


def test_a_hundred_handovers_leave_no_descriptor_behind(mortal: Running) -> None:
    descriptors = Path(f"/proc/{mortal.process.pid}/fd")
    with FakeMedia(mortal.folder) as media:
        before = len(list(descriptors.iterdir()))
        for _ in range(100):
            with mortal.connect() as client:
                client.send(OPTIONS)
                media.taken().socket.close()
                assert client.closed()  # which it is when nobody has a copy any more
        assert len(list(descriptors.iterdir())) == before
