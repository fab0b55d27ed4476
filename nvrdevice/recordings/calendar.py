"""Whether the date may be believed when recordings are to go for their age. Pure.

A clock that was set to a wrong year would take every recording with it within seconds. So what
is too old by a clock that jumped goes only after that clock has gone on for a day.
"""

from datetime import UTC, datetime, timedelta

UNSET = datetime(2020, 1, 1, tzinfo=UTC)  # before it a date only says that no clock was set yet
JUMP = timedelta(hours=1)
AWAY = timedelta(days=1)  # longer than this before a start, and it may have jumped meanwhile
DOUBT_S = 24 * 3600.0


class Calendar:
    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None
        self._doubted_until_s = float("-inf")

    def is_believed(self, now: datetime, now_s: float, *, newest: datetime | None) -> bool:
        """newest: when the last recording ended, for the first call after a start."""
        if self._last is None:
            jumped = newest is not None and now - newest > AWAY
        else:
            last, last_s = self._last
            jumped = now - last - timedelta(seconds=now_s - last_s) > JUMP
        if jumped:
            self._doubted_until_s = now_s + DOUBT_S
        self._last = now, now_s
        return now_s >= self._doubted_until_s
