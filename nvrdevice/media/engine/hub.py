"""The hub of one stream: encoded access units in, any number of consumers out. Pure Python.

Invariant: a consumer starts at a key frame and never sees a delta frame whose reference it
did not get: one that falls behind is dropped to the next key frame. Publishing never blocks.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from nvrdevice.media.engine.meter import Meter
from nvrdevice.media.engine.ring import Ring

JUST_NS = 1_000_000_000  # as often as a key frame may be forced


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """One encoded picture in byte-stream form; a key unit carries its parameter sets."""

    data: bytes
    time_ns: int  # monotonic clock
    wall_ns: int  # unix time
    key: bool


@dataclass(frozen=True, kw_only=True)
class StreamFormat:
    """What a client must know before the first picture; fps may be corrected later."""

    codec: str  # "H264", "H265" or "JPEG"
    width: int
    height: int
    fps: float
    profile: str = ""  # as the parser names it: "main", "constrained-baseline", ...

    def same_picture(self, other: "StreamFormat") -> bool:
        """Whether a client of the one can go on with the other without asking anew."""
        return (self.codec, self.width, self.height, self.profile) == (
            other.codec,
            other.width,
            other.height,
            other.profile,
        )


class Consumer(Protocol):
    def offer(self, unit: AccessUnit) -> None:
        """Take or drop a unit at once; called under the hub's lock, in a streaming thread."""
        ...


class Hub:
    """wanted_changed runs when the first consumer came or the last one went, picture_changed
    when who plays it must ask for a new description."""

    def __init__(
        self,
        *,
        past_s: float = 5.0,
        wanted_changed: Callable[[], None] = lambda: None,
        key_wanted: Callable[[], None] = lambda: None,
        picture_changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._lock = threading.Lock()
        self._consumers: list[Consumer] = []
        self._wanted_changed = wanted_changed
        self._key_wanted = key_wanted
        self._picture_changed = picture_changed
        self._format: StreamFormat | None = None
        self.ring = Ring(past_s=past_s)
        self.meter = Meter()

    @property
    def format(self) -> StreamFormat | None:
        return self._format

    @property
    def wanted(self) -> bool:
        return bool(self._consumers)

    def open(self, found: StreamFormat) -> None:
        """A stream begins, or goes on in this format."""
        with self._lock:
            before, self._format = self._format, found
            changed = before is not None and not before.same_picture(found)
            if changed:
                self.ring.clear()
        if changed:
            self._picture_changed()

    def restart(self) -> None:
        """The stream broke off: what is kept must not be joined to what comes."""
        with self._lock:
            self.ring.clear()
            self.meter.clear()

    def publish(self, unit: AccessUnit) -> None:
        with self._lock:
            self.ring.add(unit)
            self.meter.add(unit.time_ns, len(unit.data), key=unit.key)
            for consumer in self._consumers:
                consumer.offer(unit)

    def remember(self, past_s: float) -> None:
        """Keep this much of the past for those who join, and never less again."""
        with self._lock:
            self.ring.lengthen(past_s)

    def join(self, consumer: Consumer, *, with_past: bool, past_s: float = 0.0) -> None:
        """with_past: begin with the newest key frame that is kept, for a stream whose key
        frames cannot be asked for; otherwise one is asked for, unless one has just been.
        past_s: begin with the key frame that is this old, or with the oldest that is kept."""
        with self._lock:
            group = self.ring.newest(past_s)
            if past_s or (group and group[-1].time_ns - group[0].time_ns < JUST_NS):
                with_past = bool(group)
            for unit in group if with_past else ():
                consumer.offer(unit)
            self._consumers.append(consumer)
            first = len(self._consumers) == 1
        if first:
            self._wanted_changed()
        if not with_past:
            self._key_wanted()

    def leave(self, consumer: Consumer) -> None:
        with self._lock:
            if consumer not in self._consumers:
                return
            self._consumers.remove(consumer)
            last = not self._consumers
        if last:
            self._wanted_changed()

    def ask_key(self) -> None:
        self._key_wanted()
