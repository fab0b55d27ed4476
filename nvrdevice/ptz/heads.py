"""The heads of all sources, where they move: in the media process, which crops the pictures.

One thread ends each continuous move at its time, whatever became of whoever asked for it.
Requests come from workers; crop() is asked once a picture and reads no setting.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from nvrdevice import state
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.ptz import settings
from nvrdevice.ptz.backends.backend import Backend
from nvrdevice.ptz.backends.dead_man import DeadMan
from nvrdevice.ptz.backends.digital import Crop, Digital
from nvrdevice.ptz.backends.motor import Simulated
from nvrdevice.ptz.backends.pelco_d import PelcoD
from nvrdevice.ptz.backends.serial_line import SerialLine
from nvrdevice.ptz.backends.visca import ANSWER_S, Visca
from nvrdevice.ptz.settings import Head, PtzSettings
from nvrdevice.ptz.spaces import Vector

log = logging.getLogger(__name__)

STOP_AGAIN_S = 0.5
STOP_TRIES = 20  # so soon after each other; then now and then, for whatever moves must be stopped
STOP_LATER_S = 5.0
HEAR_S = 0.3  # after a stop, whether the head took it
REFUSED_TRIES = 5
# Whether the source's main picture is made here; None: there is no such source.
MadeHere = Callable[[str], bool | None]


@dataclass
class Running:
    """One head at work."""

    setting: Head
    backend: Backend
    kind: str  # as in settings, but never "auto"
    mover: str = ""  # whose continuous move this is
    until_s: float | None = None
    tries: int = 0
    hear_s: float | None = None
    refused: int = 0  # stops in a row


class Heads:
    def __init__(
        self, made_here: MadeHere, *, simulated: bool = False, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self._made_here, self._simulated, self._clock = made_here, simulated, clock
        self._running: dict[str, Running] = {}
        self._changed = threading.Condition(threading.RLock())
        self._closed = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self.look()
        self._thread = threading.Thread(target=self._watch, name="ptz", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Nothing goes on moving without us."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            for one in self._running.values():
                self._shut(one)
            self._running = {}
        if self._thread is not None:
            self._thread.join(timeout=2)

    def crop(self, source: str, time_ns: int) -> Crop | None:
        """What of this source's picture is shown at this moment; None: all of it."""
        one = self._running.get(source)
        if one is None or not isinstance(one.backend, Digital):
            return None
        return one.backend.crop(time_ns / 1e9)

    def leaves_main_whole(self, source: str) -> bool:
        """Whether the main stream is the camera's own, which no crop reaches."""
        return self.running(source).kind == settings.DIGITAL and not self._made_here(source)

    def look(self) -> None:
        """Settings may be others: who is set up differently starts anew, at its home."""
        found = state.read(PtzSettings)
        with self._changed:
            for source, one in list(self._running.items()):
                now = settings.head(source, found)
                if now.drive != one.setting.drive or self._kind(now) != one.kind:
                    self._shut(self._running.pop(source))
                elif now.limits != one.setting.limits:
                    one.backend.limit(now.limits)
                one.setting = now
            for now in found.ptz:  # a home other than the whole picture holds from the start on
                if now.source not in self._running and self._made_here(now.source) is not None:
                    try:
                        self.running(now.source)
                    except DeviceError as error:
                        log.info("%s is not moved: %s", now.source, error.text)

    def running(self, source: str) -> Running:
        """The head of a source; DeviceError says why there is none."""
        with self._changed:
            one = self._running.get(source)
            if one is not None:
                return one
            if self._made_here(source) is None:
                raise DeviceError(
                    Kind.MISSING, f"There is no source {source[:64]!r}.", field="source"
                )
            setting = settings.head(source)
            kind = self._kind(setting)
            one = Running(setting, self._made(setting, kind), kind)
            if self._closed:
                raise DeviceError(Kind.UNAVAILABLE, "The media process is ending: try again.")
            self._running[source] = one
            return one

    def continuous(self, source: str, velocity: Vector, timeout_s: float, mover: str) -> None:
        with self._changed:
            one = self.running(source)
            now_s = self._clock.monotonic_s()
            one.backend.drive(velocity, now_s)
            one.mover, one.tries = mover, 0
            one.until_s = None if velocity.still else now_s + timeout_s
            self._changed.notify_all()

    def absolute(self, source: str, target: Vector) -> None:
        with self._changed:
            one = self.running(source)
            one.backend.go(target, self._clock.monotonic_s())
            one.mover, one.until_s = "", None

    def relative(self, source: str, way: Vector) -> None:
        with self._changed:
            one = self.running(source)
            now_s = self._clock.monotonic_s()
            at = one.backend.position(now_s)
            one.backend.go((at or Vector()).plus(way), now_s)
            one.mover, one.until_s = "", None

    def home(self, source: str) -> None:
        with self._changed:
            one = self.running(source)
            if one.backend.keeps_presets:
                self.halt(source)  # what goes there by itself is not stopped on its way
            one.backend.go_home(one.setting.home, self._clock.monotonic_s())
            one.mover, one.until_s = "", None

    def halt(self, source: str, mover: str = "") -> None:
        """mover: only where the move is still theirs, for one who went away."""
        with self._changed:
            one = self.running(source)
            if mover and one.mover != mover:
                return
            now_s = self._clock.monotonic_s()
            try:
                one.backend.stop(now_s)
            except DeviceError:
                if one.backend.moving(now_s):
                    one.until_s, one.tries = now_s + STOP_AGAIN_S, 1
                    self._changed.notify_all()
                raise
            one.mover, one.until_s, one.refused = "", None, 0
            self._will_hear(one, now_s)

    def refuse(self, source: str) -> None:
        """DeviceError where the head itself refused the last command; waits a moment to hear it.

        Not all heads can be heard, and a late answer goes to the log.
        """
        backend = self.running(source).backend
        if not isinstance(backend, Visca):
            return
        found = [one for one in backend.refusals(ANSWER_S) if not one.sent.stops]
        if found:
            self.halt(source)  # it may have taken a half of it
            raise found[0].error

    def position(self, source: str) -> tuple[Vector | None, bool]:
        """Where it is, if it is known, and whether it moves."""
        one, now_s = self.running(source), self._clock.monotonic_s()
        return one.backend.position(now_s), one.backend.moving(now_s)

    def end_what_is_over(self) -> float | None:
        """End moves whose time is up; the seconds until the next one's is."""
        with self._changed:
            now_s = self._clock.monotonic_s()
            for source, one in self._running.items():
                if one.hear_s is not None and one.hear_s <= now_s:
                    self._hear(source, one, now_s)
                if one.until_s is not None and one.until_s <= now_s:
                    self._end(source, one, now_s)
            ends = [
                each
                for one in self._running.values()
                for each in (one.until_s, one.hear_s)
                if each is not None
            ]
            return max(min(ends) - now_s, 0.0) if ends else None

    def _end(self, source: str, one: Running, now_s: float) -> None:
        try:
            one.backend.stop(now_s)
            one.until_s, one.mover = None, ""
            if one.tries:
                log.warning("%s is stopped after all", source)
            self._will_hear(one, now_s)
        except Exception as error:  # whatever it is: it moves, and this thread stops the others too
            if not one.tries:
                log.warning("%s could not be stopped, and is tried again: %s", source, error)
            one.tries += 1
            one.until_s = now_s + (STOP_AGAIN_S if one.tries < STOP_TRIES else STOP_LATER_S)

    def _will_hear(self, one: Running, now_s: float) -> None:
        if isinstance(one.backend, Visca):
            one.hear_s = now_s + HEAR_S
            self._changed.notify_all()

    def _hear(self, source: str, one: Running, now_s: float) -> None:
        """A head that did not take its stop turns on: it is told again, but not for ever."""
        one.hear_s = None
        assert isinstance(one.backend, Visca)
        if one.until_s is not None or not any(each.sent.stops for each in one.backend.refusals()):
            one.refused = 0
        elif one.refused < REFUSED_TRIES:
            one.refused, one.until_s = one.refused + 1, now_s
        else:
            log.error("%s refuses to stop, and may turn on", source)

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                self._changed.wait(self.end_what_is_over())

    def _kind(self, setting: Head) -> str:
        if setting.backend != settings.AUTO:
            return setting.backend
        return settings.DIGITAL if self._made_here(setting.source) else settings.OFF

    def _made(self, setting: Head, kind: str) -> Backend:
        if kind == settings.DIGITAL:
            return Digital(setting.home, setting.limits, setting.most_zoom)
        if kind == settings.SIMULATED:
            if not self._simulated:
                raise DeviceError(
                    Kind.UNSUPPORTED,
                    "A simulated head moves nothing and runs only on a simulated device "
                    "(NVR_SYSTEM_BACKEND=simulated): choose another.",
                    field="backend",
                )
            return Simulated(setting.home, setting.limits)
        if kind in settings.SERIAL:
            line = SerialLine(setting.port, setting.baud)
            made = PelcoD if kind == settings.PELCO_D else Visca
            backend: Backend = made(line, setting.address, DeadMan(setting.port, setting.baud))
            self._still(setting.source, backend)
            return backend
        why = (
            "its picture is passed through as the camera sends it. Choose the digital crop for "
            "the streams that are made here, or a head on a serial line"
            if setting.backend == settings.AUTO
            else "it is switched off"
        )
        raise DeviceError(
            Kind.UNSUPPORTED, f"Nothing moves {setting.source}: {why}.", field="source"
        )

    def _still(self, source: str, backend: Backend) -> None:
        """Whoever moved it before us may not have had the time to stop it."""
        try:
            backend.stop(self._clock.monotonic_s())
        except DeviceError as error:
            log.warning("%s: %s", source, error.text)

    def _shut(self, one: Running) -> None:
        try:
            if one.backend.moving(self._clock.monotonic_s()):
                one.backend.stop(self._clock.monotonic_s())
        except DeviceError as error:
            log.warning("%s could not be stopped: %s", one.setting.source, error.text)
        one.backend.close()
