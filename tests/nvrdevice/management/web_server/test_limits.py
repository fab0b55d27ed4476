"""What goes beyond a bound is cut off, and tells why where it can."""

import contextlib
import json
import time

import pytest

from tests.nvrdevice.management.web_server.connection import Connection, Running
from tests.nvrdevice.management.web_server.serve import LIMITS, PART, PARTS

TIMED_OUT = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def drip(client: Connection, data: bytes) -> bytes:
    """Send slowly enough to be cut off, and read what the server says to that."""
    with contextlib.suppress(OSError):
        for byte in data:
            client.send(bytes([byte]))
            time.sleep(0.1)
    return client.rest()


def test_slow_headers_of_the_first_request_are_cut_off(server: Running) -> None:
    with server.connect() as client:
        assert drip(client, b"GET /one HTTP/1.1\r\nHost: device") == TIMED_OUT


def test_slow_headers_of_a_later_request_are_cut_off(server: Running) -> None:
    with server.connect() as client:
        client.send(b"GET /one HTTP/1.1\r\nHost: device\r\n\r\n")
        client.answer()
        assert drip(client, b"GET /two HTTP/1.1\r\nHost: device") == TIMED_OUT


def test_slow_headers_of_another_method_are_cut_off(server: Running) -> None:
    with server.connect() as client:
        client.send(b"PUT /one HTTP/1.1\r\n")
        assert drip(client, b"Host: device with a long name") == TIMED_OUT


def test_a_slow_body_is_cut_off(server: Running) -> None:
    with server.connect() as client:
        client.send(b"POST /one HTTP/1.1\r\nHost: d\r\nContent-Length: 100\r\n\r\n")
        assert drip(client, b"x" * 99) == TIMED_OUT


def test_a_silent_connection_is_closed(server: Running) -> None:
    with server.connect() as client:
        assert client.closed()


def test_an_idle_connection_is_closed(server: Running) -> None:
    with server.connect() as client:
        client.send(b"GET /one HTTP/1.1\r\nHost: device\r\n\r\n")
        client.answer()
        assert client.closed()


def test_a_body_announced_too_large_is_refused_unread(server: Running) -> None:
    with server.connect() as client:
        client.send(b"POST /one HTTP/1.1\r\nHost: d\r\nContent-Length: 1001\r\n\r\n")
        assert client.rest() == TOO_LARGE


def test_where_json_is_spoken_the_refusal_is_json(server: Running) -> None:
    with server.connect() as client:
        client.send(b"POST /ptz/move?x=1 HTTP/1.1\r\nHost: d\r\nContent-Length: 2001\r\n\r\n")
        head, _, body = client.rest().partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"HTTP/1.1 413 Content Too Large",
        b"Connection: close",
        b"Content-Type: application/json",
        b"Content-Length: %d" % len(body),
    ]
    assert json.loads(body)["error"]["code"] == "body_too_large"


def test_a_refused_body_is_not_encouraged(server: Running) -> None:
    with server.connect() as client:
        client.send(
            b"POST /one HTTP/1.1\r\nHost: d\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n"
        )
        assert client.rest() == TOO_LARGE


def test_the_limit_depends_on_the_path(server: Running) -> None:
    with server.connect() as client:
        client.send(b"POST /onvif/one HTTP/1.1\r\nHost: d\r\nContent-Length: 1001\r\n\r\n")
        client.send(b"x" * 1001)
        assert client.answer() == (200, b"POST /onvif/one  1001")


def test_a_chunked_body_is_refused_where_it_passes_the_limit(server: Running) -> None:
    with server.connect() as client:
        client.send(b"POST /one HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(20):
                client.send(b"64\r\n" + b"x" * 100 + b"\r\n")
        assert client.rest() == TOO_LARGE


def test_what_follows_a_refused_request_is_no_request(server: Running) -> None:
    with server.connect() as client:
        client.send(b"POST /one HTTP/1.1\r\nHost: d\r\nContent-Length: 1001\r\n\r\n")
        client.send(b"GET /two HTTP/1.1\r\nHost: device\r\n\r\n")
        assert client.rest() == TOO_LARGE


def test_too_many_headers_are_a_bad_request(server: Running) -> None:
    with server.connect() as client:
        client.send(b"GET /one HTTP/1.1\r\n" + b"X: y\r\n" * (LIMITS.header_count + 1) + b"\r\n")
        assert client.rest() == b"HTTP/1.1 400 Bad Request\r\n\r\n"


def test_too_large_a_header_is_refused(server: Running) -> None:
    with server.connect() as client:
        client.send(b"GET /one HTTP/1.1\r\nX: " + b"y" * (LIMITS.header_bytes + 1) + b"\r\n\r\n")
        assert client.rest().startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "header",
    [
        b"X" + b"y" * 200 + b": z",  # whose name would be remembered
        b"X" + b"y" * 200,
        b"Content-Length: " + b"9" * 5000,
        b"content-length:" + b" " * 200 + b"3",
    ],
)
def test_what_is_no_header_is_a_bad_request(server: Running, header: bytes) -> None:
    with server.connect() as client:
        client.send(b"GET /one HTTP/1.1\r\n" + header + b"\r\nHost: d\r\n\r\n")
        assert client.rest() == b"HTTP/1.1 400 Bad Request\r\n\r\n"


def test_a_long_header_with_a_short_name_is_read(server: Running) -> None:
    with server.connect() as client:
        client.send(b"GET /one HTTP/1.1\r\nHost: d\r\nX: " + b"y:" * 2000 + b"\r\n")
        client.send(b"Connection: close\r\n\r\n")
        assert client.rest().startswith(b"HTTP/1.1 200 ")


def test_garbage_is_a_bad_request(server: Running) -> None:
    with server.connect() as client:
        client.send(b"\x16\x03\x01 what is this\r\n\r\n")
        assert client.rest() == b"HTTP/1.1 400 Bad Request\r\n\r\n"


def test_two_lengths_are_a_bad_request(server: Running) -> None:
    with server.connect() as client:
        client.send(
            b"POST /one HTTP/1.1\r\nHost: d\r\nContent-Length: 3\r\n"
            b"Transfer-Encoding: chunked\r\n\r\nabc"
        )
        assert client.rest() == b"HTTP/1.1 400 Bad Request\r\n\r\n"


def test_one_address_has_its_limit_and_others_are_served(server: Running) -> None:
    with contextlib.ExitStack() as open_ones:
        # 127.0.0.1 is loopback and has no limit of its own, whatever it is to be reached by.
        local = [
            open_ones.enter_context(server.connect())
            for _ in range(LIMITS.connections_per_address + 4)
        ]
        for client in local:
            client.send(b"GET /one HTTP/1.1\r\nHost: device\r\n\r\n")
        assert {client.answer() for client in local} == {(200, b"GET /one  0")}


def test_a_reader_that_reads_nothing_holds_the_application_back(server: Running) -> None:
    with server.connect() as client:
        client.send(b"GET /big HTTP/1.0\r\n\r\n")
        time.sleep(1)
        with server.connect() as other:
            other.send(b"GET /progress HTTP/1.1\r\nHost: device\r\n\r\n")
            sent = int(other.answer()[1])
    # What the kernel holds for both ends, and the one part that is being written.
    assert 0 < sent * len(PART) < 30_000_000


def test_a_slow_reader_gets_the_whole_answer(server: Running) -> None:
    with server.connect() as client:
        client.send(b"GET /big HTTP/1.0\r\n\r\n")
        time.sleep(0.5)
        assert len(client.rest().partition(b"\r\n\r\n")[2]) == len(PART) * PARTS
