"""Requests as clients send them, over real sockets."""

from tests.nvrdevice.management.web_server.connection import Running

GET = b"GET /one HTTP/1.1\r\nHost: device\r\n\r\n"


def test_keep_alive_serves_one_request_after_the_other(server: Running) -> None:
    with server.connect() as client:
        client.send(GET)
        first = client.answer()
        client.send(b"POST /two HTTP/1.1\r\nHost: device\r\nContent-Length: 3\r\n\r\nabc")
        assert (first, client.answer()) == ((200, b"GET /one  0"), (200, b"POST /two  3"))


def test_pipelined_requests_are_answered_in_order(server: Running) -> None:
    with server.connect() as client:
        client.send(
            GET
            + b"POST /onvif/two HTTP/1.1\r\nHost: d\r\nContent-Length: 50000\r\n\r\n"
            + b"x" * 50_000
            + b"GET /three HTTP/1.1\r\nHost: device\r\n\r\n"
        )
        answers = [client.answer() for _ in range(3)]
    assert answers == [
        (200, b"GET /one  0"),
        (200, b"POST /onvif/two  50000"),
        (200, b"GET /three  0"),
    ]


def test_a_request_byte_by_byte(server: Running) -> None:
    with server.connect() as client:
        for byte in b"POST /one HTTP/1.1\r\nHost: d\r\nContent-Length: 3\r\n\r\nabc":
            client.send(bytes([byte]))
        assert client.answer() == (200, b"POST /one  3")


def test_a_chunked_body_arrives_whole(server: Running) -> None:
    with server.connect() as client:
        client.send(b"POST /one HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send(b"3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n")
        assert client.answer() == (200, b"POST /one  7")


def test_expect_100_continue_is_encouraged(server: Running) -> None:
    with server.connect() as client:
        client.send(
            b"POST /one HTTP/1.1\r\nHost: d\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
        )
        encouraged = client.head()
        client.send(b"abc")
        answered = client.answer()
    assert (encouraged, answered) == (b"HTTP/1.1 100 Continue\r\n\r\n", (200, b"POST /one  3"))


def test_http_1_0_is_answered_and_closed(server: Running) -> None:
    with server.connect() as client:
        client.send(b"GET /one HTTP/1.0\r\n\r\n")
        assert (client.answer(), client.rest()) == ((200, b"GET /one  0"), b"")


def test_connection_close_is_honoured(server: Running) -> None:
    with server.connect() as client:
        client.send(b"GET /one HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n")
        assert (client.answer(), client.rest()) == ((200, b"GET /one  0"), b"")


def test_other_methods_reach_the_application(server: Running) -> None:
    with server.connect() as client:
        client.send(b"DELETE /one HTTP/1.1\r\nHost: device\r\n\r\n")
        assert client.answer() == (200, b"DELETE /one  0")


def test_ipv6_is_served_beside_ipv4(server: Running) -> None:
    with server.connect(to="::1") as client:
        client.send(GET)
        assert client.answer() == (200, b"GET /one  0")


def test_no_client_names_the_application_root(server: Running) -> None:
    with server.connect() as client:
        client.send(b"GET /one HTTP/1.1\r\nHost: d\r\nDaphne-Root-Path: /evil\r\n\r\n")
        assert client.answer() == (200, b"GET /one  0")


def test_the_absolute_form_of_a_proxy_is_the_same_address(server: Running) -> None:
    with server.connect() as client:
        client.send(b"GET http://device:8000/one HTTP/1.1\r\nHost: device:8000\r\n\r\n")
        assert client.answer() == (200, b"GET /one  0")


def test_a_failing_application_is_a_500_and_the_server_goes_on(server: Running) -> None:
    with server.connect() as client:
        client.send(b"GET /broken HTTP/1.1\r\nHost: device\r\n\r\n")
        assert client.head().startswith(b"HTTP/1.1 500 ")
    with server.connect() as client:
        client.send(GET)
        assert client.answer() == (200, b"GET /one  0")
