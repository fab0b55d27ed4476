"""RTSP on the web port is told from HTTP and refused in its own words."""

from tests.nvrdevice.management.web_server.connection import Running


def test_rtsp_is_refused_with_its_sequence_number(server: Running) -> None:
    with server.connect() as client:
        client.send(b"OPTIONS rtsp://device/profile1 RTSP/1.0\r\nCSeq: 7\r\n\r\n")
        assert client.rest() == (
            b"RTSP/1.0 501 Not Implemented\r\nCSeq: 7\r\nConnection: close\r\n\r\n"
        )


def test_rtsp_over_http_is_refused(server: Running) -> None:
    with server.connect() as client:
        client.send(
            b"GET /profile1 HTTP/1.0\r\nx-sessioncookie: abc\r\n"
            b"Accept: application/x-rtsp-tunnelled\r\n\r\n"
        )
        assert client.rest() == (
            b"HTTP/1.0 501 Not Implemented\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        )


def test_a_session_cookie_alone_is_no_tunnel(server: Running) -> None:
    with server.connect() as client:
        client.send(b"GET /one HTTP/1.1\r\nHost: d\r\nx-sessioncookie: abc\r\n\r\n")
        assert client.answer() == (200, b"GET /one  0")
