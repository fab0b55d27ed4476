"""The list editor of a schedule: rows of windows and dates as typed, and the week they make.

A row that was left empty counts for nothing; one that cannot be understood keeps what was typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.schedules import entries
from nvrdevice.schedules.settings import DAYS, RecordingSchedule, ScheduleException
from nvrdevice.schedules.week import ALWAYS, MIDNIGHT, NEVER, Period, Week

ROWS_LIMIT = 1000  # no form has more fields; what is too much for a schedule is told, not dropped
SPARE_ROWS, SPARE_DATES = 2, 1
LABELS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WORK_HOURS = Period(8 * 60, 17 * 60)
NIGHT = (Period(0, 6 * 60), Period(20 * 60, MIDNIGHT))

PRESETS: Mapping[str, tuple[str, Week]] = {
    "always": ("Always", Week(ALWAYS)),
    "work-hours": ("Work hours", Week((*((WORK_HOURS,),) * 5, (), ()))),
    "nights": ("Nights", Week((NIGHT,) * 7)),
    "weekends": ("Weekends", Week((*NEVER[:5], *ALWAYS[5:]))),
    "never": ("Never", Week(NEVER)),
}


@dataclass
class Day:
    value: str
    words: str
    chosen: bool


@dataclass
class Row:
    """A window as the form shows it."""

    days: list[Day]
    start: str = ""
    end: str = ""
    error: str = ""


@dataclass
class DateRow:
    date: str = ""
    start: str = ""
    end: str = ""
    error: str = ""


@dataclass
class Rows:
    windows: list[Row] = field(default_factory=list)
    dates: list[DateRow] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    crosses: bool = False  # a window went on into the next day


def rows_of(week: Week) -> Rows:
    windows = [
        Row(days_of(one.days), one.start, one.end)
        for one in entries.entries_of("", week)
        if one.start < one.end
    ]
    dates = [DateRow(one.date, one.start, one.end) for one in entries.exceptions_of("", week)]
    return with_spare(Rows(windows, dates))


def with_spare(rows: Rows) -> Rows:
    """Some empty rows to type into, also without scripts."""
    rows.windows += [Row(days_of(())) for _ in range(SPARE_ROWS)]
    rows.dates += [DateRow() for _ in range(SPARE_DATES)]
    return rows


def read(posted: QueryDict) -> tuple[Rows, Week | None]:
    """What was typed, and the week of it where all of it can be understood."""
    rows = Rows()
    windows: list[RecordingSchedule] = []
    dates: list[ScheduleException] = []
    for number in range(ROWS_LIMIT):
        days = tuple(day for day in posted.getlist(f"days-{number}") if day in DAYS)
        start, end = (_text(posted, f"{name}-{number}") for name in ("start", "end"))
        if start or end:
            row = Row(days_of(days), start, end)
            rows.windows.append(row)
            windows += _understood(rows, row, days)
    for number in range(ROWS_LIMIT):
        day, start, end = (
            _text(posted, f"{name}-{number}") for name in ("date", "date-start", "date-end")
        )
        if day or start or end:
            one = DateRow(day, start, end)
            rows.dates.append(one)
            dates += _understood_date(rows, one)
    if rows.errors:
        return with_spare(rows), None
    return with_spare(rows), entries.week_of(windows, dates, apart=True)


def _understood(rows: Rows, row: Row, days: tuple[str, ...]) -> list[RecordingSchedule]:
    try:
        if not days:
            raise _refused("Choose at least one day for this window.")
        if not row.start or not row.end:
            raise _refused("Give both times of this window, such as 08:00 and 17:30.")
        start, end = entries.minute_of(row.start, "start"), entries.minute_of(row.end, "end")
        if start == end:
            raise _refused("This window has no length: give a later end, up to 24:00.")
        rows.crosses |= end < start and end > 0
    except DeviceError as error:
        row.error = error.text
        rows.errors.append(f"{row.start or '?'} to {row.end or '?'}: {error.text}")
        return []
    return [RecordingSchedule(start=row.start, end=row.end, days=days)]


def _understood_date(rows: Rows, row: DateRow) -> list[ScheduleException]:
    try:
        if not row.date:
            raise _refused("Give the date of these times.")
        entries.date_of(row.date)
        if bool(row.start) != bool(row.end):
            raise _refused("Give both times, or none for nothing on this date.")
        if row.start:
            start, end = entries.minute_of(row.start, "start"), entries.end_of(row.end)
            if end <= start:
                raise _refused("On a date of its own a window ends by 24:00.")
    except DeviceError as error:
        row.error = error.text
        rows.errors.append(f"{row.date or 'No date'}: {error.text}")
        return []
    return [ScheduleException(name="-", date=row.date, start=row.start, end=row.end)]


def _refused(text: str) -> DeviceError:
    return DeviceError(Kind.INVALID, text)


def _text(posted: QueryDict, name: str) -> str:
    return posted.get(name, "").strip()[:32]


def days_of(chosen: Any) -> list[Day]:
    return [Day(value, words, value in chosen) for value, words in zip(DAYS, LABELS, strict=True)]
