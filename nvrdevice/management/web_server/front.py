"""The first protocol of every connection: HTTP or RTSP, decided by its first bytes.

RTSP over HTTP must answer on the web port (Media2 5.11), and it can only be told from HTTP by
the first request. What is HTTP goes to Daphne's protocol at once and costs nothing from then on;
what is RTSP, plain or through HTTP, goes to the media process, socket and all. Where it came inside
TLS the socket stays, and what is inside is carried.
"""

import logging
import re
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

from twisted.internet import protocol
from twisted.protocols.policies import ProtocolWrapper

from nvrdevice.lib.errors import DeviceError
from nvrdevice.management.web_server import bridge, loopback
from nvrdevice.management.web_server.limits import Limits
from nvrdevice.management.web_server.passage import Passage
from nvrdevice.management.web_server.seats import Seats
from nvrdevice.media import handover
from nvrdevice.media.handover import Arrival

log = logging.getLogger(__name__)

_RTSP_LINE = re.compile(rb"[A-Z_]{3,20} \S+ RTSP/\d\.\d")
_CSEQ = re.compile(rb"(?im)^CSeq[ \t]*:[ \t]*(\d{1,10})")
_TUNNEL = re.compile(rb"(?im)^x-sessioncookie[ \t]*:[ \t]*\S")
_TUNNEL_TYPE = b"application/x-rtsp-tunnelled"

# Sends a connection by its descriptor to the media process; handover.offer in the product.
Offer = Callable[[Arrival, int], socket.socket]

BAD, ABSENT = b"400 Bad Request", b"503 Service Unavailable"


class Front(protocol.Protocol):  # type: ignore[misc]
    """Holds the first bytes until they say what the connection is."""

    def __init__(self, factory: "FrontFactory") -> None:
        self.factory = factory
        self._held, self._late = b"", b""
        self._deadline: Any = None
        self._passage: Passage | None = None
        self._near: socket.socket | None = None  # our end of what is handed over for a TLS client

    def connectionMade(self) -> None:
        reactor = self.factory.reactor
        self._deadline = reactor.callLater(self.factory.limits.header_s, self._too_slow)

    def dataReceived(self, data: bytes) -> None:
        self._held += data
        first, found, _ = self._held.partition(b"\r\n")
        if not found:
            if len(self._held) > self.factory.limits.header_bytes:
                self._to_http()
            return
        head, complete, _ = self._held.partition(b"\r\n\r\n")
        too_long = len(head) > self.factory.limits.header_bytes
        if _RTSP_LINE.fullmatch(first):
            if too_long:
                self._refuse(BAD)
            elif complete:
                self._to_media()
        elif not first.startswith((b"GET ", b"POST ")) or too_long:
            self._to_http()
        elif complete:
            tunnel = _TUNNEL.search(head) and _TUNNEL_TYPE in head.lower()
            (self._to_media if tunnel else self._to_http)()

    def connectionLost(self, reason: Any = None) -> None:
        self._stop_clock()
        if self._passage is not None:
            self._passage.cancel()
        if self._near is not None:
            self._near.close()
        self.factory.seats.leave(self.transport.getPeer().host)

    def _to_http(self) -> None:
        """Put Daphne's protocol in this one's place, as Daphne does for a WebSocket."""
        self._stop_clock()
        transport = self.transport
        http = self.factory.http_factory.buildProtocol(transport.getPeer())
        if isinstance(transport, ProtocolWrapper):  # TLS
            transport.wrappedProtocol = http
        else:
            transport.protocol = http
        http.makeConnection(transport)
        held, self._held = self._held, b""
        http.dataReceived(held)

    def _to_media(self) -> None:
        """Offer the socket itself; until it is taken, this side keeps the connection."""
        self._stop_clock()
        self.dataReceived = self._keep  # type: ignore[method-assign]
        if not handover.can_go(self._held):
            self._refuse(BAD)
            return
        self.transport.pauseProducing()
        try:
            line = self._offer()
        except (DeviceError, OSError) as error:
            log.info("RTSP client %s refused: %s", self.transport.getPeer().host, error)
            self._refuse(ABSENT)
            return
        self._passage = Passage(
            line,
            self.factory.limits.handover_s,
            self.factory.reactor,
            taken=self._let_go if self._near is None else partial(self._carry_on, self._near),
            refused=self._not_taken,
        )

    def _keep(self, data: bytes) -> None:
        """Reading has stopped, but TLS still had this: the rest of one read, not more."""
        self._late += data

    def _offer(self) -> socket.socket:
        """The line on which the answer comes."""
        peer = self.transport.getPeer()
        tls = isinstance(self.transport, ProtocolWrapper)
        arrival = Arrival(address=peer.host, port=peer.port, tls=tls, first=self._held)
        if not tls:
            return self.factory.offer(arrival, self.transport.fileno())
        # The client's own bytes mean nothing outside this process: they go through a loopback
        # connection, whose other end is handed over in the client's name.
        self._near, far = loopback.pair()
        with far:
            return self.factory.offer(arrival, far.fileno())

    def _let_go(self) -> None:
        # Only this process's copy of the socket is to end: shutdown(2) would end the other too.
        self.transport._shouldShutdown = False
        self.transport.loseConnection()

    def _carry_on(self, near: socket.socket) -> None:
        """TLS stays here for as long as the client does."""
        self._near = None
        seats, host = self.factory.seats, self.transport.getPeer().host
        limits, reactor = self.factory.limits, self.factory.reactor
        carrying = bridge.build(
            self.transport, near, reactor, limits.stalled_s, lambda: seats.leave(host)
        )
        if self._late:
            carrying.dataReceived(self._late)
        self.transport.resumeProducing()

    def _not_taken(self) -> None:
        log.info("RTSP client %s was not taken over.", self.transport.getPeer().host)
        self._refuse(ABSENT)

    def _refuse(self, status: bytes) -> None:
        """In the words of the protocol it came with."""
        if self._held.startswith((b"GET ", b"POST ")):
            answer = b"HTTP/1.0 " + status + b"\r\nContent-Length: 0\r\n"
        else:
            found = _CSEQ.search(self._held)
            cseq = b"CSeq: " + found[1] + b"\r\n" if found else b""
            answer = b"RTSP/1.0 " + status + b"\r\n" + cseq
        self._stop_clock()
        self._held = b""
        self.transport.write(answer + b"Connection: close\r\n\r\n")
        self._close()

    def _too_slow(self) -> None:
        self._deadline = None
        if self._held:
            answer = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0"
            self.transport.write(answer + b"\r\n\r\n")
        self._close()

    def _close(self) -> None:
        """TLS ends when the client says so too: it is read for that, and given a moment."""
        self.dataReceived = _ignore  # type: ignore[method-assign]
        if isinstance(self.transport, ProtocolWrapper):
            reactor, limits = self.factory.reactor, self.factory.limits
            self._deadline = reactor.callLater(limits.refuse_s, self._give_up)
            self.transport.resumeProducing()
        self.transport.loseConnection()

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.abortConnection()

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class FrontFactory(protocol.ServerFactory):  # type: ignore[misc]
    """Counts connections and gives each a Front; noisy starts and stops stay silent."""

    noisy = False

    def __init__(
        self, http_factory: Any, limits: Limits, seats: Seats, offer: Offer, reactor: Any
    ) -> None:
        self.http_factory = http_factory
        self.limits = limits
        self.seats = seats
        self.offer = offer
        self.reactor = reactor

    def doStart(self) -> None:
        self.http_factory.doStart()
        super().doStart()

    def doStop(self) -> None:
        super().doStop()
        self.http_factory.doStop()

    def buildProtocol(self, addr: Any) -> Front | None:
        if not self.seats.take(addr.host):
            log.warning("Too many connections: one from %s is closed.", addr.host)
            return None
        return Front(self)


def _ignore(data: bytes) -> None:
    return None
