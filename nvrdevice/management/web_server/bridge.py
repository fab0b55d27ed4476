"""What is inside a TLS connection, carried to and from a loopback connection.

Each side is the maker of the other's data: who cannot take more stops the other from being read,
so that a client which reads nothing costs what the kernel holds, and not one byte more here.
"""

import socket
from collections.abc import Callable
from typing import Any

from twisted.internet import protocol


class Side(protocol.Protocol):  # type: ignore[misc]
    """One end of the bridge; gone is called once when it is lost."""

    other: "Side"

    def __init__(self, reactor: Any, end_s: float, gone: Callable[[], None]) -> None:
        self._reactor, self._end_s, self._gone = reactor, end_s, gone
        self._ending: Any = None
        self._lost = False

    def dataReceived(self, data: bytes) -> None:
        self.other.take(data)

    def take(self, data: bytes) -> None:
        if not self._lost:
            self.transport.write(data)

    def connectionLost(self, reason: Any = None) -> None:
        self._lost = True
        if self._ending is not None and self._ending.active():
            self._ending.cancel()
        self.other.end()
        self._gone()

    def end(self) -> None:
        """Close when what was written is out; a reader that takes it too slowly is cut off."""
        if self._lost or self._ending is not None:
            return
        self.transport.unregisterProducer()
        # A paused transport would not even notice that its client has gone.
        self.transport.resumeProducing()
        self._ending = self._reactor.callLater(self._end_s, self.transport.abortConnection)
        self.transport.loseConnection()


class _Lines(Side):
    """A client's side: the CR of a line goes on together with its LF.

    GStreamer forgets a CR which it reads alone, and then never sees the end of that request.
    """

    _held = b""

    def dataReceived(self, data: bytes) -> None:
        whole = self._held + data
        # The report of a receiver may end so too; it goes on with the next one.
        self._held = whole[-1:] if whole.endswith(b"\r") else b""
        if ready := whole[: len(whole) - len(self._held)]:
            super().dataReceived(ready)


def build(
    client: Any, near: socket.socket, reactor: Any, end_s: float, gone: Callable[[], None]
) -> Side:
    """Carry between a client's TLS transport and our end of a loopback connection.

    The side that takes the place of the transport's protocol; near belongs to the reactor then.
    end_s is how long a lost connection's other side has to take what is still on its way.
    """
    front, back = _Lines(reactor, end_s, gone), Side(reactor, end_s, _nothing)
    front.other, back.other = back, front
    client.wrappedProtocol = front
    front.makeConnection(client)
    with near:  # adopted as a duplicate
        reactor.adoptStreamConnection(near.fileno(), near.family, _One(back))
    back.transport.registerProducer(client, True)  # noqa: FBT003 - Twisted's
    client.registerProducer(back.transport, True)  # noqa: FBT003
    return front


class _One(protocol.ServerFactory):  # type: ignore[misc]
    noisy = False

    def __init__(self, side: Side) -> None:
        self._side = side

    def buildProtocol(self, addr: Any) -> Side:
        return self._side


def _nothing() -> None:
    return None
