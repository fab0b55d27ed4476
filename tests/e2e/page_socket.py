"""A WebSocket of a page, as a browser opens it (RFC 6455), with the cookies of a sign-in."""

import base64
import os
import socket
import time
from dataclasses import dataclass

TEXT, BINARY, CLOSE = 1, 2, 8


@dataclass(frozen=True)
class Picture:
    """A fragment of a live stream."""

    number: int
    key: bool


class PageSocket:
    def __init__(
        self, port: int, cookie: str, path: str, *, origin: str = "", held_bytes: int = 0
    ) -> None:
        """held_bytes: what the system takes for us while we do not read; 0: as it likes."""
        origin = origin or f"http://127.0.0.1:{port}"
        self._socket = socket.socket()
        if held_bytes:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, held_bytes)
        self._socket.settimeout(10)
        self._socket.connect(("127.0.0.1", port))
        self._buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            (
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nOrigin: {origin}\r\nCookie: {cookie}\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
            ).encode()
        )
        while b"\r\n\r\n" not in self._buffer:
            self._buffer += self._socket.recv(4096)
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101 "):
            self._socket.close()
            raise ConnectionError(head.decode())

    def end_code(self, within_s: float) -> int:
        """The code with which the device closes it; TimeoutError where it does not."""
        deadline = time.monotonic() + within_s
        while True:
            kind, content = self._frame(deadline - time.monotonic())
            if kind == CLOSE:
                return int.from_bytes(content[:2])

    def picture(self, within_s: float) -> Picture:
        """The next one of a live stream; its number and kind lie where the player reads them."""
        while True:
            kind, content = self._frame(within_s)
            if kind == CLOSE:
                raise ConnectionError(f"closed with {int.from_bytes(content[:2])}")
            if kind == BINARY and content[4:8] == b"moof":
                return Picture(int.from_bytes(content[20:24]), key=not content[97] & 1)

    def is_open(self, for_s: float = 1.0) -> bool:
        try:
            self.end_code(for_s)
        except TimeoutError:
            return True
        return False

    def close(self) -> None:
        self._socket.close()

    def _frame(self, within_s: float) -> tuple[int, bytes]:
        kind, size = self._take(2, within_s)
        size &= 0x7F
        if size >= 126:
            size = int.from_bytes(self._take(2 if size == 126 else 8, within_s))
        return kind & 0x0F, self._take(size, within_s)

    def _take(self, count: int, within_s: float) -> bytes:
        while len(self._buffer) < count:
            self._socket.settimeout(max(0.01, within_s))
            received = self._socket.recv(65536)
            if not received:
                raise ConnectionError("the device closed the connection without a word")
            self._buffer += received
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken
