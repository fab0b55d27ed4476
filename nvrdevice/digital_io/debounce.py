"""A contact bounces for some milliseconds: what counts is what it is once it is still. Pure."""


class Debounce:
    def __init__(self, *, closed: bool) -> None:
        self.closed = closed
        self._seen = closed
        self._since_s = 0.0

    def see(self, *, closed: bool, now_s: float) -> None:
        if closed != self._seen:
            self._seen, self._since_s = closed, now_s

    def look(self, now_s: float, still_s: float) -> bool:
        """Whether `closed` changed, now that it has been still for long enough."""
        if self._seen == self.closed or now_s < self._since_s + still_s:
            return False
        self.closed = self._seen
        return True

    def due_s(self, still_s: float) -> float | None:
        """When to look next; None while there is nothing to wait for."""
        return None if self._seen == self.closed else self._since_s + still_s
