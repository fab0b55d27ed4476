"""The two kinds of consumers of a hub: one that is pushed to, one that takes when it can.

Both are bounded and drop to the next key frame when they fall behind.
"""

import threading
from collections import deque
from collections.abc import Callable

from nvrdevice.media.engine.hub import AccessUnit

UNITS_LIMIT = 300
BYTES_LIMIT = 8_000_000


class Gate:
    """Lets units through from a key frame on, and again from the next one after a drop."""

    def __init__(self) -> None:
        self._open = self._behind = False
        self.dropped = 0  # because of who takes them: not those before the first key frame

    def admits(self, unit: AccessUnit, *, full: bool) -> bool:
        if full:
            self._open, self._behind = False, True
        elif unit.key:
            self._open, self._behind = True, False
        self.dropped += self._behind
        return self._open


class Pusher:
    """Hands units to push() while level() says that the receiver keeps up."""

    def __init__(
        self,
        push: Callable[[AccessUnit], None],
        level: Callable[[], int],
        *,
        limit: int = UNITS_LIMIT,
    ) -> None:
        self._push, self._level, self._limit = push, level, limit
        self.gate = Gate()

    def offer(self, unit: AccessUnit) -> None:
        if self.gate.admits(unit, full=self._level() >= self._limit):
            self._push(unit)


class Queue:
    """Units wait for a thread that takes them: a recorder, a browser's connection."""

    def __init__(self, *, units_limit: int = UNITS_LIMIT, bytes_limit: int = BYTES_LIMIT) -> None:
        self._units: deque[AccessUnit] = deque()
        self._bytes = 0
        self._units_limit, self._bytes_limit = units_limit, bytes_limit
        self._filled = threading.Condition()
        self.gate = Gate()

    def offer(self, unit: AccessUnit) -> None:
        with self._filled:
            full = (
                len(self._units) >= self._units_limit
                or self._bytes + len(unit.data) > self._bytes_limit
            )
            if self.gate.admits(unit, full=full):
                self._units.append(unit)
                self._bytes += len(unit.data)
                self._filled.notify()

    def wake(self) -> None:
        """Who waits is to look about: nothing more may come."""
        with self._filled:
            self._filled.notify_all()

    def take(self, timeout_s: float) -> AccessUnit | None:
        """The oldest waiting unit; None where none came in time."""
        with self._filled:
            if not self._units:
                self._filled.wait(timeout_s)
            if not self._units:
                return None
            unit = self._units.popleft()
            self._bytes -= len(unit.data)
            return unit
