"""The recorder: decides from the journal which cameras are recorded, and keeps the index.

One thread runs it in the media process; each camera has a tape with a thread of its own that
writes. Neither is in the path of a picture. A failed turn (a full disk under the database) is
made up for by the next one: what is to be noted waits here, bounded, and the files are the truth.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable

from django.db import DatabaseError, connections

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import settings as media_settings
from nvrdevice.recordings import index, jobs, journal_states, settings, triggers
from nvrdevice.recordings.deciding import Decision, Situation
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.redating import Redating
from nvrdevice.recordings.settings import OFF, CameraRecording
from nvrdevice.recordings.shelf import Shelf
from nvrdevice.recordings.tape import Closed, GivenUp, Note, Opened, Stream, Tape, Trouble
from nvrdevice.system.clock_trust import ClockTrust

log = logging.getLogger(__name__)

LOOK_S = 1.0  # rings may be lost, and seconds after an event end without one
RECOVER_S = 1.0
GATHER_S = 0.05  # what rings together costs one look; nothing is missed, the past is kept
STOP_S = 2.5
NOTES_LIMIT = 1000
PULSES_LIMIT = 100  # looks that a database which cannot be used has cost

Find = Callable[[str], Stream]  # the running stream of a profile; DeviceError says why none


class _Wanted:
    """Keeps a stream running that is not recorded just now, so that its past is there."""

    def offer(self, unit: object) -> None:
        pass


class Camera:
    """A source that is recorded."""

    def __init__(self, source: str, tape: Tape, name: str) -> None:
        self.source, self.tape, self.name = source, tape, name
        self.decision = Decision()
        self.profile = ""
        self.error = ""
        self.told: tuple[object, ...] = ()
        self.wrote = False  # since it was last told of
        self.is_odd = False
        self._wanted = _Wanted()
        self._kept: Stream | None = None

    def keep(self, stream: Stream | None, past_s: float) -> None:
        if self._kept is not None and (stream is None or stream.hub is not self._kept.hub):
            self._kept.hub.leave(self._wanted)
            self._kept = None
        if stream is not None:
            if self._kept is None:
                stream.hub.join(self._wanted, with_past=True)
                self._kept = stream
            stream.hub.remember(past_s)

    def close(self, timeout_s: float) -> None:
        self.keep(None, 0)
        self.tape.stop(timeout_s)

    @property
    def is_done(self) -> bool:
        """Closed, and nothing more will be written or noted."""
        return not self.tape.is_running


class Recorder:
    def __init__(
        self,
        find: Find,
        *,
        folder: Folder | None = None,
        clock: Clock = SYSTEM_CLOCK,
        clock_is_right: Callable[[], bool] | None = None,
    ) -> None:
        self._find, self._clock = find, clock
        self._cameras: dict[str, Camera] = {}
        self._leaving: list[Camera] = []  # their source is gone, the disk still takes the rest
        self.shelf = Shelf(folder or index.folder(), clock, self._being_written)
        is_right = clock_is_right or ClockTrust()
        self._redating = Redating(self.shelf.folder, is_right, clock)
        self._cursor: int | None = None
        self._pulsed: deque[Situation] = deque(maxlen=PULSES_LIMIT)
        self._unsaid: deque[Note] = deque(maxlen=NOTES_LIMIT)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends every file; what cannot be ended in time is ended at the next start."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(2 * STOP_S)

    def look(self) -> None:
        """Something rang: from any thread."""
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.turn()
            except DatabaseError as error:
                log.warning("recording: the database cannot be used now: %s", error)
                connections["default"].close()
                self._stopping.wait(RECOVER_S)
            except Exception:  # the next turn may do better
                log.exception("recording failed a turn")
                self._stopping.wait(RECOVER_S)
            if self._wake.wait(LOOK_S):
                self._stopping.wait(GATHER_S)
            self._wake.clear()
        self._finish()
        connections["default"].close()

    def _finish(self) -> None:
        for camera in self._cameras.values():
            camera.keep(None, 0)
            camera.tape.record(None)
        for camera in self._cameras.values():
            camera.close(STOP_S)
        try:
            self._take_notes()
            for source in self._cameras:
                jobs.tell(source, state="Idle", reasons=(), error="", clock=self._clock)
        except DatabaseError as error:  # recovery does it at the next start
            log.warning("recording: its end could not be noted: %s", error)

    def turn(self) -> None:
        """Decide anew, note what the tapes did, look after the disk."""
        self._follow()
        self._take_notes()
        self._date_anew()
        self.shelf.turn()
        self._settle()
        situation = journal_states.states()
        for camera in list(self._cameras.values()):
            try:
                self._decide(camera, situation, list(self._pulsed))
            except DatabaseError:
                raise
            except Exception as error:  # the others are recorded all the same
                if not camera.is_odd:
                    log.exception("%s: whether to record it cannot be decided", camera.source)
                camera.is_odd, camera.error = True, str(error)[:300]
            else:
                camera.is_odd = False
        self._pulsed.clear()
        self._take_notes()
        self._tell()
        triggers.expire(clock=self._clock)

    def _date_anew(self) -> None:
        try:
            self._redating.turn(self._being_written)
        except DatabaseError:
            self.shelf.recheck()  # files may have other names than the index has
            raise

    def _follow(self) -> None:
        if self._cursor is None:
            self._cursor = journal_states.head()
            return
        found, self._cursor = journal_states.passed(self._cursor)
        self._pulsed.append(found)

    def _settle(self) -> None:
        """A tape for each source; what is no source any more is recorded no more."""
        sources = {one.token: one.name for one in media_settings.read().sources}
        for source in [one for one in self._cameras if one not in sources]:
            camera = self._cameras.pop(source)
            self._leaving.append(camera)
            camera.close(STOP_S)
            jobs.remove(source, clock=self._clock)
        for source, name in sources.items():
            if source not in self._cameras:
                token = index.recording_token(source)
                tape = Tape(token, source, self.shelf, self.look, self._clock)
                jobs.ensure(source, name, clock=self._clock)
                self._cameras[source] = Camera(source, tape, name)
                tape.start()
            elif self._cameras[source].name != name:
                jobs.ensure(source, name, clock=self._clock)
                self._cameras[source].name = name

    def _decide(self, camera: Camera, now: Situation, pulsed: list[Situation]) -> None:
        setting = settings.counting(settings.camera(camera.source))
        at, now_s = self._clock.now(), self._clock.monotonic_s()
        for one in pulsed[:-1]:
            camera.decision.look(setting, now, at=at, now_s=now_s, pulsed=one)
        wanted = camera.decision.look(
            setting, now, at=at, now_s=now_s, pulsed=pulsed[-1] if pulsed else None
        )
        camera.profile = _profile_of(setting)
        camera.error = ""
        stream: Stream | None = None
        try:
            stream = self._find(camera.profile)
            camera.keep(stream if setting.mode != OFF else None, setting.pre_s)
        except DeviceError as error:
            camera.keep(None, 0)
            camera.error = error.text
        if not (wanted and stream is not None and self.shelf.is_open):
            camera.tape.record(None)
        elif not _is_same(camera.tape.stream, stream):
            stream.hub.remember(setting.pre_s)
            try:
                camera.tape.record(stream, profile=camera.profile, past_s=setting.pre_s)
            except DeviceError as error:  # a stream that has no place in an MP4
                camera.error = error.text

    def _take_notes(self) -> None:
        for camera in list(self._leaving):
            if camera.is_done:
                self._leaving.remove(camera)
            self._keep_notes(camera)
        for camera in self._cameras.values():
            dropped = camera.tape.dropped()
            if dropped and camera.tape.stream is not None and not camera.tape.failing:
                self.shelf.dropped(camera.source, dropped)
            self._keep_notes(camera)
            if camera.tape.failing and camera.tape.stream is None and self.shelf.is_well:
                camera.tape.forgive()  # nothing is written that would find out
                self.shelf.forget(camera.tape.recording)
        while self._unsaid:
            note = self._unsaid[0]
            if isinstance(note, Opened):
                index.note_opened(note.path, note.label)
                self._redating.opened(note.path)
            elif isinstance(note, Closed):
                index.note_closed(note.path, note.label, end_ns=note.end_ns, size=note.size)
            self._unsaid.popleft()

    def _keep_notes(self, camera: Camera) -> None:
        found = self._notes_of(camera)
        if len(self._unsaid) + len(found) > NOTES_LIMIT:
            self.shelf.recheck()  # what is forgotten here the files tell
        self._unsaid.extend(found)

    def _notes_of(self, camera: Camera) -> list[Note]:
        found: list[Note] = []
        for note in camera.tape.notes():
            camera.wrote |= isinstance(note, Opened)
            if isinstance(note, Trouble):
                self.shelf.trouble(camera.tape.recording, note.kind, note.reason)
            elif isinstance(note, GivenUp):
                self.shelf.recheck()
            else:
                found.append(note)
        return found

    def _tell(self) -> None:
        for camera in self._cameras.values():
            if camera.wrote and not camera.tape.is_writing:
                self._tell_job(camera, "Active", "")  # so short that it is over
            camera.wrote = False
            self._tell_job(camera, *self._state_of(camera))

    def _state_of(self, camera: Camera) -> tuple[str, str]:
        if camera.tape.is_writing:
            return "Active", ""
        error = (
            camera.error
            or camera.tape.oddity
            or camera.tape.failing
            or ("" if self.shelf.is_open else "no disk")
        )
        return ("Error", error) if camera.decision.reasons and error else ("Idle", "")

    def _tell_job(self, camera: Camera, state: str, error: str) -> None:
        now = state, camera.decision.reasons, error, camera.profile
        if now == camera.told:
            return
        jobs.tell(
            camera.source,
            state=state,
            reasons=camera.decision.reasons,
            error=error,
            profile=camera.profile,
            clock=self._clock,
        )
        camera.told = now

    def _being_written(self) -> set[str]:
        cameras = (*self._cameras.values(), *self._leaving)
        return {camera.tape.path for camera in cameras} - {""}


def _profile_of(setting: CameraRecording) -> str:
    """The source's own profile of that role."""
    for one in media_settings.read().profiles:
        if one.fixed and (one.source, one.role) == (setting.source, setting.profile):
            return one.token
    return ""


def _is_same(before: Stream | None, now: Stream) -> bool:
    return before is not None and (before.hub, before.codec) == (now.hub, now.codec)
