"""What one process has to tell the others: short messages, heard by each that listens.

Unlike the doorbell, the message itself is the news, so this is for what may get lost without
harm: a process that is away just now does not hear of it later. Saying never blocks. Nobody
hears what it said itself.
"""

import json
import logging
import secrets
import threading
from collections.abc import Callable
from typing import Any

import zmq

from nvrdevice.lib.doorbell import Ringer
from nvrdevice.lib.run_sockets import RunSockets

log = logging.getLogger(__name__)

SUFFIX = ".line"
QUEUE_LIMIT = 500
MESSAGE_LIMIT = 200_000
POLL_S = 1.0

Hear = Callable[[Any], None]


class PartyLine:
    def __init__(self, sockets: RunSockets) -> None:
        self._sockets = sockets
        self._own = secrets.token_hex(8)
        self._ringer = Ringer(sockets, suffix=SUFFIX, queue_limit=QUEUE_LIMIT)
        self._hear: dict[str, Hear] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def on(self, about: str, hear: Hear) -> None:
        """Have hear called, in the line's own thread, with what others say about something."""
        self._hear[about] = hear

    def say(self, about: str, content: Any) -> None:
        """content is JSON; from any thread."""
        self._ringer.ring(json.dumps([self._own, about, content], separators=(",", ":")))

    def listen(self, process: str) -> None:
        """Hear what is said from now on, until close()."""
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        socket = context.socket(zmq.PULL)
        socket.setsockopt(zmq.RCVHWM, QUEUE_LIMIT)
        socket.setsockopt(zmq.MAXMSGSIZE, MESSAGE_LIMIT)
        socket.bind(self._sockets.address(process + SUFFIX))
        self._thread = threading.Thread(
            target=self._listen, args=(context, socket), name="party line", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(2 * POLL_S)
        self._ringer.close()

    def _listen(self, context: zmq.Context[zmq.Socket[bytes]], socket: zmq.Socket[bytes]) -> None:
        try:
            while not self._stopping.is_set():
                if socket.poll(int(POLL_S * 1000)):
                    self._take(socket.recv())
        finally:
            socket.close(linger=0)
            context.term()

    def _take(self, message: bytes) -> None:
        try:
            said_by, about, content = json.loads(message)
            hear = self._hear.get(about) if said_by != self._own else None
            if hear is not None:
                hear(content)
        except Exception:  # one message must not end the line
            log.exception("a message of another process could not be used")
