"""From pictures to a start and an end: two moving pictures in a row start, quiet ends.

Pure: time is passed in. Invariant: whoever heard of a start hears of its end, also when the
pictures stop coming.
"""

PICTURES_TO_START = 2
SILENCE_S = 3.0  # without pictures for so long nothing can be said to move


class Alarm:
    """Is there motion at one source?"""

    def __init__(self) -> None:
        self.active = False
        self._in_a_row = 0
        self._last_picture_s: float | None = None
        self._last_motion_s = 0.0

    def see(self, *, moving: bool, now_s: float, hold_s: float) -> bool:
        """Take in what a picture showed; True where `active` changed."""
        before = self.active
        self._last_picture_s = now_s
        if not moving:
            self._in_a_row = 0
            return self.look(now_s=now_s, hold_s=hold_s)
        self._in_a_row += 1
        if self._in_a_row >= PICTURES_TO_START or self.active:
            self.active = True
            self._last_motion_s = now_s
        return self.active != before

    def look(self, *, now_s: float, hold_s: float) -> bool:
        """Let time pass without a picture; True where `active` changed."""
        if self._last_picture_s is None or now_s - self._last_picture_s > SILENCE_S:
            return self.lose()
        if self.active and now_s - self._last_motion_s >= hold_s:
            self.active = False
            return True
        return False

    def lose(self) -> bool:
        """The source is gone, or nobody is to look; True where that ended motion."""
        was = self.active
        self.active = False
        self._in_a_row = 0
        return was
