"""RTSP through HTTP as old players speak it: answers on a GET, base64 on a POST, Digest inside."""

import base64
import hashlib
import re
import secrets
import socket
import ssl
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.e2e.running_device import PASSWORD

LONGEST_S = 20.0
PAUSE_S = 0.05
REALM_AND_NONCE = re.compile(r'(realm|nonce)="([^"]*)"')


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


class TunnelClient:
    """line: characters of base64 before a line break; halved: each message is cut inside a quantum
    of its base64 and sent in two."""

    def __init__(
        self,
        port: int,
        path: str = "profile1",
        *,
        host: str = "127.0.0.1",
        from_address: str = "",
        line: int = 0,
        halved: bool = False,
        tls: bool = False,
        username: str = "admin",
    ) -> None:
        self._tls, self._username = tls, username
        self._to, self._source = (host, port), ((from_address, 0) if from_address else None)
        named = f"[{host}]" if ":" in host else host
        self.path, self.url = path, f"rtsp://{named}:{port}/{path}"
        self._line, self._halved = line, halved
        self._cookie = secrets.token_hex(11)
        self._sequence = 0
        self._challenge: dict[str, str] = {}
        self.session = ""
        self._held = b""
        self.post: socket.socket | None = None
        self.get = self._connect()
        self._begin()

    def _begin(self) -> None:
        self.get.sendall(self._head("GET", "Accept: application/x-rtsp-tunnelled"))
        greeting = self._until_empty_line()
        if not greeting.startswith("HTTP/1.0 200 OK\r\n"):
            self.close()
            raise ConnectionError(greeting)
        self.open_post()

    def open_post(self) -> None:
        self.post = self._connect()
        self.post.sendall(
            self._head(
                "POST", "Content-Type: application/x-rtsp-tunnelled", "Content-Length: 32767"
            )
        )

    def close_post(self) -> None:
        if self.post is not None:
            self.post.close()
            self.post = None

    def ask(self, method: str, url: str = "", *headers: str) -> Answer:
        """The answer, with a login where one was wanted."""
        answer = self.exchange(method, url or self.url, *headers)
        if answer.status == 401:
            self._challenge = dict(REALM_AND_NONCE.findall(answer.headers["www-authenticate"]))
            answer = self.exchange(method, url or self.url, *headers)
        self.session = answer.headers.get("session", self.session).partition(";")[0]
        return answer

    def exchange(self, method: str, url: str, *headers: str) -> Answer:
        self.send(self.request(method, url, *headers))
        return self.answer()

    def request(self, method: str, url: str, *headers: str) -> bytes:
        self._sequence += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self._sequence}", *headers]
        if self._challenge:
            lines.append(self._authorization(method, url))
        if self.session:
            lines.append(f"Session: {self.session}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def send(self, message: bytes) -> None:
        """On the POST, in base64."""
        coded = base64.b64encode(message)
        if self._line:
            cut = [coded[at : at + self._line] for at in range(0, len(coded), self._line)]
            coded = b"\r\n".join(cut) + b"\r\n"
        half = len(coded) // 8 * 4 + 2 if self._halved else 0
        # GStreamer 1.22 loses a carriage return after which it has to wait for more.
        while message[: _decoded(coded[:half])].endswith(b"\r"):
            half += 1
        assert self.post is not None
        self.post.sendall(coded[:half])
        if half:
            time.sleep(PAUSE_S)
        self.post.sendall(coded[half:])

    def play(self, transport: str = "RTP/AVP/TCP;unicast;interleaved=0-1") -> str:
        """DESCRIBE to PLAY; the transport. AssertionError with the answer that was no 200."""
        described = self.ask("DESCRIBE", "", "Accept: application/sdp")
        assert described.status == 200, described
        controls = [one for one in re.findall(r"a=control:(\S+)", described.body) if one != "*"]
        track = controls[0] if controls[0].startswith("rtsp:") else f"{self.url}/{controls[0]}"
        prepared = self.ask("SETUP", track, f"Transport: {transport}")
        assert prepared.status == 200, prepared
        playing = self.ask("PLAY")
        assert playing.status == 200, playing
        return prepared.headers["transport"]

    def answer(self) -> Answer:
        """The next answer on the GET; packets before it are passed over, but not for ever."""
        deadline = time.monotonic() + LONGEST_S
        while True:
            assert time.monotonic() < deadline, "packets came, and no answer"
            self._need(1)
            if self._held[:1] == b"$":
                self.packet()
                continue
            first, *rest = self._until_empty_line().split("\r\n")
            pairs = (one.partition(":") for one in rest if one)
            headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
            body = self._take(int(headers.get("content-length", "0"))).decode()
            return Answer(int(first.split(" ")[1]), headers, body)

    def packet(self) -> tuple[int, bytes]:
        """The next interleaved packet: channel and content."""
        head = self._take(4)
        assert head[:1] == b"$", head
        return head[1], self._take(int.from_bytes(head[2:]))

    def packets(self, count: int) -> list[int]:
        """The channels of the next packets."""
        return [self.packet()[0] for _ in range(count)]

    def pictures(self, count: int) -> int:
        """How many packets with pictures came, where so many were waited for.

        Reports of the sender come between them.
        """
        found = 0
        for _ in range(2 * count):
            found += self.packet()[0] == 0
            if found == count:
                break
        return found

    def ended(self) -> bool:
        """Whether the device closes the GET, whatever it still sends before."""
        try:
            while self.get.recv(65536):
                pass
        except (ConnectionResetError, ssl.SSLEOFError):
            return True
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        self.close_post()
        self.get.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def _connect(self) -> socket.socket:
        line = socket.create_connection(self._to, LONGEST_S, source_address=self._source)
        return unverified().wrap_socket(line) if self._tls else line

    def _head(self, method: str, *headers: str) -> bytes:
        lines = [f"{method} /{self.path} HTTP/1.0", f"x-sessioncookie: {self._cookie}", *headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _authorization(self, method: str, url: str) -> str:
        realm, nonce = self._challenge["realm"], self._challenge["nonce"]
        secret = _md5(f"{self._username}:{realm}:{PASSWORD}")
        response = _md5(f"{secret}:{nonce}:{_md5(f'{method}:{url}')}")
        return (
            f'Authorization: Digest username="{self._username}", realm="{realm}", nonce="{nonce}", '
            f'uri="{url}", response="{response}"'
        )

    def _until_empty_line(self) -> str:
        while b"\r\n\r\n" not in self._held:
            self._receive()
        return self._take(self._held.index(b"\r\n\r\n") + 4).decode()

    def _take(self, size: int) -> bytes:
        self._need(size)
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    def _need(self, size: int) -> None:
        while len(self._held) < size:
            self._receive()

    def _receive(self) -> None:
        data = self.get.recv(65536)
        if not data:
            raise ConnectionError(f"the device closed the GET after {self._held[:200]!r}")
        self._held += data


def _decoded(coded: bytes) -> int:
    """How many bytes this much base64 says; line breaks say nothing."""
    return len(b"".join(coded.split())) * 3 // 4


def unverified() -> ssl.SSLContext:
    """For a device that signed its certificate itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class PlainClient(TunnelClient):
    """RTSP straight on one connection, to whatever port answers it."""

    def _begin(self) -> None:
        """Nothing comes before the first request."""

    def send(self, message: bytes) -> None:
        self.get.sendall(message)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
