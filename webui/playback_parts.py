"""What the playback page shows of a day: marks as a table, a calendar, and the numbers a script
draws from."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from nvrdevice.recordings import index, timeline
from nvrdevice.recordings.timeline import Day
from webui import overview_parts

ROWS = 100  # of the table on one page
LANE_WORDS = {
    "recording": "Recording",
    timeline.MOTION: "Motion",
    timeline.ALARM: "Alarm",
    timeline.INPUT: "Digital input",
}


@dataclass(frozen=True)
class Recorded:
    """A camera as the pages of recordings name it."""

    token: str
    name: str


@dataclass(frozen=True)
class Row:
    lane: str
    words: str
    at: datetime  # in the device's zone
    length: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class CalendarDay:
    day: date
    recorded: bool
    eventful: bool
    current: bool
    future: bool


def cameras() -> list[Recorded]:
    """Those that are there, and those that were removed while something of them is kept."""
    there = [Recorded(one.token, one.name) for one in overview_parts.cameras()]
    removed = index.without_source([one.token for one in there])
    return there + [Recorded(one.source, f"{one.name or one.source}, removed") for one in removed]


def parse_day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today


def rows(found: Day, zone: tzinfo, names: dict[str, str]) -> list[Row]:
    """All marks, oldest first."""
    made = [_row("recording", "", one.start, one.end, zone) for one in found.spans]
    made += [
        _row(one.lane, names.get(one.name, one.name), one.start, one.end, zone)
        for one in found.marks
    ]
    return sorted(made, key=lambda row: (row.start_ms, row.lane != "recording"))


def _row(lane: str, name: str, start: datetime, end: datetime | None, zone: tzinfo) -> Row:
    return Row(
        lane=lane,
        words=f"{LANE_WORDS[lane]} {name}".rstrip(),
        at=start.astimezone(zone),
        length=length_words((end - start).total_seconds()) if end else "goes on",
        start_ms=ms(start),
        end_ms=ms(end) if end else ms(start) + 60_000,
    )


def length_words(seconds: float) -> str:
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def month(day: date, today: date, source: str, zone: tzinfo) -> list[list[CalendarDay | None]]:
    """Weeks of the month, Monday first."""
    first = day.replace(day=1)
    last = first.replace(day=calendar.monthrange(day.year, day.month)[1])
    recorded = timeline.days_with_recordings(source, first, last, zone)
    eventful = timeline.days_with_events(source, first, last, zone)
    cells: list[CalendarDay | None] = [None] * first.weekday()
    for number in range(last.day):
        one = first + timedelta(days=number)
        cells.append(CalendarDay(one, one in recorded, one in eventful, one == day, one > today))
    cells += [None] * (-len(cells) % 7)
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


def drawn(found: Day, zone: tzinfo, names: dict[str, str]) -> dict[str, Any]:
    """For static/js/playback.js: all times in milliseconds since 1970."""
    return {
        "start": ms(found.start),
        "end": ms(found.end),
        "offsets": list(_offsets(found.start, found.end, zone)),
        "segments": [
            [number, ms(start), ms(end), codec] for number, start, end, codec in found.segments
        ],
        "spans": [[ms(one.start), ms(one.end)] for one in found.spans],
        "marks": [
            [one.lane, ms(one.start), ms(one.end) if one.end else None, names.get(one.name, "")]
            for one in found.marks
        ],
    }


def _offsets(start: datetime, end: datetime, zone: tzinfo) -> Iterator[tuple[int, int]]:
    """Since when which minutes are added to UTC; a change falls on a quarter of an hour."""
    before, at = None, start
    while at < end:
        offset = at.astimezone(zone).utcoffset()
        assert offset is not None
        if offset != before:
            yield ms(at), int(offset.total_seconds() // 60)
        before, at = offset, at + timedelta(minutes=15)


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
