"""The engine: follows the journal and does what the rules say, in the device process.

Events are taken one by one in their order, so a short pulse counts too. What a rule of the kind
"while" holds on is let go when its condition, its schedule or the rule itself ends.
"""

import logging
import threading
from dataclasses import dataclass
from typing import Protocol

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor
from nvrdevice.events import journal, publish
from nvrdevice.events.models import PropertyState
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import settings as media
from nvrdevice.recordings import triggers
from nvrdevice.rules import topics
from nvrdevice.rules.conditions import KINDS, WATCHED, Conditions, condition_of, fired
from nvrdevice.rules.pace import REST_S, Pace
from nvrdevice.rules.settings import (
    MOTION,
    OF_RULES,
    OFF,
    OUTPUT,
    PULSE,
    RECORDING,
    WHILE,
    Rule,
    Rules,
)

log = logging.getLogger(__name__)

LOOK_S = 1.0


@dataclass(frozen=True, order=True)
class Target:
    """What a rule acts upon. token: whose recording it is; an output has none."""

    kind: str
    of: str
    token: str = ""


class Recording(Protocol):
    """How recordings are made: recordings.triggers."""

    def hold(self, token: str, *, by: Actor, source: str = "") -> tuple[str, ...]: ...
    def start(self, token: str, *, by: Actor, source: str = "") -> tuple[str, ...]: ...
    def stop(self, token: str, *, by: Actor, source: str = "") -> tuple[str, ...]: ...
    def active(self) -> tuple[triggers.Active, ...]: ...


class Switch(Protocol):
    """How an output is switched: digital_io's board."""

    def set(
        self, direction: str, channel_id: int, *, active: bool, pulse: bool = False
    ) -> bool: ...


class Engine:
    def __init__(
        self, switch: Switch, recording: Recording, *, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self._switch, self._recording, self._clock = switch, recording, clock
        self._conditions = Conditions()
        self._cursor: int | None = None
        self._has_begun = False  # what rules held before the start is known
        self._held: set[Target] = set()  # what is on for a rule
        self._failing: dict[Target, str] = {}  # said once
        self._holding: set[str] = set()  # rules that hold something
        self._pace: dict[str, Pace] = {}
        self._wake = threading.Event()
        self._stop = threading.Event()

    def run(self) -> None:
        """Until stop(); no error of a turn ends the engine."""
        while not self._stop.is_set():
            try:
                self.turn()
            except Exception:  # the database is busy: the next turn goes on at the same event
                log.exception("the rules failed a turn")
                self._stop.wait(1.0)
            self._wake.wait(LOOK_S)
            self._wake.clear()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()

    def changed(self) -> None:
        """There are new events, or other rules; from any thread."""
        self._wake.set()

    def turn(self) -> None:
        rules = state.read(Rules).rules
        if not rules and not self._held and self._has_begun:
            self._cursor, self._conditions = None, Conditions()
            return  # nobody waits for anything: not even the journal is asked
        self._pace = {rule.name: self._pace.get(rule.name, Pace()) for rule in rules}
        if self._cursor is None:
            self._begin()
        assert self._cursor is not None
        while True:
            page = journal.after(self._cursor)
            for row in page.rows:
                # Before it is acted upon: an event that fails is not tried for ever.
                self._cursor = row.number
                edge = self._conditions.take(row.topic, row.operation, row.source, row.data)
                if edge is not None:
                    for rule in fired(rules, edge):
                        self._fire(rule)
                    self._hold(rules)
            self._cursor = page.scanned_to
            if page.scanned_to >= page.head:
                break
        self._hold(rules)

    def _begin(self) -> None:
        """Take the states as they are: a rule does not fire for what was before it.

        Not of motion: what a crash left behind is not seen to end before detection has begun.
        """
        self._cursor = journal.head()
        lasting = [topic for topic in WATCHED if KINDS[topic] != MOTION]
        for row in PropertyState.objects.filter(topic__in=lasting, told__isnull=False):
            self._conditions.take(row.topic, "", row.source, row.told or {})
        # Recordings outlive a restart: what a rule held then is let go, or held on.
        for one in self._recording.active():
            if one.token.startswith(OF_RULES) and one.until is None:
                self._held.add(Target(RECORDING, one.source, one.token))
        self._has_begun = True

    def _fire(self, rule: Rule) -> None:
        if rule.act != WHILE and self._conditions.allow(rule) and self._may_act(rule):
            for target in _targets(rule):
                self._set(target, active=rule.act != OFF, pulse=rule.act == PULSE)

    def _hold(self, rules: tuple[Rule, ...]) -> None:
        """Bring outputs and recordings to what the rules of the kind "while" want of them now."""
        now_s = self._clock.monotonic_s()
        wanted = [
            rule
            for rule in rules
            if rule.act == WHILE
            and self._conditions.allow(rule)
            and self._conditions.holds(condition_of(rule))
            and not self._pace[rule.name].rests(now_s)
        ]
        wanted = [rule for rule in wanted if rule.name in self._holding or self._may_act(rule)]
        self._holding = {rule.name for rule in wanted}
        targets = {target for rule in wanted for target in _targets(rule)}
        # What cannot be done just now (a pin is taken, a disk full) is done as soon as it can be.
        for target in sorted(targets - self._held):
            if self._set(target, active=True):
                self._held.add(target)
        for target in sorted(self._held - targets):
            if self._set(target, active=False):
                self._held.discard(target)

    def _may_act(self, rule: Rule) -> bool:
        now_s = self._clock.monotonic_s()
        pace = self._pace[rule.name]
        rested = pace.rests(now_s)
        if pace.act(now_s):
            return True
        if not rested:
            log.warning("the rule %s acted too often: it rests for %g s", rule.name, REST_S)
            publish(topics.RESTS.name, {"Rule": rule.name}, {"Seconds": REST_S})
        return False

    def _set(self, target: Target, *, active: bool, pulse: bool = False) -> bool:
        """Whether it could be done, or never can be."""
        try:
            if target.kind == OUTPUT:
                self._switch.set(OUTPUT, int(target.of), active=active, pulse=pulse)
            else:
                act = self._recording.start if pulse else self._recording.hold
                (act if active else self._recording.stop)(
                    target.token, by=trail.DEVICE, source=target.of
                )
        except DeviceError as error:
            if self._failing.get(target) != error.text:
                log.warning("a rule cannot act upon %s %s: %s", target.kind, target.of, error.text)
            self._failing[target] = error.text
            return error.kind is Kind.MISSING
        self._failing.pop(target, None)
        return True


def _targets(rule: Rule) -> list[Target]:
    if rule.do == OUTPUT:
        return [Target(OUTPUT, str(rule.output))]
    cameras = [rule.camera] if rule.camera else [one.token for one in media.read().sources]
    return [Target(RECORDING, camera, OF_RULES + rule.name) for camera in cameras]
