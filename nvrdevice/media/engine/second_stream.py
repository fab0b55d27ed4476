"""The camera's own small stream, taken by its second address beside the main one.

It comes and goes by itself: while it is away its profile is, and pictures are decoded from the
main stream instead.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.media.engine import measured
from nvrdevice.media.engine.hub import AccessUnit, Hub, StreamFormat
from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.engine.outlet import Capture
from nvrdevice.media.engine.runner import Runner
from nvrdevice.media.engine.video_caps import RawFormat
from nvrdevice.media.facts import Facts


class SecondStream:
    def __init__(
        self,
        name: str,
        known: Facts,
        capture: Callable[[], Capture],
        *,
        hubs: Callable[[], Iterable[Hub]],
        facts_changed: Callable[[Facts], None],
        changed: Callable[[], None],
    ) -> None:
        """changed: it is there or away now; both callbacks run in the capture's thread."""
        self.facts = replace(known, online=False, reason="it is being opened")
        self.passed: StreamFormat | None = None
        self._hubs, self._facts_changed, self._changed = hubs, facts_changed, changed
        self._lock = threading.Lock()
        self.runner = Runner(name, capture, self, self._lost, SYSTEM_CLOCK)

    def open_encoded(self, found: StreamFormat) -> None:
        self.passed = found
        self.open_hubs()
        self._found(lambda now: measured.of_stream(now, found))
        self._changed()

    def open_hubs(self) -> None:
        for hub in self._hubs():
            if self.passed is not None:
                hub.open(self.passed)

    def open_raw(self, found: RawFormat, *, codec: str) -> None:
        raise Lost(Reason.WRONG_CODEC, f"the second address gives {codec} pictures")

    def unit(self, unit: AccessUnit) -> None:
        for hub in self._hubs():
            hub.publish(unit)

    def picture(self, buffer: Any, time_ns: int) -> None:
        """None come: see open_raw."""

    def measure(self) -> None:
        hub = next(iter(self._hubs()), None)
        if hub is not None:
            self._found(lambda now: measured.corrected(now, hub.meter) if now.online else now)

    def _lost(self, lost: Lost) -> None:
        self.passed = None
        for hub in self._hubs():
            hub.restart()
        self._found(lambda now: replace(now, online=False, reason=lost.sentence[:200]))
        self._changed()

    def _found(self, change: Callable[[Facts], Facts]) -> None:
        with self._lock:
            facts = change(self.facts)
            if facts != self.facts:
                self.facts = facts
                self._facts_changed(facts)
