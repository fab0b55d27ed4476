"""Time lines: a looped clip as a live camera, and a live camera whose own clock jumps. Pure."""

NS = 1_000_000_000


class LoopTimeline:
    """Where each picture of a looped clip lies on the machine's clock, without a gap.

    The clip starts at origin_ns; a loop takes as long as its pictures last.
    """

    def __init__(self, origin_ns: int, fps: float) -> None:
        self._origin_ns = origin_ns
        self._frame_ns = round(NS / fps)
        self._first_ns: int | None = None
        self._last_ns = 0

    def place(self, pts_ns: int) -> int:
        if self._first_ns is None:
            self._first_ns = pts_ns
        self._last_ns = max(self._last_ns, pts_ns - self._first_ns)
        return self._origin_ns + pts_ns - self._first_ns

    def loop(self) -> int:
        """The clip is at its end and begins anew; how long it was."""
        length = self._last_ns + self._frame_ns
        self._origin_ns += length
        self._first_ns, self._last_ns = None, 0
        return length

    def catch_up(self, late_ns: int) -> None:
        """Give up on time that was lost (a suspended machine) instead of racing through it."""
        self._origin_ns += late_ns


class CameraTimeline:
    """A camera's time on our clock.

    The camera's own distances between pictures are kept, for clients take the rate from them.
    A picture is never placed in the future (it would be held back until then); what its clock
    drifts or steps is taken out in small steps, seldom.
    """

    EARLY_NS = 20_000_000
    LATE_NS = 50_000_000
    STEP_NS = 3 * NS
    WINDOW_NS = 10 * NS

    def __init__(self) -> None:
        self._shift_ns = 0
        self._last_ns: int | None = None
        self._window_end_ns = 0
        self._least_late_ns: int | None = None

    def place(self, time_ns: int, now_ns: int) -> int:
        late_ns = now_ns - (time_ns + self._shift_ns)
        if late_ns < -self.EARLY_NS or late_ns > self.STEP_NS:
            self._shift_ns += late_ns
            self._least_late_ns, late_ns = None, 0
        self._follow_drift(late_ns, now_ns)
        placed = time_ns + self._shift_ns
        if placed == self._last_ns:  # equal times would merge two pictures into one RTP unit
            placed += 1_000_000
        self._last_ns = placed
        return placed

    def _follow_drift(self, late_ns: int, now_ns: int) -> None:
        """What even the promptest picture of some seconds was late is the clocks' difference."""
        if self._least_late_ns is None:
            self._window_end_ns, self._least_late_ns = now_ns + self.WINDOW_NS, late_ns
            return
        self._least_late_ns = min(self._least_late_ns, late_ns)
        if now_ns >= self._window_end_ns:
            if self._least_late_ns > self.LATE_NS:
                self._shift_ns += self._least_late_ns
            self._least_late_ns = None


class Decimation:
    """Lets so many of the pictures through as make the wanted rate, evenly."""

    def __init__(self, fps: float) -> None:
        self._step_ns = round(NS / fps)
        self._due_ns: int | None = None

    def admits(self, time_ns: int) -> bool:
        if self._due_ns is None or self._due_ns - time_ns > NS:  # the start, or a step back
            self._due_ns = time_ns
        # A quarter of a step early is on time: capture times jitter.
        if time_ns < self._due_ns - self._step_ns // 4:
            return False
        self._due_ns = max(self._due_ns, time_ns - self._step_ns) + self._step_ns
        return True
