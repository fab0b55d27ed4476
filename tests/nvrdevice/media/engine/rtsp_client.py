"""A small RTSP client over one socket: Digest, interleaved TCP, and nothing hidden."""

import hashlib
import re
import socket
import struct
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str = ""


@dataclass(frozen=True)
class Packet:
    """One RTP packet of the video channel."""

    timestamp: int
    marker: bool
    payload: bytes

    @property
    def nal_type(self) -> int:
        kind = self.payload[0] & 31
        return self.payload[1] & 31 if kind == 28 else kind


@dataclass
class RtspClient:
    host: str
    port: int
    path: str
    login: tuple[str, str] | None = None
    timeout_s: float = 10.0
    _challenge: dict[str, str] = field(default_factory=dict)
    _buffer: bytes = b""
    _sequence: int = 0
    session: str = ""

    def __post_init__(self) -> None:
        self._socket = socket.create_connection((self.host, self.port), timeout=self.timeout_s)

    @property
    def url(self) -> str:
        return f"rtsp://{self.host}:{self.port}/{self.path}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def request(self, method: str, url: str = "", body: str = "", **headers: str) -> Answer:
        """The answer; a Digest challenge is answered once where there is a login."""
        answer = self._request_once(method, url or self.url, body, headers)
        if answer.status == 401 and self.login is not None:
            self._challenge = dict(
                re.findall(r'(\w+)="([^"]*)"', answer.headers["www-authenticate"])
            )
            answer = self._request_once(method, url or self.url, body, headers)
        return answer

    def _request_once(self, method: str, url: str, body: str, headers: dict[str, str]) -> Answer:
        self._sequence += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self._sequence}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if self.session:
            lines.append(f"Session: {self.session}")
        if self._challenge:
            lines.append(f"Authorization: {self._digest(method, url)}")
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        return self._answer()

    def _digest(self, method: str, url: str) -> str:
        assert self.login is not None
        realm, nonce = self._challenge["realm"], self._challenge["nonce"]
        one = _md5(f"{self.login[0]}:{realm}:{self.login[1]}")
        response = _md5(f"{one}:{nonce}:{_md5(f'{method}:{url}')}")
        return (
            f'Digest username="{self.login[0]}", realm="{realm}", nonce="{nonce}", '
            f'uri="{url}", response="{response}"'
        )

    def _answer(self) -> Answer:
        while self._peek(1) == b"$":
            self._interleaved()
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        first, *rest = head.decode().split("\r\n")
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (x.partition(":") for x in rest)
        }
        body = self._take(int(headers.get("content-length", "0"))).decode()
        return Answer(int(first.split()[1]), headers, body)

    def play(self) -> list[Answer]:
        """DESCRIBE, SETUP over the RTSP connection, PLAY; stops at the first refusal."""
        answers = [self.request("DESCRIBE", Accept="application/sdp")]
        if answers[-1].status == 200:
            transport = "RTP/AVP/TCP;unicast;interleaved=0-1"
            answers.append(self.request("SETUP", f"{self.url}/stream=0", Transport=transport))
        if answers[-1].status == 200:
            self.session = answers[-1].headers["session"].split(";")[0]
            answers.append(self.request("PLAY", Range="npt=0.000-"))
        return answers

    def packet(self) -> Packet:
        """The next RTP packet of the video."""
        while True:
            channel, data = self._interleaved()
            if channel == 0:
                _, second, _, timestamp, _ = struct.unpack("!BBHII", data[:12])
                return Packet(timestamp, bool(second & 0x80), data[12:])

    def packets_for(self, seconds: float) -> list[Packet]:
        end = time.monotonic() + seconds
        packets: list[Packet] = []
        while time.monotonic() < end:
            packets.append(self.packet())
        return packets

    def closed_within(self, seconds: float) -> bool:
        """Whether the server ends the connection in this time."""
        end = time.monotonic() + seconds
        self._socket.settimeout(seconds)
        try:
            while time.monotonic() < end:
                if not self._socket.recv(65536):
                    return True
        except ConnectionError:
            return True
        except TimeoutError:
            return False
        return False

    def _interleaved(self) -> tuple[int, bytes]:
        head = self._take(4)
        assert head[:1] == b"$", head
        return head[1], self._take(struct.unpack("!H", head[2:])[0])

    def _peek(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._more()
        return self._buffer[:size]

    def _take(self, size: int) -> bytes:
        found = self._peek(size)
        self._buffer = self._buffer[size:]
        return found

    def _more(self) -> None:
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionResetError("the server closed the connection")
        self._buffer += data


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
