"""Between the entries of user.yaml and schedules: the same windows, in two forms. Pure.

An entry that nobody can understand makes its schedule hold never and say why: a file that the
owner's own program took must load here.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.schedules.settings import (
    DAYS,
    RecordingSchedule,
    RecordingSchedules,
    ScheduleException,
)
from nvrdevice.schedules.week import MIDNIGHT, NEVER, Period, Periods, Week, clock_words, joined

UNNAMED = "Unnamed"
_TIME = re.compile(r"(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?\s*(am|pm)?", re.ASCII | re.IGNORECASE)
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Schedule:
    name: str
    week: Week
    problem: str = ""


def schedules_of(found: RecordingSchedules) -> tuple[Schedule, ...]:
    """Each name once, in the order of the file."""
    names = list(dict.fromkeys(_name(one.name) for one in found.recording_schedules))
    return tuple(_schedule(name, found) for name in names)


def entries_of(name: str, week: Week) -> tuple[RecordingSchedule, ...]:
    """One entry for each window, with the days that have it; at least one, which keeps the name."""
    windows = sorted({one for day in week.days for one in day})
    return tuple(
        RecordingSchedule(
            name=name,
            start=clock_words(one.start),
            end=clock_words(one.end),
            days=tuple(day for day, periods in zip(DAYS, week.days, strict=True) if one in periods),
        )
        for one in windows or [Period(0, 0)]
    )


def exceptions_of(name: str, week: Week) -> tuple[ScheduleException, ...]:
    return tuple(
        ScheduleException(
            name=name,
            date=day.isoformat(),
            start=clock_words(one.start) if one else "",
            end=clock_words(one.end) if one else "",
        )
        for day, periods in sorted(week.exceptions.items())
        for one in periods or (None,)
    )


def week_of(
    entries: Iterable[RecordingSchedule],
    exceptions: Iterable[ScheduleException] = (),
    *,
    apart: bool = False,
) -> Week:
    """DeviceError names the value that cannot be understood.

    apart: what overlaps is left so, to be told of; else it is made one.
    """
    put: Callable[[Periods], Periods] = _in_order if apart else joined
    days: list[Periods] = list(NEVER)
    for entry in entries:
        start, end = minute_of(entry.start, "start"), end_of(entry.end)
        for number in {day_of(day) for day in entry.days or DAYS}:
            for shift, period in split(start, end):
                at = (number + shift) % 7
                days[at] = put((*days[at], period))
    special: dict[date, Periods] = {}
    for one in exceptions:
        on = date_of(one.date)
        own: Periods = ()
        if one.start or one.end:
            start, end = minute_of(one.start or "00:00", "start"), end_of(one.end or "24:00")
            if apart and end < start:
                raise DeviceError(
                    Kind.INVALID,
                    f"On a date of its own a window ends by 24:00: give {on.isoformat()} an end "
                    "behind its start, and the rest to the next date.",
                    field="end",
                )
            # On a date of its own nothing reaches into the day after.
            own = (Period(start, end if end > start else MIDNIGHT),) if start != end else ()
        special[on] = put((*special.get(on, ()), *own))
    return Week(tuple(days), special)


def split(start: int, end: int) -> tuple[tuple[int, Period], ...]:
    """A window as periods within days: (days later, period); none where it has no length."""
    if start < end:
        return ((0, Period(start, end)),)
    if start == end:
        return ()
    return tuple(
        (shift, one)
        for shift, one in ((0, Period(start, MIDNIGHT)), (1, Period(0, end)))
        if one.start < one.end
    )


def minute_of(text: str, field: str) -> int:
    """Of the day; 24:00 is its end."""
    found = _TIME.fullmatch(text.strip())
    if found is not None:
        hour, minute, half = int(found[1]), int(found[2]), (found[4] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        if minute < 60 and int(found[3] or 0) < 60 and hour * 60 + minute <= MIDNIGHT:
            return hour * 60 + minute
    raise DeviceError(
        Kind.INVALID,
        f"{text[:20]!r} is not a time of day: give hours and minutes, such as 08:30 or 24:00.",
        field=field,
    )


def end_of(text: str) -> int:
    """23:59 has always meant the end of the day: nobody wants a minute without recording."""
    minute = minute_of(text, "end")
    return MIDNIGHT if minute == MIDNIGHT - 1 else minute


def day_of(text: str) -> int:
    """0 for Monday; from a name, its beginning, or 1 (Monday) to 7."""
    word = text.strip().rstrip(".").casefold()
    if word.isascii() and word.isdigit() and 0 <= int(word) <= 7:
        return (int(word) - 1) % 7
    if len(word) >= 2:
        for number, full in enumerate(_FULL):
            if full.startswith(word):
                return number
    raise DeviceError(
        Kind.INVALID,
        f"{text[:20]!r} is not a day: give mon, tue, wed, thu, fri, sat or sun.",
        field="days",
    )


def date_of(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise DeviceError(
            Kind.INVALID, f"{text[:20]!r} is not a date: give it as 2026-12-24.", field="date"
        ) from None


def _schedule(name: str, found: RecordingSchedules) -> Schedule:
    own = [one for one in found.recording_schedules if _name(one.name) == name]
    special = [one for one in found.schedule_exceptions if _name(one.name) == name]
    try:
        return Schedule(name, week_of(own, special))
    except DeviceError as error:
        return Schedule(name, Week(), f"user.yaml: the schedule {name!r} never holds. {error.text}")


def _in_order(periods: Periods) -> Periods:
    return tuple(sorted(periods))


def _name(text: str) -> str:
    return text.strip() or UNNAMED
