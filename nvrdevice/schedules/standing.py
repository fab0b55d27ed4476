"""How a schedule stands at a moment: does it hold, until when, and what is it for."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from nvrdevice.schedules import uses
from nvrdevice.schedules.entries import Schedule
from nvrdevice.schedules.uses import Use


@dataclass(frozen=True)
class Standing:
    active: bool
    until: datetime | None  # None: it stays so
    uses: tuple[Use, ...]


def of(one: Schedule, now: datetime, zone: tzinfo) -> Standing:
    return Standing(
        one.week.active_at(now, zone), one.week.next_change(now, zone), uses.of(one.name)
    )
