"""The media process's end of the handover: connections of the web port become RTSP clients.

Whoever sends is another process, so every message is taken for what it may be: cut off, without
a socket, with ten of them, or never coming. What is not wanted is closed, and the next is served.
"""

import contextlib
import logging
import os
import socket
import stat
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from nvrdevice.lib import home
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError
from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.media.engine.gst import Gio, GLib
from nvrdevice.media.engine.half_tunnels import HalfTunnels
from nvrdevice.media.handover import NAME, REFUSED, TAKEN, Arrival, receive

log = logging.getLogger(__name__)

BACKLOG = 256
LINES_LIMIT = 32
MESSAGE_S = 2
SWEEP_S = 2
OWNER_ONLY = stat.S_IRUSR | stat.S_IWUSR
_CREDENTIALS = struct.Struct("3i")


class Transfer(Protocol):
    def __call__(self, line: Any, address: str, port: int, first: str, *, tls: bool) -> bool: ...


class Handover:
    """transfer(Gio.Socket, address, port, first bytes, tls): RtspServer.take."""

    def __init__(
        self,
        transfer: Transfer,
        sockets: RunSockets | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._transfer = transfer
        self._sockets = sockets or home.run_sockets()
        self._halves = HalfTunnels(clock)
        self._turned_away = 0
        self._listener: socket.socket | None = None
        self._lines: dict[socket.socket, list[int]] = {}  # with the GLib sources of each
        self._sources: list[int] = []

    def start(self) -> None:
        path = self._sockets.path(NAME)
        Path(path).unlink(missing_ok=True)  # of a process that was killed
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.settimeout(0)
        listener.bind(path)
        Path(path).chmod(OWNER_ONLY)  # before listen: nobody can have connected yet
        listener.listen(BACKLOG)
        self._listener = listener
        self._sources = [
            _watch(listener, self._on_knock),
            GLib.timeout_add_seconds(SWEEP_S, self._sweep),
        ]

    def stop(self) -> None:
        for source in self._sources:
            GLib.source_remove(source)
        self._sources = []
        for line in list(self._lines):
            self._let_go(line)
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _on_knock(self, *_: Any) -> bool:
        if self._listener is None:
            return False
        with contextlib.suppress(OSError):
            line, _address = self._listener.accept()
            if len(self._lines) >= LINES_LIMIT or not _is_ours(line):
                log.warning("a connection was not taken over: too many, or not of this user")
                line.close()
                return True
            line.settimeout(0)
            self._lines[line] = []
            if self._on_message(line):  # it has not been sent yet
                self._lines[line] = [
                    _watch(line, lambda *_: self._on_message(line)),
                    GLib.timeout_add_seconds(MESSAGE_S, lambda: self._on_silence(line)),
                ]
        return True

    def _on_message(self, line: socket.socket) -> bool:
        """Whether there is still something to wait for."""
        answer = REFUSED
        try:
            arrival, client = receive(line)
            answer = self._take(arrival, client)
        except BlockingIOError:
            return True
        except DeviceError as error:
            log.warning("%s", error.text)
        except (OSError, GLib.Error) as error:
            log.info("a connection could not be taken over: %s", error)
        with contextlib.suppress(OSError):
            line.send(answer)
        self._let_go(line)
        return False

    def _take(self, arrival: Arrival, client: socket.socket) -> bytes:
        if not self._halves.make_room(arrival.first, arrival.address):
            client.close()
            self._turned_away += 1
            return REFUSED
        found = Gio.Socket.new_from_fd(client.fileno())
        self._halves.came(arrival.first, arrival.address, _Line(client.detach()))
        first = arrival.first.decode("ascii")
        taken = self._transfer(found, arrival.address, arrival.port, first, tls=arrival.tls)
        return TAKEN if taken else REFUSED

    def _on_silence(self, line: socket.socket) -> bool:
        log.warning("a handover brought nothing for %d s", MESSAGE_S)
        self._let_go(line)
        return False

    def _let_go(self, line: socket.socket) -> None:
        for source in self._lines.pop(line, ()):
            GLib.source_remove(source)
        line.close()

    def _sweep(self) -> bool:
        dropped = self._halves.sweep()
        away, self._turned_away = self._turned_away, 0
        if dropped or away:
            log.warning("half-open RTSP tunnels: %d dropped, %d more turned away", dropped, away)
        return True


class _Line:
    """A client's connection, known by number and inode.

    A reference to its Gio.Socket would keep it open after the RTSP server has done with it.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._inode = os.fstat(descriptor).st_ino

    def closed(self) -> bool:
        try:
            return os.fstat(self._descriptor).st_ino != self._inode
        except OSError:
            return True

    def drop(self) -> None:
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self._descriptor)) as same:
            # Looked at after the dup: another thread may close it and get its number again.
            if os.fstat(same.fileno()).st_ino == self._inode:
                same.shutdown(socket.SHUT_RDWR)


def _is_ours(line: socket.socket) -> bool:
    found = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _process, user, _group = _CREDENTIALS.unpack(found)
    return user in (0, os.geteuid())


def _watch(one: socket.socket, call: Callable[..., bool]) -> int:
    conditions = GLib.IOCondition.IN | GLib.IOCondition.HUP
    source: int = GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, one.fileno(), conditions, call)
    return source
