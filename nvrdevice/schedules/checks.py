"""What a schedule made on a page or over REST must be like: names, periods, dates. Pure."""

import itertools
from datetime import date

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.schedules.week import DAY_NAMES, MIDNIGHT, Periods, Week

PERIODS_A_DAY = 8
SCHEDULES_LIMIT = 100
DATES_LIMIT = 100  # of one schedule
NAME_LIMIT = 64


def check_name(text: str) -> str:
    name = text.strip()
    if not name:
        raise _invalid("Give the schedule a name.", "name")
    if len(name) > NAME_LIMIT:
        raise _invalid(f"The name has {len(name)} characters: at most {NAME_LIMIT} fit.", "name")
    if not name.isprintable() or name in (".", "..") or "/" in name or "\\" in name:
        raise _invalid("A name has no control characters and no / or \\.", "name")
    return name


def check_week(week: Week) -> None:
    for name, periods in zip(DAY_NAMES, week.days, strict=True):
        _check_day(name, periods)
    if len(week.exceptions) > DATES_LIMIT:
        raise DeviceError(
            Kind.LIMIT,
            f"A schedule has at most {DATES_LIMIT} dates of their own: remove past ones.",
            field="exceptions",
        )
    for day, periods in week.exceptions.items():
        _check_day(date_words(day), periods)


def date_words(day: date) -> str:
    return f"{DAY_NAMES[day.weekday()]} {day.isoformat()}"


def _check_day(name: str, periods: Periods) -> None:
    if len(periods) > PERIODS_A_DAY:
        raise DeviceError(
            Kind.LIMIT,
            f"{name} has {len(periods)} periods: at most {PERIODS_A_DAY} are possible. "
            "Join some, or remove one.",
            field="periods",
        )
    ordered = sorted(periods)
    for one in ordered:
        if not 0 <= one.start < one.end <= MIDNIGHT:
            raise _invalid(f"{name} {one}: a period ends later than it starts.", "periods")
    for one, other in itertools.pairwise(ordered):
        if other.start < one.end:
            raise _invalid(
                f"{name} {one} and {name} {other} overlap: change one of them, "
                f"or join them to {name} {type(one)(one.start, max(one.end, other.end))}.",
                "periods",
            )


def _invalid(text: str, field: str) -> DeviceError:
    return DeviceError(Kind.INVALID, text, subcode="InvalidArgVal", field=field)
