"""Reading the journal: what came after a cursor, and the state each property is in."""

from dataclasses import dataclass

from nvrdevice.events import topics
from nvrdevice.events.filters import EVERYTHING, Filter
from nvrdevice.events.models import Event, PropertyState
from nvrdevice.events.notification import INITIALIZED, Notification

CHUNK = 500
SCAN_LIMIT = 5000  # rows looked at in one call, so that a rare match costs no long pause


@dataclass(frozen=True)
class Page:
    """scanned_to: the cursor to go on from. It may lie before `head` although rows are few."""

    rows: tuple[Notification, ...]
    scanned_to: int
    head: int


def head() -> int:
    """The number of the newest row; 0 in an empty journal."""
    newest = Event.objects.order_by("-id").values_list("id", flat=True).first()
    return newest or 0


def after(
    cursor: int, filter: Filter = EVERYTHING, limit: int = CHUNK, *, up_to: int | None = None
) -> Page:
    """At most `limit` rows behind cursor that pass the filter, oldest first."""
    newest = head()
    end = newest if up_to is None else min(up_to, newest)
    rows: list[Notification] = []
    scanned = 0
    while cursor < end and len(rows) < limit and scanned < SCAN_LIMIT:
        query = Event.objects.filter(id__gt=cursor, id__lte=end)
        if filter.names is not None:
            query = query.filter(topic__in=filter.names)
        size = min(CHUNK, limit) if not filter.contents else CHUNK
        chunk = list(query.order_by("id")[:size])
        for event in chunk:
            cursor, scanned = event.pk, scanned + 1
            told = notification(event)
            if filter.matches(told):
                rows.append(told)
            if len(rows) == limit:
                break
        else:
            if len(chunk) < size:
                cursor = end
    return Page(tuple(rows), cursor, newest)


def newest(limit: int = CHUNK) -> Page:
    """The last `limit` rows, oldest first; `scanned_to` goes on where they end."""
    end = head()
    rows = list(Event.objects.filter(id__lte=end).order_by("-id")[:limit])
    return Page(tuple(notification(event) for event in reversed(rows)), end, end)


def is_gone(cursor: int) -> bool:
    """Whether rows behind cursor were pruned before they were read."""
    oldest = Event.objects.order_by("id").values_list("id", flat=True).first()
    return oldest is not None and cursor + 1 < oldest


def states(filter: Filter = EVERYTHING) -> tuple[Notification, ...]:
    """What the journal last said of each live property, as Initialized."""
    query = PropertyState.objects.filter(told__isnull=False)
    if filter.names is not None:
        query = query.filter(topic__in=filter.names)
    found = (
        Notification(
            0,
            row.at,
            row.topic,
            INITIALIZED,
            *_ordered(row.topic, row.source, row.key, row.told or {}),
        )
        for row in query.order_by("id")
    )
    return tuple(each for each in found if filter.matches(each))


def notification(event: Event) -> Notification:
    groups = _ordered(event.topic, event.source, event.key, event.data)
    return Notification(event.pk, event.at, event.topic, event.operation, *groups)


def _ordered(
    name: str, source: dict[str, str], key: dict[str, str], data: dict[str, str]
) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Items as declared: a JSON column of PostgreSQL forgets the order they were written in."""
    topic = topics.find(name)
    if topic is None:  # of an older release
        return source, key, data
    return (
        {item: source[item] for item in topic.source if item in source},
        {item: key[item] for item in topic.key if item in key},
        {item: data[item] for item in topic.data if item in data},
    )
