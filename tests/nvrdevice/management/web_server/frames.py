"""RFC 6455 by hand: what a browser sends and gets, without a library in between."""

import struct

from tests.nvrdevice.management.web_server.connection import Connection

UPGRADE = (
    b"GET /ws/ HTTP/1.1\r\nHost: device\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
ACCEPT = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455 1.3, for that key
TEXT = 1
CLOSE = 8


def upgrade(client: Connection, path: bytes = b"/ws/") -> bytes:
    client.send(UPGRADE.replace(b" /ws/ ", b" " + path + b" "))
    return client.head()


def frame(text: bytes) -> bytes:
    """A masked text frame; the mask is zero, which leaves the text readable."""
    size = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + struct.pack(">H", len(text))
    return bytes([0x80 | TEXT]) + size + b"\0\0\0\0" + text


def read_frame(client: Connection) -> tuple[int, bytes]:
    """Kind and content of the next short frame."""
    kind, size = client.take(2)
    return kind & 0x0F, client.take(size & 0x7F)


def close_code(content: bytes) -> int:
    return int.from_bytes(content[:2], "big")
