"""RTSP_PORT: connections are the RTSP server's from their first whole request on.

GStreamer forgets a line's CR where its LF has not come yet. When that line is the last of a
request, the request waits for one byte more, which nobody sends. What comes in two packets, or
byte by byte, is therefore put together here, and those who never end a request are not let in.
"""

import contextlib
import logging
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from nvrdevice.media.engine.gst import Gio, GLib
from nvrdevice.media.engine.listening import open_both

log = logging.getLogger(__name__)

HEAD_LIMIT = 16_384
HEAD_S = 10  # for a first request to be there
WAITING_LIMIT = 128
PER_ADDRESS_LIMIT = 64  # a recorder may begin all its channels at once

_END = re.compile(rb"\r?\n\r?\n|\r\r")
_REFUSED = b"RTSP/1.0 400 Bad Request\r\nConnection: close\r\n\r\n"


class Take(Protocol):
    def __call__(self, line: Any, address: str, port: int, first: str) -> bool: ...


@dataclass(eq=False)
class _Waiting:
    line: socket.socket
    address: str
    port: int
    head: bytes = b""
    sources: list[int] = field(default_factory=list)


class RtspPort:
    """Main loop only. knock(address): whether who connects from there is listened to at all.

    take(Gio.Socket, address, port, first request).
    """

    def __init__(self, port: int, knock: Callable[[str], bool], take: Take) -> None:
        self._port, self._knock, self._take = port, knock, take
        self._opened: list[tuple[socket.socket, int]] = []
        self._waiting: dict[_Waiting, None] = {}  # the oldest first

    def start(self) -> None:
        """DeviceError where the port cannot be had."""
        for one in open_both(self._port, "RTSP_PORT", "RTSP"):
            self._opened.append((one, _watch(one, partial(self._on_knock, one))))

    def stop(self) -> None:
        for one, source in self._opened:
            GLib.source_remove(source)
            one.close()
        self._opened = []
        for waiting in list(self._waiting):
            self._end(waiting)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def _on_knock(self, listening: socket.socket) -> bool:
        with contextlib.suppress(OSError):  # a client may be gone again before it is accepted
            line, (host, port, *_rest) = listening.accept()
            if not self._knock(host):
                line.close()
                return True
            line.settimeout(0)
            self._make_room(host)
            one = _Waiting(line, host, port)
            self._waiting[one] = None
            if self._read(one):  # the request has not come with the connection
                one.sources = [
                    _watch(line, lambda: self._read(one)),
                    GLib.timeout_add_seconds(HEAD_S, lambda: self._end(one)),
                ]
        return True

    def _make_room(self, address: str) -> None:
        """The one that waited longest goes, of this address where that has too many."""
        beside = [one for one in self._waiting if one.address == address]
        if len(beside) >= PER_ADDRESS_LIMIT:
            self._end(beside[0])
        elif len(self._waiting) >= WAITING_LIMIT:
            self._end(next(iter(self._waiting)))

    def _read(self, one: _Waiting) -> bool:
        """Whether there is still something to wait for. What follows the head stays unread."""
        try:
            seen = one.line.recv(HEAD_LIMIT, socket.MSG_PEEK)
            tail = one.head[-3:]
            found = _END.search(tail + seen)
            size = found.end() - len(tail) if found else len(seen)
            one.head += one.line.recv(size) if size else b""
        except BlockingIOError:
            return True
        except OSError:
            return self._end(one)
        if found:
            return self._let_in(one)
        if not seen:
            return self._end(one)
        if len(one.head) > HEAD_LIMIT:
            return self._refuse(one)
        return True

    def _let_in(self, one: _Waiting) -> bool:
        try:
            first = one.head.lstrip(b"\r\n").decode()
        except UnicodeDecodeError:
            first = "\0"
        if "\0" in first:  # GStreamer takes it as a C string
            return self._refuse(one)
        self._forget(one)
        found = Gio.Socket.new_from_fd(one.line.detach())
        try:
            self._take(found, one.address, one.port, first)
        except GLib.Error as error:
            log.info("RTSP client %s has gone: %s", one.address, error.message)
        return False

    def _refuse(self, one: _Waiting) -> bool:
        log.info("RTSP client %s refused: its request cannot be read", one.address)
        with contextlib.suppress(OSError):
            one.line.send(_REFUSED)
        return self._end(one)

    def _end(self, one: _Waiting) -> bool:
        self._forget(one)
        one.line.close()
        return False

    def _forget(self, one: _Waiting) -> None:
        self._waiting.pop(one, None)
        for source in one.sources:
            GLib.source_remove(source)
        one.sources = []


def _watch(one: socket.socket, call: Callable[[], bool]) -> int:
    conditions = GLib.IOCondition.IN | GLib.IOCondition.HUP | GLib.IOCondition.ERR
    source: int = GLib.unix_fd_add_full(
        GLib.PRIORITY_DEFAULT, one.fileno(), conditions, lambda *_: call()
    )
    return source
