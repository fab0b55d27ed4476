"""A drain client for RTSP over TCP with Digest: it measures, and decodes nothing."""

import hashlib
import re
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit


class RtspClient:
    """One interleaved session; the password is taken out of the URI before anything is sent."""

    def __init__(self, uri: str, timeout_s: float = 20.0) -> None:
        parts = urlsplit(uri)
        self._login = (parts.username or "", parts.password or "")
        self._uri = f"rtsp://{parts.hostname}:{parts.port}{parts.path}"
        self._socket = socket.create_connection((parts.hostname, parts.port or 554), timeout_s)
        self._buffer = b""
        self._sequence = 0
        self._challenge: dict[str, str] = {}
        self._session = ""
        self._early: list[tuple[float, int, bytes]] = []

    def play(self) -> None:
        """DESCRIBE, SETUP of the first track, PLAY; ConnectionError when one is refused."""
        description = self._request("DESCRIBE", self._uri, "Accept: application/sdp")
        tracks = re.findall(r"a=control:(\S+)", description)
        control = next((track for track in tracks if track != "*"), "stream=0")
        track = control if control.startswith("rtsp:") else f"{self._uri}/{control}"
        self._request("SETUP", track, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
        self._request("PLAY", self._uri, "Range: npt=0-")

    def packets(self) -> Iterator[tuple[float, int, bytes]]:
        """(monotonic seconds, channel, packet) for as long as the server sends."""
        yield from self._early
        self._early.clear()
        while True:
            if not self._at_packet():
                self._answer()  # in between: to nothing that anybody waits for
            else:
                yield self._packet()

    def first_packet_s(self) -> float:
        """The moment, on the monotonic clock, at which the first video packet came."""
        return next(at for at, channel, _ in self.packets() if channel == 0)

    def fileno(self) -> int:
        return self._socket.fileno()

    def throw_away(self) -> int:
        """Take what has arrived and forget it; how many bytes that was."""
        return len(self._socket.recv(1 << 18))

    def close(self) -> None:
        self._socket.close()

    def _request(self, method: str, uri: str, *headers: str) -> str:
        status, answer, body = self._exchange(method, uri, *headers)
        if status == 401:
            found = re.search(r"WWW-Authenticate: Digest (.*)", answer)
            if found is None:
                raise ConnectionError(f"{method}: no Digest challenge")
            self._challenge = dict(re.findall(r'(\w+)="([^"]*)"', found.group(1)))
            status, answer, body = self._exchange(method, uri, *headers)
        if status != 200:
            raise ConnectionError(f"{method}: {status}")
        session = re.search(r"Session: ([^;\r]+)", answer)
        self._session = session.group(1) if session else self._session
        return body

    def _exchange(self, method: str, uri: str, *headers: str) -> tuple[int, str, str]:
        self._sequence += 1
        lines = [f"{method} {uri} RTSP/1.0", f"CSeq: {self._sequence}", *headers]
        if self._challenge:
            lines.append(self._authorization(method, uri))
        if self._session:
            lines.append(f"Session: {self._session}")
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return self._answer()

    def _authorization(self, method: str, uri: str) -> str:
        name, password = self._login
        realm, nonce = self._challenge["realm"], self._challenge["nonce"]
        secret = _md5(f"{name}:{realm}:{password}")
        response = _md5(f"{secret}:{nonce}:{_md5(f'{method}:{uri}')}")
        return (
            f'Authorization: Digest username="{name}", realm="{realm}", nonce="{nonce}", '
            f'uri="{uri}", response="{response}"'
        )

    def _answer(self) -> tuple[int, str, str]:
        while self._at_packet():  # a running stream does not wait for the answer to PLAY
            self._early.append(self._packet())
        while b"\r\n\r\n" not in self._buffer:
            self._fill()
        head, _, rest = self._buffer.partition(b"\r\n\r\n")
        self._buffer = rest
        text = head.decode(errors="replace")
        length = re.search(r"Content-Length: *(\d+)", text, re.IGNORECASE)
        body = self._read(int(length.group(1)) if length else 0)
        return int(text.split(" ", 2)[1]), text, body.decode(errors="replace")

    def _at_packet(self) -> bool:
        if not self._buffer:
            self._fill()
        return self._buffer.startswith(b"$")

    def _packet(self) -> tuple[float, int, bytes]:
        head = self._read(4)
        payload = self._read(int.from_bytes(head[2:4]))
        return time.monotonic(), head[1], payload

    def _read(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._fill()
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _fill(self) -> None:
        received = self._socket.recv(65536)
        if not received:
            raise ConnectionError("the server closed the connection")
        self._buffer += received


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
