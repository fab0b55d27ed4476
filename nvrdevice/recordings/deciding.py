"""Whether a camera is recorded just now, and why. Pure: states and times are passed in.

A reason that ended counts on for the seconds after it. One that came and went between two
looks counts as well: whoever reads the journal passes it as a pulse.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from nvrdevice.recordings.settings import (
    CONTINUOUS,
    INPUT,
    LONGEST,
    MOTION,
    SCHEDULE,
    CameraRecording,
)

BY_HAND = "by hand"


@dataclass(frozen=True)
class Trigger:
    token: str  # BY_HAND, or what was pushed
    until: datetime | None = None  # None: until it is taken back

    def holds(self, at: datetime) -> bool:
        """An end that is further away than any can be is of a clock that was set back."""
        return self.until is None or at < self.until <= at + LONGEST


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What the journal says just now."""

    moving: Collection[str] = frozenset()  # sources
    inputs: Mapping[str, bool] = field(default_factory=dict)  # by token
    schedules: Mapping[str, bool] = field(default_factory=dict)  # by name
    triggers: Mapping[str, Collection[Trigger]] = field(default_factory=dict)  # by source


class Decision:
    """Of one camera."""

    def __init__(self) -> None:
        self.reasons: tuple[str, ...] = ()
        self._until_s: dict[str, float] = {}
        self._held: set[str] = set()

    def look(
        self,
        setting: CameraRecording,
        now: Situation,
        *,
        at: datetime,
        now_s: float,
        pulsed: Situation | None = None,
    ) -> bool:
        """Whether to record; `reasons` says why. pulsed: what was true since the last look."""
        held = {reason for part in (now, pulsed) if part for reason in _reasons(setting, part, at)}
        for reason in held | self._held:  # one that held until now has ended just now
            self._until_s[reason] = now_s + self._after(setting, reason)
        self._held = held
        self._until_s = {
            reason: until_s
            for reason, until_s in self._until_s.items()
            if reason in held or now_s < until_s
        }
        self.reasons = tuple(sorted(self._until_s))
        return bool(self.reasons)

    @staticmethod
    def _after(setting: CameraRecording, reason: str) -> float:
        """Only what happens has an afterwards; a schedule and a person end when they end."""
        return setting.post_s if reason.startswith((MOTION, INPUT)) else 0.0


def _reasons(setting: CameraRecording, now: Situation, at: datetime) -> list[str]:
    found = [
        one.token if one.token == BY_HAND else f"trigger {one.token}"
        for one in now.triggers.get(setting.source, ())
        if one.holds(at)
    ]
    allowed = not setting.schedule or now.schedules.get(setting.schedule, False)
    if setting.mode == CONTINUOUS or (setting.mode == SCHEDULE and allowed):
        found.append(setting.mode)
    elif setting.mode == MOTION and allowed and setting.source in now.moving:
        found.append(MOTION)
    elif setting.mode == INPUT and allowed:
        wanted = setting.inputs or tuple(now.inputs)
        found += [f"{INPUT} {one}" for one in wanted if now.inputs.get(one)]
    return found
