"""Whether the media process is there. What it wrote of the cameras is true only as long as it is.

A process that died or hangs cannot take back what it said last. So it is asked, at most every
LOOK_S however many want to know; one that is only slow is given PATIENCE_S.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError
from nvrdevice.lib.question_frames import Reply
from nvrdevice.media import facts as kept
from nvrdevice.media import requests

LOOK_S = 2.0
ANSWER_S = 2.0
PATIENCE_S = 6.0
HUNG_S = 10.0  # since its main loop came by: threads may answer beside one that hangs
OLD_S = 10.0  # a look this long ago is given to nobody

NO_ANSWER = (
    "The media process, which handles all pictures, does not answer. It is started again by itself."
)


@dataclass(frozen=True)
class Away:
    since: datetime  # when it was noticed
    reason: str = NO_ANSWER


class Presence:
    """Safe in any thread. Most who ask wait for nothing; one looks, for 3 s at the longest."""

    def __init__(self, ask: Callable[[], Reply], *, clock: Clock = SYSTEM_CLOCK) -> None:
        self._ask, self._clock = ask, clock
        self._lock = threading.Lock()
        self._looked_s = self._answered_s = float("-inf")
        self._away: Away | None = None

    def away(self) -> Away | None:
        if self._lock.acquire(blocking=self._age_s() >= OLD_S):
            try:
                if self._age_s() >= LOOK_S:
                    self._look()
            finally:
                self._lock.release()
        return self._away

    def _age_s(self) -> float:
        return self._clock.monotonic_s() - self._looked_s

    def _look(self) -> None:
        answers = self._answers()
        now_s = self._looked_s = self._clock.monotonic_s()
        if answers:
            self._answered_s, self._away = now_s, None
        elif self._away is None and now_s - self._answered_s >= PATIENCE_S:
            self._away = Away(self._clock.now())

    def _answers(self) -> bool:
        try:
            silent_s = self._ask().values["silent_s"]
        except DeviceError:
            return False
        return bool(silent_s < HUNG_S)


_presence = Presence(lambda: requests.ask("pulse", timeout_s=ANSWER_S))


def away() -> Away | None:
    """Since when and why nobody knows how the cameras are; None where the process is there."""
    return _presence.away()


def facts() -> dict[str, kept.Facts]:
    """What is kept of each source, as it counts now: none is online where nobody looks at it."""
    found, gone = kept.read(), away()
    if gone is None:
        return found
    return {
        source: replace(known, online=False, reason=gone.reason, since=gone.since)
        for source, known in found.items()
    }
