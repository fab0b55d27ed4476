"""What was recorded while nobody knew the time belongs to the time when it was made.

A board without a clock of its own begins in 1970, or when it was last shut down, until its time
client reaches a server or somebody sets the clock. How far a process has come since is known all
the while. So once the clock is right, what this run recorded before is dated anew: the name of a
file says when it is of, and a rename is all or nothing. Recordings of runs before stay as they
are, for nobody knows how far those were off. Nothing of this where the clock was right from the
start.
"""

import logging
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from nvrdevice.audit import trail
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError
from nvrdevice.recordings import calendar, segment_file
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.models import ProtectedClip, Segment
from nvrdevice.recordings.segment_file import MS_NS

log = logging.getLogger(__name__)

LOOK_S = 5.0
STEP_S = 0.5  # less is no clock that was set
SETTLE_S = 10.0  # clocks are set in two steps at times, and files end behind the first
BEFORE_S = 60.0  # of the past that a file may begin with
FILES_LIMIT = 50_000
ERAS_LIMIT = 50
AT_ONCE = 200  # of files, in one turn


@dataclass
class Era:
    """While the clock went on without a jump. offset_s: from our own time to the clock's."""

    offset_s: float
    first_s: float
    last_s: float


class Redating:
    """Of one run of the recorder, and in its thread."""

    def __init__(
        self, folder: Folder, is_right: Callable[[], bool], clock: Clock = SYSTEM_CLOCK
    ) -> None:
        """is_right: whether the clock may be believed."""
        self._folder, self._is_right, self._clock = folder, is_right, clock
        self._eras: deque[Era] = deque(maxlen=ERAS_LIMIT)
        self._made: deque[str] = deque(maxlen=FILES_LIMIT)
        self._right_since_s: float | None = None
        self._began_unset = False
        self._looks_at_s = float("-inf")
        self._acts = False
        self.is_over = False

    def opened(self, path: str) -> None:
        if not self._acts and not self.is_over:
            self._made.append(path)

    def turn(self, being_written: Callable[[], Collection[str]]) -> None:
        if self.is_over:
            return
        is_right = self._believed()  # before the clock is looked at, which may be set just now
        now_s = self._look()
        if not is_right:
            self._right_since_s = None
        elif len(self._eras) == 1:
            self.is_over = True  # it was right all the while
        elif self._right_since_s is None:
            self._right_since_s = now_s
        elif now_s - self._right_since_s >= SETTLE_S:
            self._date_anew(being_written())

    def _believed(self) -> bool:
        now = self._clock.now()
        self._began_unset = self._began_unset or (not self._eras and now < calendar.UNSET)
        if now < calendar.UNSET:
            return False
        if self._began_unset or self._right_since_s is not None:
            return True
        now_s = self._clock.monotonic_s()
        if now_s < self._looks_at_s:
            return False
        self._looks_at_s = now_s + LOOK_S
        return self._is_right()

    def _look(self) -> float:
        now_s = self._clock.monotonic_s()
        offset_s = self._clock.now().timestamp() - now_s
        if not self._eras or abs(offset_s - self._eras[-1].offset_s) > STEP_S:
            self._eras.append(Era(offset_s, now_s, now_s))
        self._eras[-1].last_s = now_s
        self._eras[-1].offset_s = offset_s  # a clock that is slewed drifts away slowly
        return now_s

    def _date_anew(self, being_written: Collection[str]) -> None:
        self._acts = True
        rows = {
            one.path: one
            for one in Segment.objects.filter(path__in=list(self._made)[:AT_ONCE], closed=True)
        }
        moved: dict[int, list[Segment]] = {}
        left = []
        for path in [self._made.popleft() for _ in range(min(AT_ONCE, len(self._made)))]:
            one = rows.get(path)
            if path in being_written:
                left.append(path)
            elif one is not None and (shift_ms := self._shift_ms(one.start)):
                moved.setdefault(shift_ms, []).append(one)
        self._made.extend(left)
        for shift_ms, segments in moved.items():
            self._move(segments, shift_ms)
        self.is_over = not self._made

    def _shift_ms(self, start: datetime) -> int:
        """0 where it lies right."""
        for era in list(self._eras)[:-1]:
            own_s = start.timestamp() - era.offset_s
            if era.first_s - BEFORE_S <= own_s <= era.last_s + STEP_S:
                return round((self._eras[-1].offset_s - era.offset_s) * 1000)
        return 0

    def _move(self, segments: list[Segment], shift_ms: int) -> None:
        shift, done = timedelta(milliseconds=shift_ms), 0
        with transaction.atomic():
            self._move_clips(segments, shift)
            for one in segments:
                try:
                    label = segment_file.read_label(self._folder.absolute(one.path))
                    label = segment_file.moved(label, shift_ms * MS_NS)
                    one.path = self._folder.move(one.path, label)
                except (OSError, ValueError, DeviceError) as error:
                    log.warning("%s keeps its date: %s", one.path, error)
                    continue
                one.start, one.end = one.start + shift, one.end + shift
                one.save(update_fields=["path", "start", "end"])
                done += 1
            told = {"files": done, "shift_s": round(shift.total_seconds(), 3)}
            trail.record(trail.DEVICE, "date recordings anew", after=told, clock=self._clock)
        log.info("the clock was wrong by %s: %d files are dated anew", shift, done)

    def _move_clips(self, segments: list[Segment], shift: timedelta) -> None:
        """A protected span goes with what it protects."""
        found = {
            clip.pk
            for one in segments
            for clip in ProtectedClip.objects.filter(
                recording_id=one.recording_id, start__lt=one.end, end__gt=one.start
            )
        }
        for clip in ProtectedClip.objects.filter(pk__in=found):
            clip.start, clip.end = clip.start + shift, clip.end + shift
            clip.save(update_fields=["start", "end"])
