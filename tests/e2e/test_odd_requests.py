"""What strangers and old clients send to the web port, byte by byte."""

import re
import socket

import pytest

from tests.e2e.running_device import SYSTEM_TIME, RunningDevice

pytestmark = pytest.mark.e2e

SERVICES = SYSTEM_TIME.replace(b"GetSystemDateAndTime", b"GetServices").replace(
    b"/></s:Body>",
    b"><IncludeCapability>false</IncludeCapability></GetServices></s:Body>",
)
ENDLESS_HEADER = b"GET / HTTP/1.1\r\nX: " + b"a" * 100_000


def exchange(device: RunningDevice, request: bytes) -> bytes:
    """All that comes back until the device closes."""
    with socket.create_connection(("127.0.0.1", device.http_port), 20) as line:
        line.sendall(request)
        parts = []
        while data := line.recv(65536):
            parts.append(data)
    return b"".join(parts)


def soap(body: bytes, headers: bytes, line: bytes = b"HTTP/1.1") -> bytes:
    length = b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
    return b"POST /onvif/device_service " + line + b"\r\n" + headers + length + body


def hosts(answer: bytes) -> set[bytes]:
    return set(re.findall(rb"XAddr>http://([^/]*)/", answer))


def chunked(body: bytes, size: int = 50) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


@pytest.mark.parametrize(
    "host",
    [
        b"",
        b"Host:\r\n",
        b'Host: evil.example"><x>\r\n',
        b"Host: user@evil.example\r\n",
        b"Host: evil.example/path\r\n",
        b"Host: 192.0.2.9:99999\r\n",
        b"X-Forwarded-Host: evil.example\r\n",
    ],
)
@pytest.mark.parametrize("version", [b"HTTP/1.1", b"HTTP/1.0"])
def test_no_odd_host_gets_into_an_address(
    device: RunningDevice, host: bytes, version: bytes
) -> None:
    answer = exchange(device, soap(SERVICES, host, version))
    assert hosts(answer) == {b"127.0.0.1:%d" % device.http_port}


def test_a_body_in_chunks_is_read(device: RunningDevice) -> None:
    head = b"POST /onvif/device_service HTTP/1.1\r\nHost: cam\r\nConnection: close\r\n"
    answer = exchange(device, head + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(SERVICES))
    assert hosts(answer) == {b"cam"}


def test_requests_in_a_row_are_all_answered(device: RunningDevice) -> None:
    one = soap(SYSTEM_TIME, b"Host: cam\r\n")
    several = one.replace(b"Connection: close\r\n", b"") * 4 + one
    assert exchange(device, several).count(b"HTTP/1.1 200 OK") == 5


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (soap(SYSTEM_TIME, b"Host: cam\r\nTransfer-Encoding: chunked\r\n"), b"400"),
        (soap(SYSTEM_TIME, b"Host: cam\r\nContent-Length: 3\r\n"), b"400"),
        (soap(b"", b"Host: cam\r\nContent-Length: -3\r\n"), b"400"),
        (b"POST /onvif/ HTTP/1.1\r\nHost: c\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (ENDLESS_HEADER, b"431"),
    ],
    ids=["length and chunks", "two lengths", "negative length", "huge length", "endless header"],
)
def test_what_cannot_be_read_is_refused(
    device: RunningDevice, request_: bytes, status: bytes
) -> None:
    assert exchange(device, request_).split(b" ")[1] == status
