"""The doorbell: a message that only says "look". The row or file it points at is the truth.

Each process that wants to be woken binds a bell of its own; whoever changed something rings
all bells there are. A ring carries the name of what changed ("journal", "accounts", "state"),
so that a reader need not look everywhere. Lost rings are harmless: readers also look now and
then by themselves.
"""

import logging
import threading
from pathlib import Path

import zmq

from nvrdevice.lib.run_sockets import RunSockets

log = logging.getLogger(__name__)

SUFFIX = ".bell"
QUEUE_LIMIT = 64


class Ringer:
    """Rings every bell in the run folder; safe to call from any thread, never blocks."""

    def __init__(
        self, sockets: RunSockets, *, suffix: str = SUFFIX, queue_limit: int = QUEUE_LIMIT
    ) -> None:
        """suffix: of the sockets that are rung; another one makes bells for another use."""
        self._sockets, self._suffix, self._queue_limit = sockets, suffix, queue_limit
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._lines: dict[str, tuple[int, zmq.Socket[bytes]]] = {}
        self._lock = threading.Lock()

    def ring(self, what: str) -> None:
        with self._lock:
            for line in self._connected_lines():
                try:
                    line.send(what.encode(), zmq.DONTWAIT)
                except zmq.Again:  # that reader is far behind: it will look anyway
                    continue

    def _connected_lines(self) -> list[zmq.Socket[bytes]]:
        found = {bell.name: bell.stat().st_ino for bell in self._bells()}
        for name, (inode, line) in list(self._lines.items()):
            if found.get(name) != inode:  # the reader is gone or has started anew
                line.close(linger=0)
                del self._lines[name]
        for name, inode in found.items():
            if name not in self._lines:
                line = self._context.socket(zmq.PUSH)
                line.setsockopt(zmq.SNDHWM, self._queue_limit)
                line.connect(self._sockets.address(name))
                self._lines[name] = (inode, line)
        return [line for _, line in self._lines.values()]

    def _bells(self) -> list[Path]:
        found = self._sockets.folder.glob("*" + self._suffix)
        return [bell for bell in found if bell.is_socket()]

    def close(self, linger_ms: int = 200) -> None:
        """Hand over what was rung last (a command line tool rings and exits) and close."""
        with self._lock:
            for _, line in self._lines.values():
                line.close(linger=linger_ms)
            self._lines.clear()
            self._context.term()


class Bell:
    """What a process listens to. One thread uses it: wait() in a loop, or poll its descriptor."""

    def __init__(self, sockets: RunSockets, process: str) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.PULL)
        self._socket.setsockopt(zmq.RCVHWM, QUEUE_LIMIT)
        self._socket.bind(sockets.address(process + SUFFIX))

    def wait(self, timeout_s: float) -> set[str]:
        """The names rung since the last call; empty after timeout_s."""
        if not self._socket.poll(int(timeout_s * 1000)):
            return set()
        rung: set[str] = set()
        for _ in range(QUEUE_LIMIT):
            try:
                rung.add(self._socket.recv(zmq.DONTWAIT).decode(errors="replace"))
            except zmq.Again:
                break
        return rung

    def close(self) -> None:
        self._socket.close(linger=0)
        self._context.term()
