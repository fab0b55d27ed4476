"""Forced key frames, at most one a second: with many joins each would cost everyone bandwidth.

A request that comes too early is not lost: it is carried out when the second is over.
"""

import threading

from nvrdevice.lib.clock import Clock

LEAST_S = 1.0


class KeyRequests:
    def __init__(self, clock: Clock, *, least_s: float = LEAST_S) -> None:
        self._clock, self._least_s = clock, least_s
        self._lock = threading.Lock()
        self._last_s: float | None = None
        self._pending = False

    def ask(self) -> float | None:
        """Seconds to wait before forcing one (then call `forced`); None: one is on its way."""
        with self._lock:
            if self._pending:
                return None
            self._pending = True
            if self._last_s is None:
                return 0.0
            return max(0.0, self._last_s + self._least_s - self._clock.monotonic_s())

    def forced(self) -> None:
        with self._lock:
            self._pending = False
            self._last_s = self._clock.monotonic_s()
