"""Small grey pictures from the media process to whoever looks for motion.

The media side makes them only while somebody listens (XPUB tells it which sources are wanted).
A reader that is slow loses pictures, never the media process its time.
"""

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

import zmq

from nvrdevice.lib import home
from nvrdevice.lib.clock import iso_utc
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.run_sockets import RunSockets

ADDRESS = "grey"
QUEUE_LIMIT = 8  # pictures, on either side
SIDE_LIMIT = 2048


@dataclass(frozen=True)
class GreyPicture:
    """pixels: width * height bytes, row by row, 0 black; at: capture time; sequence: rises by
    one per picture of a source, so a reader sees what it lost."""

    source: str
    at: datetime
    width: int
    height: int
    sequence: int
    pixels: bytes


def pack(picture: GreyPicture) -> list[bytes]:
    """Topic, header and pixels. The topic ends with a NUL: source1 is not a prefix of source10."""
    header = {
        "source": picture.source,
        "at": iso_utc(picture.at),
        "width": picture.width,
        "height": picture.height,
        "sequence": picture.sequence,
    }
    return [_topic(picture.source), json.dumps(header).encode(), picture.pixels]


def unpack(frames: Sequence[bytes]) -> GreyPicture:
    """DeviceError(INTERNAL) for anything pack did not make."""
    try:
        _, header, pixels = frames
        values = json.loads(header)
        picture = GreyPicture(
            source=str(values["source"]),
            at=datetime.fromisoformat(values["at"]),
            width=int(values["width"]),
            height=int(values["height"]),
            sequence=int(values["sequence"]),
            pixels=pixels,
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _broken("its header cannot be read") from None
    sides = picture.width, picture.height
    if not all(0 < side <= SIDE_LIMIT for side in sides) or len(pixels) != sides[0] * sides[1]:
        raise _broken(f"{len(pixels)} bytes are not {sides[0]}x{sides[1]} pixels")
    return picture


class GreyPublisher:
    """The media side; safe to call from any thread, never blocks."""

    def __init__(self, sockets: RunSockets | None = None) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.XPUB)
        self._socket.setsockopt(zmq.SNDHWM, QUEUE_LIMIT)
        self._socket.bind((sockets or home.run_sockets()).address(ADDRESS))
        self._wanted: set[bytes] = set()
        self._lock = threading.Lock()

    def wanted(self, source: str) -> bool:
        """Whether anybody listens to this source just now; cheap enough to ask per picture."""
        with self._lock:
            self._read_subscriptions()
            return b"" in self._wanted or _topic(source) in self._wanted

    def publish(self, picture: GreyPicture) -> None:
        with self._lock:
            self._read_subscriptions()
            if self._wanted:
                self._socket.send_multipart(pack(picture), zmq.DONTWAIT)

    def close(self) -> None:
        with self._lock:
            self._socket.close(linger=0)
            self._context.term()

    def _read_subscriptions(self) -> None:
        while True:
            try:
                message = self._socket.recv(zmq.DONTWAIT)
            except zmq.Again:
                return
            change, topic = message[:1], message[1:]
            if change == b"\x01":
                self._wanted.add(topic)
            elif change == b"\x00":
                self._wanted.discard(topic)


class GreySubscriber:
    """The reading side, for one thread; finds a media process that was started anew by itself."""

    def __init__(self, sources: Iterable[str] = (), sockets: RunSockets | None = None) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.SUB)
        self._socket.setsockopt(zmq.RCVHWM, QUEUE_LIMIT)
        self._socket.setsockopt(zmq.MAXMSGSIZE, SIDE_LIMIT * SIDE_LIMIT)
        self._socket.setsockopt(zmq.RECONNECT_IVL, 100)
        topics = [_topic(source) for source in sources] or [b""]
        for topic in topics:
            self._socket.setsockopt(zmq.SUBSCRIBE, topic)
        self._socket.connect((sockets or home.run_sockets()).address(ADDRESS))

    def receive(self, timeout_s: float) -> GreyPicture | None:
        """The next picture; None after timeout_s."""
        if not self._socket.poll(int(timeout_s * 1000)):
            return None
        return unpack(self._socket.recv_multipart())

    def __iter__(self) -> Iterator[GreyPicture]:
        while True:
            yield unpack(self._socket.recv_multipart())

    def close(self) -> None:
        self._socket.close(linger=0)
        self._context.term()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def subscribe(*sources: str) -> GreySubscriber:
    """Pictures of these sources, or of all."""
    return GreySubscriber(sources)


def _topic(source: str) -> bytes:
    return source.encode() + b"\0"


def _broken(why: str) -> DeviceError:
    return DeviceError(Kind.INTERNAL, f"A grey picture is broken: {why}.")
