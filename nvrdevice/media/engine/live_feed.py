"""The live picture for browsers: streams of the hubs as fragmented MP4, on the run socket "live".

Nothing is taken or boxed unless somebody subscribed to it. Who subscribes gets the current
group of pictures at once, and a key picture soon. One thread does it all; the streaming threads
only leave their access units with it and never wait.
"""

import contextlib
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import zmq

from nvrdevice.lib import home
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.media.engine.consumers import Queue
from nvrdevice.media.engine.hub import AccessUnit, Hub
from nvrdevice.media.fmp4.boxer import Boxer, Fragment, Init
from nvrdevice.media.live_messages import (
    ADDRESS,
    GROUP_BYTES,
    GROUP_PARTS,
    QUEUE_LIMIT,
    Group,
    Message,
    Opening,
    Part,
    Refusal,
    pack,
)
from nvrdevice.media.resolved import Profile

log = logging.getLogger(__name__)

LOOK_S = 1.0  # how often a stream is looked for that was not there, or is another one now
# Players take a distance of more than two pictures' duration for a hole, and then wait for the
# next key picture: a camera that drops frames in the dark must not bring that upon them.
LASTING = 5.0


@dataclass(frozen=True)
class Stream:
    hub: Hub
    codec: str
    fps: float
    keys_on_request: bool

    def is_same(self, other: "Stream | None") -> bool:
        """fps may be corrected while it runs."""
        return other is not None and (self.hub, self.codec) == (other.hub, other.codec)


Find = Callable[[str], Stream]  # by profile token; DeviceError says why there is none


class Channel(Protocol):
    def hub(self, encoder: str) -> Hub | None: ...
    def keys_on_request(self, encoder: str) -> bool: ...


def finder(profile_of: Callable[[object], Profile], channel_of: Callable[[str], Channel]) -> Find:
    def find(token: str) -> Stream:
        encoder = profile_of(token).video_encoder
        assert encoder is not None  # complete profiles have one
        channel = channel_of(encoder.source)
        hub = channel.hub(encoder.token)
        if hub is None:
            raise DeviceError(Kind.UNAVAILABLE, f"The profile {token!r} is not running yet.")
        passed = hub.format if encoder.pass_through else None
        return Stream(
            hub,
            passed.codec if passed else encoder.encoding,
            encoder.fps,
            channel.keys_on_request(encoder.token),
        )

    return find


class LiveFeed:
    def __init__(self, find: Find, sockets: RunSockets | None = None) -> None:
        self._find = find
        self._sockets = sockets or home.run_sockets()
        self._lines: dict[bytes, _Line] = {}
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.XPUB)
        self._socket.setsockopt(zmq.SNDHWM, QUEUE_LIMIT)
        self._socket.setsockopt(zmq.XPUB_VERBOSE, 1)  # each who joins, also the second one

    def start(self) -> None:
        self._socket.bind(self._sockets.address(ADDRESS))
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        os.eventfd_write(self._wake, 1)
        if self._thread.is_alive():
            self._thread.join(timeout=3)

    def _run(self) -> None:
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLIN)
        poller.register(self._wake, zmq.POLLIN)
        look_at_s = 0.0
        try:
            while not self._stopping.is_set():
                ready = dict(poller.poll(int(LOOK_S * 1000)))
                if self._wake in ready:
                    os.eventfd_read(self._wake)
                if self._socket in ready:
                    self._read_subscriptions()
                if time.monotonic() >= look_at_s:
                    look_at_s = time.monotonic() + LOOK_S
                    for line in self._lines.values():
                        line.look()
                for line in self._lines.values():
                    line.forward()
        finally:
            for line in self._lines.values():
                line.leave()
            self._socket.close(linger=0)
            self._context.term()

    def _read_subscriptions(self) -> None:
        while True:
            try:
                message = self._socket.recv(zmq.DONTWAIT)
            except zmq.Again:
                return
            wanted, topic = message[:1] == b"\x01", message[1:]
            line = self._lines.get(topic)
            if not wanted:
                if line is not None:
                    line.leave()
                    del self._lines[topic]
            elif line is not None:
                line.repeat()
            elif topic.endswith(b"\0"):
                profile = topic[:-1].decode(errors="replace")
                line = self._lines[topic] = _Line(profile, self._find, self._send, self._notify)
                line.look()

    def _send(self, frames: list[bytes]) -> None:
        with contextlib.suppress(zmq.Again):  # a reader that lost something asks anew
            self._socket.send_multipart(frames, zmq.DONTWAIT)

    def _notify(self) -> None:
        os.eventfd_write(self._wake, 1)


class _Line:
    """One profile that somebody watches. Of the feed's thread alone, but for offer()."""

    def __init__(
        self,
        profile: str,
        find: Find,
        send: Callable[[list[bytes]], None],
        notify: Callable[[], None],
    ) -> None:
        self._profile, self._find = profile, find
        self._send, self._notify = send, notify
        self._stream: Stream | None = None
        self._boxer: Boxer | None = None
        self._queue = Queue()
        self._group = Group()
        self._refusal: Refusal | None = None
        self._generation = secrets.randbits(48)

    def offer(self, unit: AccessUnit) -> None:
        """As a consumer of the hub."""
        self._queue.offer(unit)
        self._notify()

    def look(self) -> None:
        """Join the stream that the profile has now."""
        try:
            found = self._find(self._profile)
            if found.is_same(self._stream):
                return
            boxer = Boxer(found.codec, fps=found.fps, lasting=LASTING)
        except DeviceError as error:
            self.leave()
            self._refuse(error.text)
            return
        self.leave()
        self._stream, self._boxer, self._refusal = found, boxer, None
        self._queue = Queue(units_limit=GROUP_PARTS, bytes_limit=GROUP_BYTES)
        found.hub.join(self, with_past=True)
        self._ask_key()

    def repeat(self) -> None:
        """One more has subscribed, or one has lost something."""
        for message in self._group.messages():
            self._publish(message)
        if self._refusal is not None:
            self._publish(self._refusal)
        self._ask_key()

    def forward(self) -> None:
        while self._boxer is not None and (unit := self._queue.take(0)) is not None:
            try:
                pieces = self._boxer.take(unit)
            except DeviceError as error:  # a camera whose parameter sets nobody can read
                self._refuse(error.text)
                continue
            except Exception:  # one camera's oddity must not end the others' pictures
                log.exception("%s cannot be shown in a browser", self._profile)
                self._refuse("The stream of this camera cannot be written for a browser.")
                self._boxer = None
                break
            for piece in pieces:
                self._refusal = None
                message = self._message(piece)
                self._group.add(message)
                self._publish(message)

    def leave(self) -> None:
        if self._stream is not None:
            self._stream.hub.leave(self)
        self._stream = self._boxer = None
        self._group.clear()

    def _ask_key(self) -> None:
        if self._stream is not None and self._stream.keys_on_request:
            self._stream.hub.ask_key()

    def _message(self, piece: Init | Fragment) -> Opening | Part:
        if isinstance(piece, Init):
            self._generation += 1
            picture = piece.picture
            return Opening(
                generation=self._generation,
                codec=picture.codec,
                width=picture.width,
                height=picture.height,
                data=piece.data,
            )
        return Part(
            generation=self._generation,
            sequence=piece.sequence,
            key=piece.key,
            wall_ns=piece.wall_ns,
            data=piece.data,
        )

    def _refuse(self, why: str) -> None:
        refusal = Refusal(why=why[:300])
        if refusal != self._refusal:
            self._refusal = refusal
            self._publish(refusal)

    def _publish(self, message: Message) -> None:
        self._send(pack(self._profile, message))
