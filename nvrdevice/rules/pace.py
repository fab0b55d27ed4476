"""No rule runs away: an output that is wired to the input which switches it would. Pure."""

from collections import deque

TIMES, WITHIN_S = 20, 10.0
REST_S = 60.0


class Pace:
    """Of one rule."""

    def __init__(self) -> None:
        self._acted_s: deque[float] = deque(maxlen=TIMES)
        self._rests_until_s = float("-inf")

    def rests(self, now_s: float) -> bool:
        return now_s < self._rests_until_s

    def act(self, now_s: float) -> bool:
        """Whether it may act once more; the one time too many begins a rest."""
        if self.rests(now_s):
            return False
        if len(self._acted_s) == TIMES and now_s - self._acted_s[0] < WITHIN_S:
            self._acted_s.clear()
            self._rests_until_s = now_s + REST_S
            return False
        self._acted_s.append(now_s)
        return True
