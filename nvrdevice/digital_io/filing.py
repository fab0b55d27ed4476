"""The owner's file and the states: it is read at the start, and follows what happens.

Writing it costs the disk three syncs, so changes are gathered. A state that a person writes
into the file counts as if it were set.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from nvrdevice import state
from nvrdevice.digital_io import topics
from nvrdevice.digital_io.settings import (
    DIRECTIONS,
    INPUT,
    OUTPUT,
    DigitalChannels,
    DigitalInput,
    DigitalOutput,
    token,
)
from nvrdevice.events.models import PropertyState
from nvrdevice.lib.clock import Clock
from nvrdevice.lib.errors import DeviceError

log = logging.getLogger(__name__)

EACH_S = 5.0
AGAIN_S = 30.0  # after a disk that took nothing

One = TypeVar("One", DigitalInput, DigitalOutput)


class Filing:
    """One thread files; `edited` and `recall` are called under the board's lock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._in_file: dict[str, bool] = {}
        self._last: dict[str, bool] = {}
        self._next_s = 0.0

    def recall(self, settings: DigitalChannels) -> None:
        """What each input was: as the file says, or the journal where that is newer."""
        saved_at = state.saved_at(DigitalChannels)
        self._last = {token(INPUT, one.channel_id): one.state for one in settings.digital_inputs}
        for row in PropertyState.objects.filter(topic=topics.INPUT.name):
            name = row.source.get("InputToken", "")
            if name in self._last and (saved_at is None or row.at > saved_at):
                self._last[name] = row.data.get("LogicalState") == "true"
        for direction in DIRECTIONS:
            for one in settings.of(direction):
                self._in_file[token(direction, one.channel_id)] = one.state

    def last(self, name: str) -> bool:
        return self._last.get(name, False)

    def edited(self, name: str, *, now: bool) -> bool:
        """Whether the file says something else than it did."""
        before = self._in_file.get(name)
        self._in_file[name] = now
        return before is not None and before != now

    def file(self, states: Mapping[str, bool]) -> None:
        if all(self._in_file.get(name) == now for name, now in states.items()):
            return
        now_s = self._clock.monotonic_s()
        if now_s < self._next_s:
            return
        self._next_s = now_s + EACH_S
        try:
            state.update(DigitalChannels, lambda now: _with(now, states))
        except DeviceError as error:
            log.warning("%s", error.text)
            self._next_s = now_s + AGAIN_S
            return
        self._in_file |= states


def _with(now: DigitalChannels, states: Mapping[str, bool]) -> DigitalChannels:
    return DigitalChannels(
        digital_inputs=_each(now.digital_inputs, INPUT, states),
        digital_outputs=_each(now.digital_outputs, OUTPUT, states),
    )


def _each(channels: tuple[One, ...], direction: str, states: Mapping[str, bool]) -> tuple[One, ...]:
    return tuple(
        replace(one, state=states.get(token(direction, one.channel_id), one.state))
        for one in channels
    )
