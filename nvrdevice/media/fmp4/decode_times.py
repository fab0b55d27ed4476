"""Decoding times for pictures that come with showing times only. Pure.

Pictures come in decoding order. Where some are shown later than ones that follow them (B
pictures), the n-th decoding time is the n-th smallest showing time, moved forward by as many
pictures as are reordered; it rises always and is never past the showing time.
"""

import bisect

DEEPEST = 16


class DecodeTimes:
    def __init__(self, reordered: int, frame: int) -> None:
        """reordered: as the stream says, corrected when it was wrong; frame: ticks of one."""
        self._depth, self._frame = reordered, frame
        self._shown: list[int] = []  # the newest depth + 1 showing times, sorted
        self._last: int | None = None

    def place(self, show_at: int) -> int:
        if self._last is not None and show_at <= self._last and self._depth < DEEPEST:
            self._depth += 1
        if not self._shown:
            self._shown = [show_at - self._frame * back for back in range(self._depth, 0, -1)]
        bisect.insort(self._shown, show_at)
        del self._shown[: -self._depth - 1]
        found = self._shown[0]
        if self._last is not None and found <= self._last:
            found = self._last + 1
        self._last = found
        return found
