"""The last seconds of a stream in whole groups of pictures: each begins with a key frame."""

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nvrdevice.media.engine.hub import AccessUnit

BYTES_LIMIT = 32_000_000  # a group without end must not eat the machine


class Ring:
    def __init__(self, *, past_s: float, bytes_limit: int = BYTES_LIMIT) -> None:
        self._past_ns = int(past_s * 1e9)
        self._bytes_limit = bytes_limit
        self._units: deque[AccessUnit] = deque()
        self._keys: deque[int] = deque()  # times of the key units kept
        self._bytes = 0

    def add(self, unit: "AccessUnit") -> None:
        if not unit.key and not self._units:
            return  # nothing it could refer to
        if unit.key:
            self._keys.append(unit.time_ns)
        self._units.append(unit)
        self._bytes += len(unit.data)
        while len(self._keys) > 1 and unit.time_ns - self._keys[1] >= self._past_ns:
            self._drop_group()
        while self._bytes > self._bytes_limit and self._units:
            self._drop_group()

    def _drop_group(self) -> None:
        self._keys.popleft()
        while self._units:
            self._bytes -= len(self._units.popleft().data)
            if self._units and self._units[0].key:
                return

    def clear(self) -> None:
        self._units.clear()
        self._keys.clear()
        self._bytes = 0

    def units(self) -> list["AccessUnit"]:
        return list(self._units)

    def lengthen(self, past_s: float) -> None:
        self._past_ns = max(self._past_ns, int(past_s * 1e9))

    def newest_group(self) -> list["AccessUnit"]:
        """From the newest key frame on."""
        return self.newest(0.0)

    def newest(self, past_s: float) -> list["AccessUnit"]:
        """From the newest key frame on that is at least this old, or from the oldest."""
        group: list[AccessUnit] = []
        begin_ns = self._units[-1].time_ns - int(past_s * 1e9) if self._units else 0
        for unit in reversed(self._units):
            group.append(unit)
            if unit.key and unit.time_ns <= begin_ns:
                break
        group.reverse()
        return group

    @property
    def newest_ns(self) -> int | None:
        return self._units[-1].time_ns if self._units else None
