"""Live pictures in the web process: one subscription a profile, handed to all who watch it.

A viewer has a bounded queue. One that is slow loses pictures up to the next key picture; it
never slows another viewer or the media process. A media process that was started anew is found
by itself, and what was lost on the way is asked for again.
"""

import asyncio
import contextlib
import logging
import time
import weakref
from collections import deque
from collections.abc import Iterator
from typing import Any

import zmq
import zmq.asyncio

from nvrdevice.lib import home
from nvrdevice.lib.errors import DeviceError
from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.media.live_messages import (
    ADDRESS,
    GROUP_BYTES,
    QUEUE_LIMIT,
    Group,
    Message,
    Opening,
    Part,
    Refusal,
    topic,
    unpack,
)

log = logging.getLogger(__name__)

SILENCE_S = 2.0  # so long without a picture, and the viewers are told
LINGER_S = 5.0  # a page that is loaded anew finds the stream as it left it
WAITING_S = 3.0  # what waits longer for a viewer is not live any more
WAITING_BYTES = 8_000_000
ASK_AGAIN_S = 1.0
MESSAGE_LIMIT = GROUP_BYTES


class Silence:
    """No picture came for a while."""


class Viewer:
    """What one browser has still to get. For one event loop."""

    def __init__(self, given: list[Opening | Part]) -> None:
        now_s = time.monotonic()
        self._waiting: deque[tuple[float, Message | Silence]] = deque((now_s, e) for e in given)
        self._bytes = sum(len(each.data) for each in given)
        self._filled = asyncio.Event()
        self._filled.set()
        self._skips = False
        self.dropped = 0

    async def next(self) -> Message | Silence:
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        _, message = self._waiting.popleft()
        self._bytes -= _size(message)
        return message

    def offer(self, message: Message | Silence) -> None:
        now_s = time.monotonic()
        if isinstance(message, Opening):
            self._drop_parts()
            self._skips = False
        elif isinstance(message, Part):
            if self._waiting and self._is_late(now_s, message):
                self._drop_parts()
                self._skips = True
            if self._skips and not message.key:
                self.dropped += 1
                return
            self._skips = False
        self._waiting.append((now_s, message))
        self._bytes += _size(message)
        self._filled.set()

    def _is_late(self, now_s: float, message: Part) -> bool:
        oldest_s = self._waiting[0][0]
        return now_s - oldest_s > WAITING_S or self._bytes + len(message.data) > WAITING_BYTES

    def _drop_parts(self) -> None:
        """Only what a part depends on stays: the newest opening, if it was not sent yet."""
        kept = [entry for entry in self._waiting if isinstance(entry[1], Opening)][-1:]
        self.dropped += sum(isinstance(message, Part) for _, message in self._waiting)
        self._waiting = deque(kept)
        self._bytes = sum(_size(message) for _, message in kept)


def _size(message: Message | Silence) -> int:
    return len(message.data) if isinstance(message, Opening | Part) else 0


class _Stream:
    """The subscription to one profile, of one event loop."""

    def __init__(self, profile: str, sockets: RunSockets) -> None:
        self.viewers: set[Viewer] = set()
        self._profile = profile
        self._group = Group()
        self._refusal: Refusal | None = None
        self._generation: int | None = None
        self._last = 0
        self._asked_s = 0.0
        self._silent = False
        self._socket: Any = zmq.asyncio.Context.shadow(zmq.Context.instance()).socket(zmq.SUB)
        self._socket.setsockopt(zmq.RCVHWM, QUEUE_LIMIT)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.MAXMSGSIZE, MESSAGE_LIMIT)
        self._socket.setsockopt(zmq.RECONNECT_IVL, 100)
        self._socket.setsockopt(zmq.SUBSCRIBE, topic(profile))
        self._socket.connect(sockets.address(ADDRESS))
        self._reading = asyncio.create_task(self._read())

    def join(self) -> Viewer:
        viewer = Viewer(self._group.messages())
        if self._refusal is not None:
            viewer.offer(self._refusal)
        if self._silent:
            viewer.offer(Silence())
        self.viewers.add(viewer)
        return viewer

    def close(self) -> None:
        self._reading.cancel()
        self._socket.close(linger=0)

    async def _read(self) -> None:
        while True:
            if not await self._socket.poll(int(SILENCE_S * 1000)):
                if not self._silent:
                    self._silent = True
                    self._tell(Silence())
                continue
            try:
                self._take(unpack(await self._socket.recv_multipart()))
            except DeviceError as error:
                log.warning("%s: %s", self._profile, error.text)

    def _take(self, message: Message) -> None:
        if isinstance(message, Refusal):
            self._refusal = message
            self._tell(message)
            return
        if isinstance(message, Opening):
            if message.generation == self._generation:
                return  # repeated for somebody else
            self._generation, self._last = message.generation, 0
        elif not self._is_next(message):
            return
        self._refusal, self._silent = None, False
        self._group.add(message)
        self._tell(message)

    def _is_next(self, part: Part) -> bool:
        if part.generation != self._generation:
            self._ask_again()
            return False
        if part.sequence <= self._last:
            return False  # repeated for somebody else
        if part.sequence != self._last + 1 and not part.key:
            self._ask_again()
            return False
        self._last = part.sequence
        return True

    def _ask_again(self) -> None:
        """Something was lost: to subscribe once more brings the current group again."""
        now_s = time.monotonic()
        if now_s - self._asked_s > ASK_AGAIN_S:
            self._asked_s = now_s
            self._socket.setsockopt(zmq.SUBSCRIBE, topic(self._profile))

    def _tell(self, message: Message | Silence) -> None:
        for viewer in self.viewers:
            viewer.offer(message)


_streams: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Stream]]" = (
    weakref.WeakKeyDictionary()
)


@contextlib.contextmanager
def watch(profile: str, sockets: RunSockets | None = None) -> Iterator[Viewer]:
    """A viewer of this profile, for as long as the block lasts."""
    loop = asyncio.get_running_loop()
    streams = _streams.setdefault(loop, {})
    stream = streams.get(profile)
    if stream is None:
        stream = streams[profile] = _Stream(profile, sockets or home.run_sockets())
    viewer = stream.join()
    try:
        yield viewer
    finally:
        stream.viewers.discard(viewer)
        if not stream.viewers:
            loop.call_later(LINGER_S, _close_unwatched, streams, profile)


def _close_unwatched(streams: dict[str, _Stream], profile: str) -> None:
    stream = streams.get(profile)
    if stream is not None and not stream.viewers:
        del streams[profile]
        stream.close()
