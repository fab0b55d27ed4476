"""A closed-loop load generator: keep-alive clients in one thread, one request on the way in each.

Every request is made before the clock starts, so that hashing for WS-UsernameToken and HTTP
Digest is not measured. `busy` tells how much of the time the generator itself was at work: far
below 1 it waited for the server, and the figure is the server's.
"""

import gc
import select
import socket
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PATH = "/onvif/device_service"


@dataclass(frozen=True)
class Load:
    requests: int
    seconds: float
    latencies_ms: tuple[float, ...]  # sorted
    busy: float  # share of one core that the generator took

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    def percentile_ms(self, share: float) -> float:
        return self.latencies_ms[min(int(len(self.latencies_ms) * share), self.requests - 1)]


class Client:
    """One connection with the requests it is going to send."""

    def __init__(self, port: int, requests: Iterable[bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 90)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = iter(requests)
        self._received = self.body = b""
        self.sent_s = 0.0

    def send_next(self) -> bool:
        request = next(self._requests, None)
        if request is None:
            return False
        self.sent_s = time.perf_counter()
        self.socket.sendall(request)
        return True

    def has_answer(self) -> bool:
        """Read what came; whether the answer is whole. ConnectionError where it is no 200."""
        self._received += self.socket.recv(65536)
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found:
            if not self._received:
                raise ConnectionError("the server closed the connection")
            return False
        if b" 200 " not in head[:15]:
            raise ConnectionError(self._received.decode(errors="replace"))
        if len(body) < content_length(head):
            return False
        self.body, self._received = body, b""
        return True

    def answer(self) -> bytes:
        """Wait for the answer to what was sent last; its body."""
        while not self.has_answer():
            pass
        return self.body


def content_length(head: bytes) -> int:
    rest = head.lower().partition(b"content-length:")[2]
    return int(rest.partition(b"\r\n")[0] or 0)


def run(port: int, requests: Sequence[Sequence[bytes]]) -> Load:
    """One client for each list of requests, all at once, until every list is done."""
    clients = {
        client.socket.fileno(): client for client in (Client(port, each) for each in requests)
    }
    poll = select.epoll()
    for number in clients:
        poll.register(number, select.EPOLLIN)
    latencies: list[float] = []
    gc.collect()
    gc.disable()
    began_s, worked_s = time.perf_counter(), time.process_time()
    try:
        running = sum(client.send_next() for client in clients.values())
        while running:
            ready = poll.poll(10)
            if not ready:
                raise TimeoutError("no answer for ten seconds")
            for number, _ in ready:
                client = clients[number]
                if client.has_answer():
                    latencies.append((time.perf_counter() - client.sent_s) * 1000)
                    running -= not client.send_next()
        seconds, worked_s = time.perf_counter() - began_s, time.process_time() - worked_s
    finally:
        gc.enable()
        for client in clients.values():
            client.socket.close()
    return Load(len(latencies), seconds, tuple(sorted(latencies)), worked_s / seconds)


SOAP = "application/soap+xml; charset=utf-8"


def post(body: bytes, *headers: str, path: str = PATH, kind: str = SOAP) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
