"""A day of one source: when it was recorded, and what happened. Read by the playback page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from nvrdevice.events.models import Event
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.recordings import calendar, index, journal_states
from nvrdevice.recordings.models import Segment

MARKS_LIMIT = 10_000
STANDING_LIMIT = 500  # rows before a day, in which what goes on at its begin is found
JOIN = timedelta(seconds=1.5)  # closer than this two files are one span
MOTION, ALARM, INPUT = "motion", "alarm", "input"
ALARMS = (
    "tns1:VideoSource/SignalLoss",
    "tns1:VideoSource/GlobalSceneChange",
    "tns1:VideoSource/ImageTooBlurry",
    "tns1:VideoSource/ImageTooDark",
    "tns1:VideoSource/ImageTooBright",
    "tns1:RuleEngine/TamperDetector/Tamper",
)
LANES = {journal_states.MOVING: MOTION, journal_states.INPUT: INPUT} | dict.fromkeys(ALARMS, ALARM)
SOURCE_ITEMS = ("Source", "VideoSource", "VideoSourceConfigurationToken")


@dataclass(frozen=True)
class Span:
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Mark:
    """end is None for one that goes on, or whose end the journal does not have."""

    lane: str
    name: str  # of the input; "" where there is one only
    start: datetime
    end: datetime | None


@dataclass(frozen=True)
class Day:
    start: datetime
    end: datetime
    segments: tuple[tuple[int, datetime, datetime, str], ...]  # id, start, end, codec
    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]


def bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """From midnight to midnight as the zone has them: 23, 24 or 25 hours."""
    start = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def read(source: str, day: date, zone: tzinfo, *, clock: Clock = SYSTEM_CLOCK) -> Day:
    start, end = bounds(day, zone)
    place = index.folder()
    recording = index.recording_token(source)
    rows = [
        (one.pk, one.start, index.end_of(one, place), one.codec)
        for one in index.between(recording, start, end)
    ]
    return Day(
        start,
        end,
        tuple(rows),
        tuple(_spans((one[1], one[2]) for one in rows)),
        tuple(_marks(source, start, end, clock.now())),
    )


def undated(source: str) -> datetime | None:
    """When the newest recording began that was made before the clock was set."""
    rows = Segment.objects.filter(
        recording_id=index.recording_token(source), start__lt=calendar.UNSET
    )
    return rows.order_by("-start").values_list("start", flat=True).first()


def days_with_recordings(source: str, first: date, last: date, zone: tzinfo) -> set[date]:
    start, end = bounds(first, zone)[0], bounds(last, zone)[1]
    rows = Segment.objects.filter(
        recording_id=index.recording_token(source), start__lt=end, end__gte=start
    ).values_list("start", "end")
    return {at.astimezone(zone).date() for row in rows for at in row}


def days_with_events(source: str, first: date, last: date, zone: tzinfo) -> set[date]:
    start, end = bounds(first, zone)[0], bounds(last, zone)[1]
    rows = Event.objects.filter(topic__in=LANES, at__gte=start, at__lt=end)
    return {
        at.astimezone(zone).date()
        for at, topic, items, data in rows.values_list("at", "topic", "source", "data")[
            :MARKS_LIMIT
        ]
        if _concerns(source, topic, items) and "true" in data.values()
    }


def _spans(found: Iterator[tuple[datetime, datetime]]) -> Iterator[Span]:
    now: Span | None = None
    for start, end in sorted(found):
        if now is not None and start - now.end <= JOIN:
            now = Span(now.start, max(now.end, end))
            continue
        if now is not None:
            yield now
        now = Span(start, end)
    if now is not None:
        yield now


def _marks(source: str, start: datetime, end: datetime, now: datetime) -> list[Mark]:
    begun = _standing(source, start)
    found: list[Mark] = []
    rows = Event.objects.filter(topic__in=LANES, at__gte=start, at__lt=end)
    for event in rows.order_by("id")[: 2 * MARKS_LIMIT]:
        if not _concerns(source, event.topic, event.source):
            continue
        key = topic, name = _key(event)
        if _is_on(event):
            begun.setdefault(key, event.at)
        elif (since := begun.pop(key, None)) is not None:
            found.append(Mark(LANES[topic], name, since, event.at))
    for (topic, name), since in begun.items():
        found.append(Mark(LANES[topic], name, since, None if end > now else end))
    return sorted(found, key=lambda one: one.start)[:MARKS_LIMIT]


def _standing(source: str, start: datetime) -> dict[tuple[str, str], datetime]:
    """What went on when the day began, which for the day began with it."""
    rows = Event.objects.filter(topic__in=LANES, at__lt=start).order_by("-id")[:STANDING_LIMIT]
    last: dict[tuple[str, str], Event] = {}
    for event in rows:
        if _concerns(source, event.topic, event.source):
            last.setdefault(_key(event), event)
    return {key: start for key, event in last.items() if _is_on(event)}


def _key(event: Event) -> tuple[str, str]:
    is_input = LANES[event.topic] == INPUT
    return event.topic, next(iter(event.source.values()), "") if is_input else ""


def _is_on(event: Event) -> bool:
    return "true" in event.data.values() and event.operation != "Deleted"


def _concerns(source: str, topic: str, items: dict[str, str]) -> bool:
    """An input is everybody's; the rest is of the camera it names."""
    if LANES[topic] == INPUT:
        return True
    names = [items[item] for item in SOURCE_ITEMS if item in items]
    return not names or source in names
