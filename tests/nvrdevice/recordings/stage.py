"""A recorder without a camera: real encoded pictures played into a hub, a clock moved by hand."""

import errno
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from nvrdevice.lib.clock import ManualClock
from nvrdevice.media.engine.hub import AccessUnit, Hub
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.recorder import Recorder
from nvrdevice.recordings.segment_file import NS_S
from nvrdevice.recordings.tape import Tape
from tests.nvrdevice.media.encoded import FPS, START_NS, UPTIME_NS, units

START = datetime.fromtimestamp(START_NS / NS_S, UTC)
PATIENCE_S = 30.0


@dataclass
class Stream:
    hub: Hub = field(default_factory=Hub)
    codec: str = "H264"
    fps: float = float(FPS)


class Camera:
    """Plays the same two seconds for ever, a key picture a second; time goes on.

    fps: slower, for hours of time; a key picture is then as many pictures apart.
    """

    def __init__(self, clock: ManualClock | None = None, *, fps: int = FPS, gop: int = FPS) -> None:
        self.stream = Stream(fps=fps)
        self.clock = clock or ManualClock(START)
        self.shift_ns = 0  # of the wall clock
        self._frame = 0
        self._fps, self._units = fps, units(gop=gop)

    def play(self, seconds: float) -> None:
        for _ in range(round(seconds * self._fps)):
            unit = self._units[self._frame % len(self._units)]
            at_ns = self._frame * NS_S // self._fps
            self.stream.hub.publish(
                AccessUnit(unit.data, UPTIME_NS + at_ns, START_NS + at_ns + self.shift_ns, unit.key)
            )
            self._frame += 1
        self.clock.advance(seconds)


class FailingFolder(Folder):
    """A disk that refuses when it is told to."""

    fails = 0  # an errno
    free = 50_000_000_000

    def _refuse(self) -> None:
        if self.fails:
            raise OSError(self.fails, errno.errorcode[self.fails])

    def check(self, mark: str) -> None:
        self._refuse()
        super().check(mark)

    def usage(self) -> tuple[int, int]:
        self._refuse()
        return 100_000_000_000, self.free


def recorder(camera: Camera, path: Path) -> Recorder:
    return Recorder(lambda _: camera.stream, folder=FailingFolder(path), clock=camera.clock)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.005)


def _waits(tape: Tape) -> bool:
    """Its thread waits for a picture, and all that it did is noted."""
    waiters = tape._queue._filled._waiters  # type: ignore[attr-defined]
    busy = tape._queue._units or tape._notes or (tape.path and not tape.stream)
    return bool(waiters) and not busy


def settled(recorder: Recorder) -> None:
    """All that was played is on the disk and noted."""

    def tapes() -> list[Tape]:
        return [camera.tape for camera in recorder._cameras.values()]

    def is_over() -> bool:
        if any(tape._queue._units for tape in tapes()):
            return False
        recorder.turn()
        return all(map(_waits, tapes()))

    recorder.turn()
    until(is_over)
