"""Twisted's HTTP channel with deadlines, smaller bounds and a way to refuse a request early.

Stock Twisted resets its one timeout with every byte, which is no protection from a client that
sends a byte a minute; here headers and bodies each have a deadline for the whole of them.
"""

import re
from functools import partial
from typing import Any

from daphne.http_protocol import HTTPFactory
from twisted.web import http

from nvrdevice.management.web_server.limits import Limits
from nvrdevice.management.web_server.request import Request
from nvrdevice.management.web_server.seats import Seats

NAME_MAX = 128
# Twisted remembers ten thousand names of headers however long they are, and an exception is all it
# has for a length of five thousand digits.
_NO_HEADER = re.compile(rb"[^:]{%d}|content-length:" % (NAME_MAX + 1), re.IGNORECASE)
_ABSOLUTE = re.compile(rb"\Ahttps?://[^/?#]*/?", re.IGNORECASE)


class Channel(http.HTTPChannel):  # type: ignore[misc]
    limits: Limits
    seats: Seats
    open_channels: "set[Channel]"
    refused = False
    _path: bytes
    _deadline: Any = None

    def connectionMade(self) -> None:
        super().connectionMade()
        self.open_channels.add(self)

    def dataReceived(self, data: bytes) -> None:
        if self.refused:
            return
        if self._deadline is None and self.line_mode and not self._handlingRequest:
            self.expect_within(self.limits.header_s)
        super().dataReceived(data)

    def headerReceived(self, line: bytes) -> Any:
        if len(line) > NAME_MAX and _NO_HEADER.match(line):
            self._respondToBadRequestAndDisconnect()
            return False
        return super().headerReceived(line)

    def allHeadersReceived(self) -> None:
        self.on_time()
        # A server must accept the absolute form that clients behind a proxy send (RFC 9112 3.2.2).
        self._path = _ABSOLUTE.sub(b"/", self._path)
        super().allHeadersReceived()

    def allContentReceived(self) -> None:
        if not self.refused:
            super().allContentReceived()

    def connectionLost(self, reason: Any = None) -> None:
        self.on_time()
        self.open_channels.discard(self)
        self.seats.leave(self.transport.getPeer().host)
        super().connectionLost(reason)

    def lineLengthExceeded(self, line: bytes) -> None:
        self.refuse(b"431 Request Header Fields Too Large")

    def expect_within(self, seconds: float) -> None:
        """What is being received has to be whole by then."""
        self.on_time()
        self._deadline = self.callLater(seconds, self._too_slow)

    def on_time(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def refuse(self, status: bytes, json: bytes = b"") -> None:
        """Answer now, with json if there is any, read no more of the request, and close."""
        if self.refused:
            return
        self.refused = True
        self.on_time()
        self.persistent = False
        kind = b"\r\nContent-Type: application/json" if json else b""
        self.transport.write(
            b"HTTP/1.1 %b\r\nConnection: close%b\r\nContent-Length: %d\r\n\r\n%b"
            % (status, kind, len(json), json)
        )
        # A close with unread bytes would reset the connection and take the answer with it.
        self.expect_within(self.limits.refuse_s)

    def close_when_done(self) -> None:
        """No further request on this connection."""
        self.persistent = False
        if not self._handlingRequest:
            self.loseConnection()

    def _too_slow(self) -> None:
        self._deadline = None
        if self.refused:
            self.loseConnection()
            self._deadline = self.callLater(self.limits.refuse_s, self.transport.abortConnection)
            return
        self.refuse(b"408 Request Timeout")

    def _send100Continue(self) -> None:
        if not self.refused:
            super()._send100Continue()


class HttpFactory(HTTPFactory):  # type: ignore[misc]
    """Makes our channels, without the proxy class that HTTP/2 would need, and logs nothing."""

    noisy = False

    def __init__(self, server: Any, limits: Limits, seats: Seats) -> None:
        super().__init__(server)
        self.timeOut = limits.idle_s
        self.limits = limits
        self.seats = seats
        self.channels: set[Channel] = set()

    def buildProtocol(self, addr: Any) -> Channel:
        channel = Channel()
        channel.factory = self
        channel.callLater = self.reactor.callLater
        channel.timeOut = self.timeOut
        channel.limits = self.limits
        channel.seats = self.seats
        channel.open_channels = self.channels
        channel.maxHeaders = self.limits.header_count
        channel.totalHeadersSize = self.limits.header_bytes
        # Forms are Django's to parse; Twisted would do it first, whole and in memory.
        channel.requestFactory = partial(Request, parsePOSTFormSubmission=False)
        return channel

    def log(self, request: Any) -> None:
        """No access log: operations and pages log themselves."""
