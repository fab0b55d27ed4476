"""Whether the date may be believed when recordings are to go for their age. Pure.

A clock that was set to a wrong year would take every recording with it within seconds. So what
is too old by a clock that jumped goes only after that clock has gone on for a day.
"""

from datetime import UTC, datetime, timedelta

UNSET = datetime(2020, 1, 1, tzinfo=UTC)  # before it a date only says that no clock was set yet
JUMP = timedelta(hours=1)
AWAY = timedelta(days=1)  # from the last recording: nearer than this the new time is likely right
DOUBT_S = 24 * 3600.0


class Calendar:
    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None
        self._doubted_until_s = float("-inf")

    def is_believed(self, now: datetime, now_s: float, *, newest: datetime | None) -> bool:
        """newest: when the last recording ended that has a date. At a start the clock may have
        jumped too, and in a Pi without one of its own it jumps at each start."""
        jumped = self._last is None
        if self._last is not None:
            last, last_s = self._last
            jumped = now - last - timedelta(seconds=now_s - last_s) > JUMP
        if jumped and newest is not None and now - newest > AWAY:
            self._doubted_until_s = now_s + DOUBT_S
        self._last = now, now_s
        return now_s >= self._doubted_until_s
