"""The first protocol of every connection: HTTP or RTSP, decided by its first bytes.

RTSP over HTTP must answer on the web port (Media2 5.11), and it can only be told from HTTP by
the first request. What is HTTP goes to Daphne's protocol at once and costs nothing from then on.
"""

import logging
import re
from typing import Any

from twisted.internet import protocol
from twisted.protocols.policies import ProtocolWrapper

from nvrdevice.management.web_server.limits import Limits
from nvrdevice.management.web_server.seats import Seats

log = logging.getLogger(__name__)

_RTSP_LINE = re.compile(rb"[A-Z_]{3,20} \S+ RTSP/1\.\d")
_CSEQ = re.compile(rb"(?im)^CSeq[ \t]*:[ \t]*(\d{1,10})")
_TUNNEL = re.compile(rb"(?im)^x-sessioncookie[ \t]*:")
_TUNNEL_TYPE = b"application/x-rtsp-tunnelled"


class Front(protocol.Protocol):  # type: ignore[misc]
    """Holds the first bytes until they say what the connection is."""

    def __init__(self, factory: "FrontFactory") -> None:
        self.factory = factory
        self._held = b""
        self._deadline: Any = None

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
        if _RTSP_LINE.fullmatch(first):
            if b"\r\n\r\n" in self._held or len(self._held) > self.factory.limits.header_bytes:
                self._refuse_rtsp()
            return
        if not first.startswith((b"GET ", b"POST ")):
            self._to_http()
            return
        head, complete, _ = self._held.partition(b"\r\n\r\n")
        if complete and _TUNNEL.search(head) and _TUNNEL_TYPE in head.lower():
            self._refuse_tunnel()
        elif complete or len(self._held) > self.factory.limits.header_bytes:
            self._to_http()

    def connectionLost(self, reason: Any = None) -> None:
        self._stop_clock()
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

    def _refuse_rtsp(self) -> None:
        found = _CSEQ.search(self._held)
        cseq = b"CSeq: " + found[1] + b"\r\n" if found else b""
        self._close_with(b"RTSP/1.0 501 Not Implemented\r\n" + cseq + b"Connection: close\r\n\r\n")

    def _refuse_tunnel(self) -> None:
        self._close_with(
            b"HTTP/1.0 501 Not Implemented\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        )

    def _too_slow(self) -> None:
        self._deadline = None
        if self._held:
            answer = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0"
            self.transport.write(answer + b"\r\n\r\n")
        self.transport.loseConnection()

    def _close_with(self, answer: bytes) -> None:
        self._stop_clock()
        self._held = b""
        self.dataReceived = _ignore  # type: ignore[method-assign]
        self.transport.write(answer)
        self.transport.loseConnection()

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class FrontFactory(protocol.ServerFactory):  # type: ignore[misc]
    """Counts connections and gives each a Front; noisy starts and stops stay silent."""

    noisy = False

    def __init__(self, http_factory: Any, limits: Limits, seats: Seats, reactor: Any) -> None:
        self.http_factory = http_factory
        self.limits = limits
        self.seats = seats
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
