"""Looking back in the journal: newest first, page by page, quick however long the journal is.

Topics and times are found by index. Names and text lie inside the rows, so a look for them goes
through at most SCAN_ROWS at a time and says how far it came: a rare word costs no long wait.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min, Q, QuerySet, TextField
from django.db.models.functions import Cast

from nvrdevice.events import journal
from nvrdevice.events.models import Event

PAGE_ROWS = 50
SCAN_ROWS = 100_000
TEXT_MAX = 100


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """topics: by name, none means all; tokens: any of them as an item's value; since is the
    first moment that counts and until the first that does not; text: anywhere in the row.

    text_topics and text_tokens: what the text means in the words that people are shown.
    """

    topics: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    text_topics: tuple[str, ...] = ()
    text_tokens: tuple[str, ...] = ()

    @property
    def is_scan(self) -> bool:
        return bool(self.tokens or self.text)


@dataclass(frozen=True)
class Page:
    """older: the number before which to go on, None where nothing older is left; is_cut: the
    look ended because of SCAN_ROWS, not because the page is full."""

    rows: tuple[Event, ...]
    older: int | None
    is_cut: bool = False


def page(wanted: Wanted, *, before: int | None = None, limit: int = PAGE_ROWS) -> Page:
    """The newest `limit` rows with numbers below `before` that are wanted."""
    low, high = _bounds(wanted)
    if before is not None:
        high = min(high, before - 1)
    if high < low:
        return Page((), None)
    floor = max(low, high - SCAN_ROWS + 1) if wanted.is_scan else low
    found = _newest(wanted, floor, high, limit + 1)
    if len(found) > limit:
        return Page(tuple(found[:limit]), found[limit - 1].pk)
    is_cut = floor > low
    return Page(tuple(found), floor if is_cut else None, is_cut)


def after(wanted: Wanted, number: int, limit: int = PAGE_ROWS) -> tuple[list[Event], int, bool]:
    """What came behind `number`, newest first; the journal's end; whether there was more."""
    head = journal.head()
    if head <= number:
        return [], max(head, number), False
    floor = max(number + 1, head - SCAN_ROWS + 1)
    found = _newest(wanted, floor, head, limit + 1)
    return found[:limit], head, len(found) > limit or floor > number + 1


def query(wanted: Wanted, topic: str | None, low: int, high: int) -> QuerySet[Event]:
    """Of one topic, or of all where it is None; newest first."""
    rows = Event.objects.filter(id__gte=low, id__lte=high)
    if topic is not None:
        rows = rows.filter(topic=topic)
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    if wanted.is_scan:
        rows = rows.annotate(
            source_text=Cast("source", TextField()),
            key_text=Cast("key", TextField()),
            data_text=Cast("data", TextField()),
        )
    if wanted.tokens:
        rows = rows.filter(_has_token(wanted.tokens))
    if wanted.text:
        rows = rows.filter(_has_text(wanted))
    return rows.order_by("-id")


def _newest(wanted: Wanted, low: int, high: int, limit: int) -> list[Event]:
    # One query a topic: each walks its own index from the end and stops when it has enough.
    found = [
        row
        for topic in (wanted.topics or (None,))
        for row in query(wanted, topic, low, high)[:limit]
    ]
    return sorted(found, key=lambda row: row.pk, reverse=True)[:limit]


def _bounds(wanted: Wanted) -> tuple[int, int]:
    """The numbers between which the wanted times lie: numbers follow times, but not strictly."""
    numbers = Event.objects.values_list("id", flat=True)
    if wanted.since is None and wanted.until is None:
        # Two looks at the ends; both in one query would walk the whole table.
        return numbers.order_by("id").first() or 1, numbers.order_by("-id").first() or 0
    if wanted.since is not None:
        numbers = numbers.filter(at__gte=wanted.since)
    if wanted.until is not None:
        numbers = numbers.filter(at__lt=wanted.until)
    found = numbers.aggregate(low=Min("id"), high=Max("id"))
    return found["low"] or 1, found["high"] or 0


def _has_token(tokens: tuple[str, ...]) -> Q:
    """As a whole value: source1 is not source10."""
    wanted = Q()
    for token in tokens:
        for quoted in _in_json(token):
            value = f': "{quoted}"'
            wanted |= Q(source_text__contains=value) | Q(key_text__contains=value)
    return wanted


def _has_text(wanted: Wanted) -> Q:
    text = wanted.text[:TEXT_MAX]
    found = Q(topic__icontains=text) | Q(topic__in=wanted.text_topics)
    for quoted in _in_json(text):
        for column in ("source_text", "key_text", "data_text"):
            found |= Q(**{f"{column}__icontains": quoted})
    if wanted.text_tokens:
        found |= _has_token(wanted.text_tokens)
    return found


def _in_json(text: str) -> set[str]:
    """As SQLite has it, escaped, and as PostgreSQL has it, plain."""
    return {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
