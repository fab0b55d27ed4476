"""The tape of one recording: takes a stream's pictures off the hub and writes them to files.

Its thread is the only one that waits for the disk. The hub hands pictures to a bounded queue;
when that is full whole groups are dropped, and it is told. Whatever the disk does, streaming
goes on, and writing begins again by itself.
"""

import errno
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media.engine.consumers import Queue
from nvrdevice.media.engine.hub import AccessUnit, Hub
from nvrdevice.media.fmp4.boxer import Boxer, Fragment, Init
from nvrdevice.recordings.folder import Folder, kind_of
from nvrdevice.recordings.segment_file import NS_S, Label, SegmentWriter, read_part

log = logging.getLogger(__name__)

UNITS_LIMIT = 2500  # pre-seconds included, which come all at once
BYTES_LIMIT = 40_000_000
RETRY_S = 2.0
WAIT_S = 0.5
BEGIN_TRIES = 3
LOOK_EACH_S = 2.0
NOTES_LIMIT = 2000


@dataclass(frozen=True, kw_only=True)
class Opened:
    path: str
    label: Label


@dataclass(frozen=True, kw_only=True)
class Closed:
    path: str
    label: Label
    end_ns: int
    size: int


@dataclass(frozen=True, kw_only=True)
class GivenUp:
    """Left as it was: to be ended by recovery when the disk is well."""

    path: str


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """kind: "ok" when writing goes on."""

    kind: str
    reason: str


Note = Opened | Closed | GivenUp | Trouble


class Stream(Protocol):
    @property
    def hub(self) -> Hub: ...
    @property
    def codec(self) -> str: ...
    @property
    def fps(self) -> float: ...


class Shelf(Protocol):
    """What all tapes share: where they write, and which number comes next."""

    folder: Folder
    mark: str
    segment_s: float
    file_bytes: int  # a file is ended when it is as long as the one, or as large as the other
    full: str  # why nothing may be written, or ""

    def next_sequence(self) -> int: ...


class Tape:
    def __init__(
        self,
        recording: str,
        source: str,
        shelf: Shelf,
        told: Callable[[], None] = lambda: None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        """told: there are notes to take, from any thread."""
        self.recording, self.source = recording, source
        self._shelf, self._told, self._clock = shelf, told, clock
        self._lock = threading.Lock()
        self._stream: Stream | None = None
        self._profile = ""
        self._codec, self._fps = "", 0.0
        self._queue = Queue(units_limit=UNITS_LIMIT, bytes_limit=BYTES_LIMIT)
        self._boxer: Boxer | None = None
        self._init: Init | None = None
        self._file: SegmentWriter | None = None
        self._path = ""
        self._failing, self._retry_at_s = "", 0.0
        self._oddity = ""
        self._looked_at_s = 0.0
        self._notes: deque[Note] = deque(maxlen=NOTES_LIMIT)
        self._dropped = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"tape-{source}", daemon=True)

    # From the recorder's thread.

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        self.record(None)
        self._stopping.set()
        self._thread.join(timeout_s)

    def record(self, stream: Stream | None, *, profile: str = "", past_s: float = 0.0) -> None:
        """Write this stream from past_s ago on; None: write what is queued, and end."""
        before, self._stream = self._stream, stream
        if before is not None and before is not stream:
            before.hub.leave(self)
        if stream is None:
            self._queue.wake()
        if stream is None or before is stream:
            return
        with self._lock:
            self._queue = Queue(units_limit=UNITS_LIMIT, bytes_limit=BYTES_LIMIT)
            self._profile = profile
            self._codec, self._fps = stream.codec, stream.fps
            self._boxer = Boxer(self._codec, fps=self._fps)
            self._init = None
            self._dropped, self._oddity = 0, ""
        stream.hub.join(self, with_past=True, past_s=past_s)

    def notes(self) -> list[Note]:
        """What happened since, oldest first."""
        return [self._notes.popleft() for _ in range(len(self._notes))]

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    @property
    def stream(self) -> Stream | None:
        return self._stream

    @property
    def path(self) -> str:
        """Of the file being written, from before it is made until it is ended; "" for none."""
        return self._path

    @property
    def is_writing(self) -> bool:
        return self._file is not None

    @property
    def failing(self) -> str:
        return self._failing

    @property
    def oddity(self) -> str:
        """What is wrong with the stream, until a picture of it could be written."""
        return self._oddity

    def forgive(self) -> None:
        """The disk is well again, as somebody else found out. Only while nothing is recorded."""
        self._failing = ""

    def dropped(self) -> int:
        """Pictures that were dropped since the last call, because the disk was slow."""
        now = self._queue.gate.dropped
        since, self._dropped = now - self._dropped, now
        return max(0, since)

    # From the stream's thread.

    def offer(self, unit: AccessUnit) -> None:
        self._queue.offer(unit)

    # The tape's own thread.

    def _run(self) -> None:
        while True:
            try:
                if not self.turn(WAIT_S) and self._stopping.is_set():
                    break
            except Exception:  # one camera's oddity must not end the others' recordings
                log.exception("%s cannot be recorded", self.source)
                self._begin_anew()
        self._end()

    def _begin_anew(self) -> None:
        """From the next key picture on: what came until now nobody can make sense of."""
        self._end()
        self._path = ""
        with self._lock:
            self._boxer = Boxer(self._codec, fps=self._fps) if self._codec else None
            self._init = None
        self._oddity = "The stream cannot be understood."

    def turn(self, wait_s: float) -> bool:
        """Write one picture; False where none came."""
        with self._lock:
            queue, boxer = self._queue, self._boxer
        is_ending = self._stream is None and self._file is not None
        unit = queue.take(0.0 if is_ending else wait_s)
        if unit is None:
            if self._stream is None:
                self._end()
            return False
        if boxer is not None and boxer is self._boxer:
            try:
                pieces = boxer.take(unit)
            except DeviceError as error:  # a camera whose parameter sets nobody can read
                self._say_odd(error.text)
                return True
            for piece in pieces:
                self._put(piece)
        return True

    def _put(self, piece: Init | Fragment) -> None:
        if isinstance(piece, Init):
            self._end()
            self._init = piece
            return
        try:
            self._write(piece)
        except OSError as error:
            self._fail(error)

    def _write(self, fragment: Fragment) -> None:
        now_s = self._clock.monotonic_s()
        if fragment.key and self._file is not None:
            if self._is_long(fragment.wall_ns):
                self._end()
            elif now_s - self._looked_at_s >= LOOK_EACH_S:
                self._looked_at_s = now_s
                self._check_shelf()
        if self._file is None:
            if not fragment.key or now_s < self._retry_at_s:
                return
            self._begin(fragment)
        assert self._file is not None
        self._file.append(fragment)
        self._oddity = ""

    def _say_odd(self, text: str) -> None:
        if not self._oddity:
            log.warning("recording of %s: %s", self.source, text)
        self._oddity = text

    def _check_shelf(self) -> None:
        self._shelf.folder.check(self._shelf.mark)
        if self._shelf.full:
            raise OSError(errno.ENOSPC, self._shelf.full)

    def _is_long(self, wall_ns: int) -> bool:
        assert self._file is not None
        length_s = (wall_ns - self._file.label.start_ns) / NS_S
        return length_s >= self._shelf.segment_s or self._file.size >= self._shelf.file_bytes

    def _begin(self, first: Fragment) -> None:
        assert self._init is not None
        self._check_shelf()
        picture = self._init.picture
        part = read_part(first.data, 0, base=0)
        assert part is not None
        for left in reversed(range(BEGIN_TRIES)):
            label = Label(
                recording=self.recording,
                source=self.source,
                profile=self._profile,
                sequence=self._shelf.next_sequence(),
                start_ns=first.wall_ns,
                base=part.decode_at,
                codec=picture.codec,
                width=picture.width,
                height=picture.height,
            )
            relative, path = self._shelf.folder.place(label)
            self._path = relative
            try:
                self._file = SegmentWriter(path, label, picture)
            except (FileExistsError, FileNotFoundError):
                # One of another life of this device is never written over; and the day's folder
                # may have gone just now with the last file that retention deleted in it.
                if not left:
                    raise
                continue
            break
        self._note(Opened(path=relative, label=label))
        if self._failing:
            self._trouble("ok", "")

    def _end(self) -> None:
        """Close the file, if there is one."""
        file, path = self._file, self._path
        if file is None:
            return
        self._file = None
        try:
            file.close()
        except OSError as error:
            self._path = ""  # before somebody is told to repair it
            self._note(GivenUp(path=path))
            self._trouble(kind_of(error), _words(error))
        else:
            self._note(Closed(path=path, label=file.label, end_ns=file.end_ns, size=file.size))
        self._path = ""

    def _fail(self, error: OSError) -> None:
        file, self._file = self._file, None
        self._retry_at_s = self._clock.monotonic_s() + RETRY_S
        if file is not None:
            file.give_up()
        path, self._path = self._path, ""  # before somebody is told to repair it
        if file is not None:
            self._note(GivenUp(path=path))
        self._trouble(kind_of(error), _words(error))

    def _trouble(self, kind: str, reason: str) -> None:
        if kind != (self._failing or "ok"):
            level = logging.INFO if kind == "ok" else logging.ERROR
            log.log(level, "recording of %s: %s %s", self.source, kind, reason)
            self._note(Trouble(kind=kind, reason=reason))
        self._failing = "" if kind == "ok" else kind

    def _note(self, note: Note) -> None:
        self._notes.append(note)
        self._told()


def _words(error: OSError) -> str:
    told = error.strerror or str(error)
    return (f"{told} ({error.filename})" if error.filename else told)[:300]
