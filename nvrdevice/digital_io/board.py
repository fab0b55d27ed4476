"""The board: the one owner of every channel's state, in the device process.

A state is told as an event before anything else; the owner's file follows within seconds. All
threads (requests, gpiozero's, its own) work under one lock, so events are in the order in which
things happened. Outputs are idle after a start; a virtual input is what it last was.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from django.db import DatabaseError, transaction

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor
from nvrdevice.digital_io import topics
from nvrdevice.digital_io.backends import Broken, Wire
from nvrdevice.digital_io.backends.gpio import Changed, Pins
from nvrdevice.digital_io.backends.virtual import VirtualWire
from nvrdevice.digital_io.filing import Filing
from nvrdevice.digital_io.lines import InputLine, Line, OutputLine
from nvrdevice.digital_io.refusals import missing
from nvrdevice.digital_io.settings import (
    CLOSED,
    DIRECTIONS,
    Channel,
    DigitalChannels,
    DigitalInput,
    DigitalOutput,
    token,
)
from nvrdevice.events import publish
from nvrdevice.events.models import PropertyState
from nvrdevice.lib.answering import Handler
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError
from nvrdevice.lib.question_frames import Reply

log = logging.getLogger(__name__)

AGAIN_S = 10.0  # after which a pin that could not be had is tried again
TOPICS = (topics.INPUT.name, topics.RELAY.name)
LOOK_S = 1.0  # how soon an edit of the file counts, and what could not be told is told


class PinSource(Protocol):
    def input(self, pin: int, changed: Changed) -> Wire: ...
    def output(self, pin: int, *, closed: bool) -> Wire: ...


class Board:
    def __init__(self, *, clock: Clock = SYSTEM_CLOCK, pins: PinSource | None = None) -> None:
        self._clock, self._pins = clock, pins or Pins()
        self._lock = threading.RLock()
        self._lines: dict[str, Line] = {}
        self._said: dict[str, bool | None] = {}  # None: that nothing is known
        self._again_s: dict[str, float] = {}
        self._filing = Filing(clock)
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._settled = False

    def run(self) -> None:
        """Until stop(); no error of a turn ends the board."""
        while not self._stop.is_set():
            wait_s = LOOK_S
            try:
                wait_s = self.turn()
            except Exception:  # a full disk: the next turn may do better
                log.exception("the digital channels failed a turn")
            self._wake.wait(wait_s)
            self._wake.clear()
        with self._lock:
            for line in self._lines.values():
                _close(line)

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()

    def changed(self) -> None:
        """The settings may be others; from any thread."""
        self._wake.set()

    def turn(self) -> float:
        """Take in settings, let times pass, tell and file; how long nothing will be due."""
        with self._lock:
            self._settle(state.read(DigitalChannels))
            now_s = self._clock.monotonic_s()
            for name, line in self._lines.items():
                try:
                    line.look(now_s)
                except DeviceError as error:  # of one channel: the others go on
                    self._fail(name, line, error)
            self._say_all()
            states = {
                name: line.active for name, line in self._lines.items() if line.wire is not None
            }
            due = [when for line in self._lines.values() if (when := line.due_s()) is not None]
        self._filing.file(states)
        return max(0.0, min([LOOK_S, *(when - self._clock.monotonic_s() for when in due)]))

    def set(
        self,
        direction: str,
        channel_id: int,
        *,
        active: bool,
        pulse: bool = False,
        by: Actor | None = None,
    ) -> bool:
        """The state that was read back. by: who asked, for the audit trail; None: a rule."""
        with self._lock:
            self._ensure_settled()
            line, name = self._find(direction, channel_id), token(direction, channel_id)
            now_s = self._clock.monotonic_s()
            try:
                if isinstance(line, OutputLine):
                    line.set(active=active, now_s=now_s, pulse=pulse)
                else:
                    line.set(active=active, now_s=now_s)
            except DeviceError as error:
                if isinstance(error, Broken):
                    self._fail(name, line, error)
                self._say(name, line)
                raise
            # One commit for both: who waits for the event does not wait for the disk twice.
            try:
                with transaction.atomic():
                    self._say(name, line)
                    if by is not None:
                        action = f"{'pulse' if pulse else 'set'} digital {direction}"
                        trail.record(by, action, name, after=line.active)
            except DatabaseError:
                self._said.pop(name, None)  # the next turn tells it
                raise
            self._wake.set()
            return line.active

    def handlers(self) -> Mapping[str, Handler]:
        return {"set": self._asked_to_set, "states": self._asked_for_states}

    def _asked_to_set(self, arguments: dict[str, Any]) -> Reply:
        found = self.set(
            str(arguments.get("direction")),
            int(arguments.get("channel_id", -1)),
            active=arguments.get("state") is True,
            pulse=arguments.get("pulse") is True,
            by=Actor(*(str(each) for each in arguments["by"])),
        )
        return Reply({"state": found})

    def _asked_for_states(self, _: dict[str, Any]) -> Reply:
        with self._lock:
            self._ensure_settled()
            return Reply(
                {
                    name: {
                        "state": line.active,
                        "kind": line.wire.kind if line.wire is not None else "",
                        "problem": line.problem,
                    }
                    for name, line in self._lines.items()
                }
            )

    def _ensure_settled(self) -> None:
        if not self._settled:
            self._settle(state.read(DigitalChannels))

    def _find(self, direction: str, channel_id: int) -> Line:
        found = self._lines.get(token(direction, channel_id))
        if direction not in DIRECTIONS or found is None:
            raise missing(direction, channel_id)
        return found

    def _settle(self, settings: DigitalChannels) -> None:
        """Lines as the settings have them; those whose settings changed begin anew."""
        if not self._settled:
            self._filing.recall(settings)
        wanted = {
            token(direction, one.channel_id): one
            for direction in DIRECTIONS
            for one in settings.of(direction)
        }
        for name in [name for name in self._lines if name not in wanted]:
            _close(self._lines.pop(name))
            self._said.pop(name, None)
        for name, setting in wanted.items():
            edited = self._filing.edited(name, now=setting.state)
            line = self._lines.get(name)
            again = line is not None and line.wire is None and self._is_time(name)
            if line is None or again or _works_otherwise(line.setting, setting):
                self._lines[name] = self._open(name, setting, line)
            else:
                line.setting = setting
            if edited and line is not None:
                self._follow_edit(name, setting)
        if not self._settled:
            self._forget_others(wanted)
        self._settled = True

    def _fail(self, name: str, line: Line, error: DeviceError) -> None:
        """Nothing is known of it any more, until its pin can be had again."""
        log.warning("%s: %s", line.setting.name or name, error.text)
        _close(line)
        line.fail(error.text)
        self._again_s[name] = self._clock.monotonic_s() + AGAIN_S

    def _open(self, name: str, setting: Channel, before: Line | None) -> Line:
        if before is not None:
            _close(before)
        try:
            if isinstance(setting, DigitalInput):
                return InputLine(setting, self._input_wire(name, setting, before))
            return OutputLine(setting, self._output_wire(setting))
        except DeviceError as error:
            if before is None or before.problem != error.text:
                log.warning("%s: %s", setting.name or name, error.text)
            self._again_s[name] = self._clock.monotonic_s() + AGAIN_S
            if isinstance(setting, DigitalInput):
                return InputLine(setting, None, error.text)
            return OutputLine(setting, None, error.text)

    def _is_time(self, name: str) -> bool:
        return self._clock.monotonic_s() >= self._again_s.get(name, 0.0)

    def _input_wire(self, name: str, setting: DigitalInput, before: Line | None) -> Wire:
        if setting.pin is not None:
            return self._pins.input(setting.pin, lambda closed: self._see(name, closed=closed))
        active = before.active if before is not None else self._filing.last(name)
        return VirtualWire(closed=active != (setting.normal_state == CLOSED))

    def _output_wire(self, setting: DigitalOutput) -> Wire:
        idle = setting.idle_state == CLOSED
        if setting.pin is not None:
            return self._pins.output(setting.pin, closed=idle)
        return VirtualWire(closed=idle)

    def _see(self, name: str, *, closed: bool) -> None:
        with self._lock:
            line = self._lines.get(name)
            if isinstance(line, InputLine):
                line.see(closed=closed, now_s=self._clock.monotonic_s())
        self._wake.set()

    def _follow_edit(self, name: str, setting: Channel) -> None:
        try:
            self._lines[name].set(active=setting.state, now_s=self._clock.monotonic_s())
        except DeviceError as error:
            log.warning("user.yaml: the state of %s is not taken over. %s", name, error.text)

    def _say_all(self) -> None:
        for name, line in self._lines.items():
            self._say(name, line)

    def _say(self, name: str, line: Line) -> None:
        """Tell what is not told yet; a failed write is tried again by the next turn."""
        active = line.active if line.wire is not None else None
        if name in self._said and self._said[name] == active:
            return
        try:
            with transaction.atomic():
                if active is None:
                    self._withdraw(name)
                else:
                    self._publish(name, line)
        except Exception:
            log.exception("the state of %s could not be told", name)
            return
        self._said[name] = active

    @staticmethod
    def _publish(name: str, line: Line) -> None:
        if isinstance(line, InputLine):
            publish(topics.INPUT.name, {"InputToken": name}, {"LogicalState": line.active})
        else:
            words = topics.ACTIVE if line.active else topics.INACTIVE
            publish(topics.RELAY.name, {"RelayToken": name}, {"LogicalState": words})

    @staticmethod
    def _withdraw(name: str) -> None:
        """What was told of a channel holds no longer, and nobody knows what does."""
        for row in PropertyState.objects.filter(topic__in=TOPICS):
            if name in row.source.values():
                publish(row.topic, row.source, row.data, operation="Deleted")

    def _forget_others(self, wanted: Mapping[str, Channel]) -> None:
        """Channels that the settings do not have any more have no state."""
        for row in PropertyState.objects.filter(topic__in=TOPICS):
            if not wanted.keys() & set(row.source.values()):
                publish(row.topic, row.source, row.data, operation="Deleted")


def _works_otherwise(old: Channel, new: Channel) -> bool:
    return replace(old, name=new.name, state=new.state) != new


def _close(line: Line) -> None:
    if line.wire is not None:
        line.wire.close()
