"""Raw TCP towards the server under test: bytes out, whole answers in."""

import contextlib
import socket
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

LONGEST_S = 20.0  # no test waits this long; a server that hangs fails instead of hanging the run


@dataclass(frozen=True)
class Running:
    process: "subprocess.Popen[str]"
    port: int
    tls_port: int
    folder: Path  # where the processes of this device would meet

    def connect(self, *, from_address: str = "", to: str = "127.0.0.1") -> "Connection":
        return Connection(self.port, to, from_address)

    def connect_tls(self, *, from_address: str = "") -> "Connection":
        made = Connection(self.tls_port, "127.0.0.1", from_address)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        made.socket = context.wrap_socket(made.socket)
        return made

    def end(self, with_signal: int) -> str:
        """Send the signal and wait; what it wrote to standard error."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        return self.process.communicate(timeout=LONGEST_S)[1]


class Connection:
    def __init__(self, port: int, to: str, from_address: str) -> None:
        source = (from_address, 0) if from_address else None
        self.socket: socket.socket = socket.create_connection(
            (to, port), LONGEST_S, source_address=source
        )
        self._held = b""

    def __enter__(self) -> "Connection":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def head(self) -> bytes:
        """Up to the next empty line."""
        while b"\r\n\r\n" not in self._held:
            self._receive()
        return self.take(self._held.index(b"\r\n\r\n") + 4)

    def take(self, size: int) -> bytes:
        """The next bytes, exactly as many."""
        while len(self._held) < size:
            self._receive()
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    def answer(self) -> tuple[int, bytes]:
        """Status and body of the next answer that says its length."""
        head = self.head()
        status = int(head.split(b" ")[1])
        lengths = [
            int(line.partition(b":")[2])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length")
        ]
        return status, self.take(lengths[0] if lengths else 0)

    def rest(self) -> bytes:
        """Everything until the server closes."""
        parts, self._held = [self._held], b""
        with contextlib.suppress(ConnectionResetError):
            while data := self.socket.recv(65536):
                parts.append(data)
        return b"".join(parts)

    def closed(self) -> bool:
        """Whether the server has closed, or closes without another byte."""
        return self.rest() == b""

    def _receive(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise AssertionError(f"closed after {self._held[:200]!r}")
        self._held += data
