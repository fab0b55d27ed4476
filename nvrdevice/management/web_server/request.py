"""Daphne's request with a bound on its body, which stays in memory because it is bounded."""

from io import BytesIO
from typing import Any

from daphne.http_protocol import WebRequest


class Request(WebRequest):  # type: ignore[misc]
    _body_limit = 0
    _received = 0

    def gotLength(self, length: int | None) -> None:
        """The headers are read, the body is not: the moment to refuse it."""
        limits = self.channel.limits
        self._body_limit = limits.body_limit(self.channel._path)
        self.content = BytesIO()
        if length is not None and length > self._body_limit:
            self._refuse()
        elif length != 0:
            expected = self._body_limit if length is None else length
            self.channel.expect_within(limits.body_deadline_s(expected))

    def handleContentChunk(self, data: bytes) -> None:
        """A part of the body; a chunked one says its size only by arriving."""
        if self.channel.refused:
            return
        self._received += len(data)
        if self._received > self._body_limit:
            self._refuse()
            return
        self.content.write(data)

    def _refuse(self) -> None:
        words = self.channel.limits.too_large(self.channel._path)
        self.channel.refuse(b"413 Content Too Large", words)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        self.channel.on_time()
        super().requestReceived(command, path, version)

    def process(self) -> Any:
        # Daphne would let any client name the application's root with it.
        self.requestHeaders.removeHeader(b"Daphne-Root-Path")
        channel = self.channel
        processed = super().process()
        if self.transport is None:  # a WebSocket has it now, and the channel is not told of its end
            channel.open_channels.discard(channel)
        return processed
