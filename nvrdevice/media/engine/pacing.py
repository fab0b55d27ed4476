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
    """A camera's time on our clock; steps of its own clock are taken out."""

    def __init__(self, *, tolerance_s: float = 3.0) -> None:
        self._tolerance_ns = int(tolerance_s * NS)
        self._shift_ns = 0
        self._last_ns = 0

    def place(self, time_ns: int, now_ns: int) -> int:
        shifted = time_ns + self._shift_ns
        if abs(shifted - now_ns) > self._tolerance_ns:
            self._shift_ns = now_ns - time_ns
            shifted = now_ns
        if shifted == self._last_ns:  # equal times would merge two pictures into one RTP unit
            shifted += 1_000_000
        self._last_ns = shifted
        return shifted


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
