"""Daphne's WebSocket protocol with back-pressure both ways and a seat among the connections."""

import socket
from typing import Any

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from nvrdevice.management.web_server.drain import Drain
from nvrdevice.management.web_server.limits import Limits
from nvrdevice.management.web_server.seats import Seats

TOO_MUCH = 1008  # policy violation, RFC 6455 7.4.1
# What may wait in the kernel for a slow client: by itself it would hold megabytes, which are
# seconds of a live picture that nobody can drop any more.
UNSENT_BYTES = 128 * 1024


class WebSocket(WebSocketProtocol):  # type: ignore[misc]
    drain: Drain | None = None

    def makeConnection(self, transport: Any) -> None:
        # The HTTP channel is still registered as the maker of this transport's data.
        transport.unregisterProducer()
        self.drain = Drain()
        transport.registerProducer(self.drain, streaming=True)
        _keep_little(transport)
        super().makeConnection(transport)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: FBT001 - autobahn's
        if self.application_queue.qsize() >= self.factory.limits.websocket_waiting:
            self.sendCloseFrame(code=TOO_MUCH)
            self.muted = True
            return
        super().onMessage(payload, isBinary)

    def connectionLost(self, reason: Any = None) -> None:
        self.factory.seats.leave(self.transport.getPeer().host)
        if self.drain is not None:
            self.drain.stopProducing()
        super().connectionLost(reason)


class WebSockets(WebSocketFactory):  # type: ignore[misc]
    protocol = WebSocket
    noisy = False

    def __init__(self, server: Any, limits: Limits, seats: Seats) -> None:
        super().__init__(server, server="")
        self.limits = limits
        self.seats = seats


def _keep_little(transport: Any) -> None:
    tcp = getattr(transport, "transport", transport)  # below TLS, where there is TLS
    handle = tcp.getHandle() if hasattr(tcp, "getHandle") else None
    if isinstance(handle, socket.socket):
        handle.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
