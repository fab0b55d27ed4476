"""What a stream really has: frames and kilobits a second, and the distance of key frames."""

from collections import deque

WINDOW_NS = 5_000_000_000
UNITS_LIMIT = 1200


class Meter:
    def __init__(self) -> None:
        self._units: deque[tuple[int, int]] = deque(maxlen=UNITS_LIMIT)
        self._since_key = 0
        self._seen_key = False
        self.gop_frames = 0
        self.total = 0

    def add(self, time_ns: int, size: int, *, key: bool) -> None:
        self.total += 1
        self._units.append((time_ns, size))
        while time_ns - self._units[0][0] > WINDOW_NS:
            self._units.popleft()
        if key:
            if self._seen_key:
                self.gop_frames = self._since_key
            self._seen_key, self._since_key = True, 0
        self._since_key += 1

    def clear(self) -> None:
        self._units.clear()
        self._seen_key, self._since_key = False, 0

    def span_s(self) -> float:
        if len(self._units) < 2:
            return 0.0
        return (self._units[-1][0] - self._units[0][0]) / 1e9

    def fps(self) -> float:
        span = self.span_s()
        return (len(self._units) - 1) / span if span > 0 else 0.0

    def kbps(self) -> float:
        span = self.span_s()
        # The first unit's own duration lies before the span.
        sizes = sum(size for _, size in list(self._units)[1:])
        return sizes * 8 / 1000 / span if span > 0 else 0.0
