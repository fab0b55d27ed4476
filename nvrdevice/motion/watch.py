"""The watch: grey pictures in, motion events out, for every source of the device.

One thread runs it. Detectors are made only when pictures come, so OpenCV is loaded late.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.media import facts, grey
from nvrdevice.media.grey import GreyPicture
from nvrdevice.media.settings import read as media_settings
from nvrdevice.motion import announcing
from nvrdevice.motion import settings as motion_settings
from nvrdevice.motion.alarm import Alarm

if TYPE_CHECKING:
    from nvrdevice.motion.detector import Detector

log = logging.getLogger(__name__)

TURN_S = 0.25  # without a picture: how often holds and silence are looked at
CHECK_S = 20.0  # how often all is looked at anew, should a ring have been lost


class Pictures(Protocol):
    def receive(self, timeout_s: float) -> GreyPicture | None: ...
    def close(self) -> None: ...


def _subscribe(sources: Iterable[str]) -> Pictures:
    return grey.subscribe(*sources)


class Watch:
    def __init__(
        self,
        *,
        clock: Clock = SYSTEM_CLOCK,
        subscribe: Callable[[Iterable[str]], Pictures] = _subscribe,
    ) -> None:
        self._clock = clock
        self._subscribe = subscribe
        self._stop = threading.Event()
        self._look = threading.Event()
        self._look.set()
        self._looked_s = 0.0
        self._pictures: Pictures | None = None
        self._alarms: dict[str, Alarm] = {}
        self._detectors: dict[str, Detector] = {}
        self._unsaid: set[str] = set()

    def run(self) -> None:
        """Until stop(); no error of a turn ends the watch."""
        try:
            while not self._stop.is_set():
                try:
                    self.turn()
                except Exception:  # a full disk, a broken picture: the next turn may do better
                    log.exception("motion detection failed a turn")
                    self._look.set()
                    self._stop.wait(1.0)
        finally:
            self._unsubscribe()

    def stop(self) -> None:
        self._stop.set()

    def changed(self) -> None:
        """Sources, settings or switches may be others; safe from any thread."""
        self._look.set()

    def turn(self) -> None:
        """One picture, or a short while without one."""
        settings = motion_settings.read()
        now_s = self._clock.monotonic_s()
        if self._look.is_set() or now_s - self._looked_s > CHECK_S:
            self._look.clear()
            self._looked_s = now_s
            self._settle(enabled=settings.enabled)
        if self._pictures is None:
            self._stop.wait(TURN_S)
        else:
            picture = self._pictures.receive(TURN_S)
            if picture is not None and picture.source in self._alarms:
                self._see(picture, settings)
        now_s = self._clock.monotonic_s()
        for source, alarm in self._alarms.items():
            if alarm.look(now_s=now_s, hold_s=settings.hold_s):
                self._unsaid.add(source)
        self._say()

    def _see(self, picture: GreyPicture, settings: motion_settings.Motion) -> None:
        import numpy as np

        detector = self._detectors.get(picture.source)
        if detector is None:
            from nvrdevice.motion.detector import Detector

            detector = self._detectors[picture.source] = Detector()
        detector.warm_up_s = settings.warm_up_s
        detector.set_sensitivity(settings.sensitivity)
        pixels = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width)
        now_s = self._clock.monotonic_s()
        finding = detector.look(pixels, now_s)
        if self._alarms[picture.source].see(
            moving=finding.moving, now_s=now_s, hold_s=settings.hold_s
        ):
            self._unsaid.add(picture.source)

    def _say(self) -> None:
        for source in sorted(self._unsaid):
            active = self._alarms[source].active
            announcing.set_motion(source, active=active, at=self._clock.now())
            self._unsaid.discard(source)
            log.info("motion at %s %s", source, "began" if active else "ended")

    def _settle(self, *, enabled: bool) -> None:
        sources = [source.token for source in media_settings().sources]
        if sources != list(self._alarms):
            self._alarms = {source: self._alarms.get(source, Alarm()) for source in sources}
            self._detectors = {k: v for k, v in self._detectors.items() if k in self._alarms}
            self._unsaid &= set(sources)
            self._unsubscribe()
        announcing.settle(sources, self._clock.now())
        measured = facts.read()
        for source, alarm in self._alarms.items():
            found = measured.get(source)
            if not enabled or (found is not None and not found.online):
                alarm.lose()
                self._detectors.pop(source, None)
            announcing.set_motion(source, active=alarm.active, at=self._clock.now())
        if enabled and sources and self._pictures is None:
            self._pictures = self._subscribe(sources)
        elif not enabled:
            self._unsubscribe()

    def _unsubscribe(self) -> None:
        if self._pictures is not None:
            self._pictures.close()
            self._pictures = None
