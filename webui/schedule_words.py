"""How a schedule stands, in words and in the device's own time."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from nvrdevice.schedules import standing
from nvrdevice.schedules.entries import Schedule
from nvrdevice.schedules.uses import Use
from nvrdevice.schedules.week import DAY_NAMES

DAYS_NAMED = 6  # beyond, the date is said


@dataclass(frozen=True)
class Shown:
    name: str
    kind: str  # of the state partial
    now: str  # "Active until 18:00"
    until: datetime | None
    hours: str  # "63 h a week"
    uses: tuple[Use, ...]
    dates: int
    problem: str


def shown(one: Schedule, now: datetime, zone: tzinfo) -> Shown:
    found = standing.of(one, now, zone)
    word = "Active" if found.active else "Not active"
    if found.until is not None:
        words = f"{word} until {moment(found.until, now, zone)}"
    else:
        words = "Always active" if found.active else "Never active"
    return Shown(
        name=one.name,
        kind="danger" if one.problem else "ok" if found.active else "off",
        now=words,
        until=found.until,
        hours=hours(one.week.minutes()),
        uses=found.uses,
        dates=len(one.week.exceptions),
        problem=one.problem,
    )


def moment(then: datetime, now: datetime, zone: tzinfo) -> str:
    """18:00, tomorrow 06:00, Monday 08:00, 24 December 2026 00:00."""
    local, today = then.astimezone(zone), now.astimezone(zone).date()
    time, away = f"{local:%H:%M}", (local.date() - today).days
    if away == 0:
        return time
    if away == 1:
        return f"tomorrow {time}"
    if away <= DAYS_NAMED:
        return f"{DAY_NAMES[local.weekday()]} {time}"
    return f"{local.day} {local:%B %Y} {time}"


def hours(minutes: int) -> str:
    whole, rest = divmod(minutes, 60)
    return f"{whole} h {rest} min a week" if rest else f"{whole} h a week"


def zone_words(now: datetime, zone: tzinfo) -> str:
    """CET, UTC+01:00"""
    local = now.astimezone(zone)
    if local.tzname() == "UTC":
        return "UTC"
    offset = f"{local:%z}"
    return f"{local.tzname()}, UTC{offset[:3]}:{offset[3:5]}"
