"""A connection on its way to the media process, from the offer to the answer."""

import socket
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IReadDescriptor
from zope.interface import implementer

from nvrdevice.media.handover import ANSWER_LIMIT, TAKEN


@implementer(IReadDescriptor)
class Passage:
    """Calls taken or refused, once; a silence of timeout_s is a refusal."""

    def __init__(
        self,
        line: socket.socket,
        timeout_s: float,
        reactor: Any,
        *,
        taken: Callable[[], None],
        refused: Callable[[], None],
    ) -> None:
        self._line = line
        self._reactor = reactor
        self._taken, self._refused = taken, refused
        self._deadline = reactor.callLater(timeout_s, self._end_with, refused)
        reactor.addReader(self)

    def fileno(self) -> int:
        return self._line.fileno()

    def logPrefix(self) -> str:
        return "handover"

    def doRead(self) -> None:
        try:
            said = self._line.recv(ANSWER_LIMIT)
        except BlockingIOError:
            return
        except OSError:
            said = b""  # the media process died with it
        self._end_with(self._taken if said == TAKEN else self._refused)

    def connectionLost(self, reason: Any) -> None:
        """Twisted found the line broken, or the reactor stops."""
        self._end_with(self._refused)

    def cancel(self) -> None:
        """Nobody waits for the answer any more."""
        self._end_with(lambda: None)

    def _end_with(self, call: Callable[[], None]) -> None:
        if self._line.fileno() < 0:
            return
        self._reactor.removeReader(self)
        self._line.close()
        if self._deadline.active():
            self._deadline.cancel()
        call()
