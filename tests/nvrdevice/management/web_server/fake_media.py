"""What the media process does at the handover, without GStreamer: takes connections and keeps them.

A connection it took belongs to the test, which speaks on it as the RTSP server would.
"""

import contextlib
import queue
import socket
import threading
from pathlib import Path
from typing import NamedTuple

from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.media import handover
from nvrdevice.media.handover import Arrival

LONGEST_S = 20.0


class Taken(NamedTuple):
    arrival: Arrival
    socket: socket.socket


class FakeMedia:
    """answer: what it says to whoever hands over; None is a process that hangs."""

    def __init__(self, folder: Path, answer: bytes | None = handover.TAKEN) -> None:
        self.answer = answer
        self._taken: queue.Queue[Taken] = queue.Queue()
        self._held: list[socket.socket] = []
        path = RunSockets(folder).path(handover.NAME)
        Path(path).unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind(path)
        self._listener.listen(8)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def taken(self) -> Taken:
        return self._taken.get(timeout=LONGEST_S)

    def __enter__(self) -> "FakeMedia":
        return self

    def __exit__(self, *_: object) -> None:
        """As a process that is killed: whatever it held is closed."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(LONGEST_S)
        for one in (self._listener, *self._held):
            one.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                found = Taken(*handover.receive(line))
                found.socket.settimeout(LONGEST_S)
                self._held += [line, found.socket]
                if self.answer is None:
                    continue
                line.send(self.answer)
                if self.answer == handover.TAKEN:
                    self._taken.put(found)
