"""The decoded pictures of one source, fanned out: to encoders, the grey picture, a snapshot.

Where a part of the picture is shown (aim), everybody gets that but those who want the whole.
The newest picture is kept with its time, so that nobody is ever given an old one as if it were
current.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nvrdevice.media.engine.lens import Aim, Lens
from nvrdevice.media.engine.meter import Meter
from nvrdevice.media.engine.video_caps import RawFormat

Tap = Callable[[Any, int], None]


@dataclass(frozen=True, slots=True)
class Picture:
    buffer: Any  # I420
    format: RawFormat
    time_ns: int


class PictureFan:
    def __init__(
        self, *, opened: Callable[[], None] = lambda: None, aim: Aim | None = None
    ) -> None:
        self._opened = opened
        self._lens = Lens(aim, self._show) if aim is not None else None
        self._changed = threading.Condition()
        self._taps: tuple[Tap, ...] = ()
        self._whole_taps: tuple[Tap, ...] = ()
        self._shown_ns = 0
        self._format: RawFormat | None = None
        self._newest: Picture | None = None
        self.meter = Meter()

    @property
    def format(self) -> RawFormat | None:
        return self._format

    def open(self, found: RawFormat) -> None:
        with self._changed:
            self._format, self._newest = found, None
            self.meter.clear()
        self._opened()

    def close(self) -> None:
        with self._changed:
            self._format, self._newest = None, None
            self._changed.notify_all()
        if self._lens is not None:
            self._lens.close()

    def publish(self, buffer: Any, time_ns: int) -> None:
        found = self._format
        if found is None:
            return
        if self._lens is None or not self._lens.take(buffer, time_ns, found):
            self._show(buffer, time_ns)
        for tap in self._whole_taps:
            tap(buffer, time_ns)

    def _show(self, buffer: Any, time_ns: int) -> None:
        with self._changed:
            if self._format is None:
                return
            if self._lens is not None:
                # One from the lens may come after one that passed by it.
                if time_ns <= self._shown_ns:
                    return
                self._shown_ns = time_ns
            self._newest = Picture(buffer, self._format, time_ns)
            self.meter.add(time_ns, 0, key=False)
            self._changed.notify_all()
            taps = self._taps
        for tap in taps:
            tap(buffer, time_ns)

    def add(self, tap: Tap, *, whole: bool = False) -> None:
        """whole: always the whole picture, whatever part of it is shown."""
        with self._changed:
            if whole:
                self._whole_taps = (*self._whole_taps, tap)
            else:
                self._taps = (*self._taps, tap)

    def remove(self, tap: Tap) -> None:
        with self._changed:
            self._taps = tuple(one for one in self._taps if one != tap)
            self._whole_taps = tuple(one for one in self._whole_taps if one != tap)

    def current(self, since_ns: int, timeout_s: float) -> Picture | None:
        """The newest picture not older than since_ns; waits for one until timeout_s is over."""

        def fresh() -> bool:
            return self._newest is not None and self._newest.time_ns >= since_ns

        with self._changed:
            if not fresh() and not self._changed.wait_for(fresh, timeout_s):
                return None
            return self._newest
