"""The shelf: the folder all tapes write to, watched: is it there, is there room, is it well.

It heals by itself. Each change of its state is an event and a line of the storage facts, which
pages and the self-test read.
"""

import logging
import threading
from collections.abc import Callable, Collection
from datetime import datetime

from django.db import DatabaseError

from nvrdevice.events import publish
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.recordings import index, recovery, retention, settings, topics
from nvrdevice.recordings.calendar import Calendar
from nvrdevice.recordings.folder import FULL, GONE, Folder, kind_of, try_writing
from nvrdevice.recordings.models import Segment, StorageFacts

log = logging.getLogger(__name__)

OK, SLOW = "ok", "slow"
SWEEP_S = 10.0
FILE_LIMIT = 200_000_000  # bytes of one file
FILE_LEAST = 500_000
FILE_SHARE = 4  # of the room, divided among those who write; what is open cannot make room
SPARE_PART = 200  # of all that recordings may take, kept for a burst
SLOW_S = 60.0  # without a dropped picture for so long, and it is well again


class Shelf:
    """For the recorder's thread, but for next_sequence()."""

    def __init__(
        self,
        folder: Folder,
        clock: Clock = SYSTEM_CLOCK,
        being_written: Callable[[], Collection[str]] = lambda: (),
    ) -> None:
        self.folder = folder
        self.mark = ""
        self.segment_s: float = settings.Storage().segment_s
        self.file_bytes = FILE_LIMIT
        self.full = ""
        self._clock, self._being_written = clock, being_written
        self._numbering = threading.Lock()
        self._sequence = 0
        self._calendar = Calendar()
        self._used: int | None = None  # behind the last sweep
        self._spare = 0
        self._open = False
        self._left_open = True
        self.is_well = True  # as it was found by the last look
        self._swept_at_s: float | None = None
        self._slow_until_s = 0.0
        self._slow_words = ""
        self._troubles: dict[str, tuple[str, str]] = {}  # by recording: kind and reason
        self._told: tuple[str, str] | None = None

    @property
    def is_open(self) -> bool:
        """Whether tapes may write; false until the folder was looked through once."""
        return self._open

    def next_sequence(self) -> int:
        with self._numbering:
            self._sequence += 1
            return self._sequence

    def trouble(self, recording: str, kind: str, reason: str) -> None:
        """What a tape met; OK when it writes again."""
        if kind == OK:
            self._troubles.pop(recording, None)
        else:
            self._troubles[recording] = kind, reason
            self._swept_at_s = None  # look at once: the oldest may make room

    def forget(self, recording: str) -> None:
        self._troubles.pop(recording, None)

    def dropped(self, source: str, pictures: int) -> None:
        self._slow_until_s = self._clock.monotonic_s() + SLOW_S
        self._slow_words = f"The disk is too slow: {pictures} pictures of {source} were left out."

    def recheck(self) -> None:
        """Files were given up: end them when the disk is well. Others are written meanwhile."""
        self._left_open = True

    def turn(self) -> None:
        """Look at the folder when it is due; tells what changed."""
        now_s = self._clock.monotonic_s()
        if not self._open or self._swept_at_s is None or now_s - self._swept_at_s >= SWEEP_S:
            self._swept_at_s = now_s
            self._look()
        self._tell()

    def _look(self) -> None:
        wanted = settings.read().storage
        self.segment_s = wanted.segment_s
        try:
            self._claim()
            if not self._open or self._left_open:
                recovery.recover(self.folder, being_written=self._being_written)
                last = index.last_sequence(self.folder)
                with self._numbering:
                    self._sequence = max(self._sequence, last)
                self._open, self._left_open = True, False
            self._sweep(wanted)
            self._own_trouble(FULL if self.full else OK, self.full)
            if self._troubles:
                try_writing(self.folder, size=4096)
            self.is_well = not self.full
        except OSError as error:
            self.is_well = False
            self._open = self._open and kind_of(error) != GONE
            self._own_trouble(kind_of(error), str(error.strerror or error))

    def _sweep(self, wanted: settings.Storage) -> None:
        """As far ahead as is written until the next sweep: twice what it was until now."""
        now, now_s = self._clock.now(), self._clock.monotonic_s()
        believed = self._calendar.is_believed(now, now_s, newest=index.newest_end())
        least = int(wanted.max_gb * retention.GB) // SPARE_PART
        swept = retention.sweep(
            self.folder, wanted, now, spare=max(self._spare, least), by_age=believed
        )
        written = 0 if self._used is None else max(0, swept.before - self._used)
        self._spare = max(2 * written, self._spare * 7 // 8)
        self._used, self.full = swept.used, swept.full
        writers = max(1, len(self._being_written()))
        share = swept.room // (FILE_SHARE * writers)
        self.file_bytes = min(max(share, FILE_LEAST), FILE_LIMIT)
        if swept.more:
            self._swept_at_s = None

    def _claim(self) -> None:
        """Ours and the one we know, or OSError."""
        known = index.storage()
        if known.mark and self.folder.mark() != known.mark and Segment.objects.exists():
            self.mark = known.mark
        elif not self.mark or self.folder.mark() != self.mark:
            self.mark = self.folder.claim()
            if known.mark != self.mark:
                StorageFacts.objects.update_or_create(
                    token=index.STORAGE, defaults={"mark": self.mark}
                )
        self.folder.check(self.mark)

    def _own_trouble(self, kind: str, reason: str) -> None:
        self.trouble("", kind, reason) if kind != OK else self.forget("")

    def state(self) -> tuple[str, str]:
        """The worst there is, and why."""
        for kind, reason in sorted(self._troubles.values()):
            return kind, reason
        if self._clock.monotonic_s() < self._slow_until_s:
            return SLOW, self._slow_words
        return OK, ""

    def _tell(self) -> None:
        now = self.state()
        if now == self._told:
            return
        tell_storage(*now, at=self._clock.now())
        self._told = now


def tell_storage(kind: str, reason: str, *, at: datetime) -> None:
    """Keep and publish how the storage does. DatabaseError where that cannot be written."""
    try:
        publish(
            topics.STORAGE.name,
            {"Token": index.STORAGE},
            {"State": kind, "Reason": reason},
            at=at,
        )
        publish(
            topics.STORAGE_FAILURE.name,
            {"Token": index.STORAGE},
            {"Failed": kind not in (OK, SLOW)},
            at=at,
        )
        StorageFacts.objects.update_or_create(
            token=index.STORAGE, defaults={"state": kind, "reason": reason[:300], "since": at}
        )
    except DatabaseError:
        log.error("recordings: the storage is %s (%s), which cannot be noted", kind, reason)
        raise
