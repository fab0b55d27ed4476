"""The watch: tells each schedule's edges as events, within half a second of the wall clock.

It looks instead of sleeping until the next edge: a clock that is set and a zone that is changed
count at once. What was told before is in the journal, so a restart tells nothing twice.
"""

import logging
import threading
from collections.abc import Callable
from datetime import tzinfo

from nvrdevice.events import publish, publishing
from nvrdevice.events.models import PropertyState
from nvrdevice.lib import home
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.schedules import book, topics

log = logging.getLogger(__name__)

LOOK_S = 0.5
SETTLE_S = 60.0  # how often all is told anew, should a write have failed
ZONE_S = 10.0

States = dict[str, tuple[bool, bool]]  # by name: active, special day


class Watch:
    def __init__(self, *, zone: Callable[[], tzinfo], clock: Clock = SYSTEM_CLOCK) -> None:
        self._read_zone, self._clock = zone, clock
        self._zone = zone()
        self._zone_read_s = self._settled_s = clock.monotonic_s()
        self._told: States | None = None
        self._stop = threading.Event()

    def run(self) -> None:
        """Until stop(); no error of a turn ends the watch."""
        while not self._stop.is_set():
            try:
                self.turn()
            except Exception:  # a full disk: the next turn may do better
                log.exception("the schedules failed a turn")
                self._told = None
                self._stop.wait(1.0)
            self._stop.wait(LOOK_S)

    def stop(self) -> None:
        self._stop.set()

    def turn(self) -> None:
        now_s = self._clock.monotonic_s()
        if now_s - self._zone_read_s >= ZONE_S:
            self._zone, self._zone_read_s = self._read_zone(), now_s
        states = self._states()
        if states == self._told and now_s - self._settled_s < SETTLE_S:
            return
        self._settled_s = now_s
        if self._tell(states):
            home.ring("state")  # motion ends what is held back from now on
        self._told = states

    def _states(self) -> States:
        now = self._clock.now()
        today = now.astimezone(self._zone).date()
        return {
            one.name: (one.week.active_at(now, self._zone), today in one.week.exceptions)
            for one in book.everything()
        }

    def _tell(self, states: States) -> bool:
        """Whether there was anything to tell."""
        now, edges = self._clock.now(), False
        for name, (active, special) in states.items():
            place = {"ScheduleToken": name, "Name": name}
            data = {"Active": active, "SpecialDay": special}
            if publish(topics.ACTIVE.name, place, data, at=now) is not None:
                edges = True
                log.info("schedule %s: %s", name, "active" if active else "not active")
        for row in PropertyState.objects.filter(topic=topics.ACTIVE.name):
            if row.source.get("ScheduleToken") not in states:
                publish(row.topic, row.source, row.data, at=now, operation="Deleted")
        return bool(publishing.catch_up(self._clock)) or edges
