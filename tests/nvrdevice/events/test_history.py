"""Looking back in the journal: what is found, page by page, and that it is found by index."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from nvrdevice.events import history
from nvrdevice.events.history import Wanted
from nvrdevice.events.models import Event

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
MOTION, SIGNAL = "tns1:VideoSource/MotionAlarm", "tns1:VideoSource/SignalLoss"


def tell(number: int, topic: str = MOTION, source: str = "source1", **data: str) -> Event:
    return Event.objects.create(
        id=number,
        at=NOON + timedelta(minutes=number),
        topic=topic,
        operation="Changed",
        source={"Source": source},
        data=data or {"State": "true"},
    )


def numbers(wanted: Wanted, **more: int) -> list[int]:
    return [row.pk for row in history.page(wanted, **more).rows]


def test_an_empty_journal_has_no_page() -> None:
    assert history.page(Wanted()) == history.Page((), None)


def test_the_newest_come_first_and_pages_go_on_by_number() -> None:
    for number in range(1, 8):
        tell(number)
    first = history.page(Wanted(), limit=3)
    assert ([row.pk for row in first.rows], first.older) == ([7, 6, 5], 5)
    tell(8)  # what comes meanwhile moves no page
    second = history.page(Wanted(), before=first.older, limit=3)
    assert ([row.pk for row in second.rows], second.older) == ([4, 3, 2], 2)
    last = history.page(Wanted(), before=second.older, limit=3)
    assert ([row.pk for row in last.rows], last.older) == ([1], None)


def test_several_topics_are_one_list() -> None:
    for number, topic in enumerate((MOTION, SIGNAL, "tns1:Other", MOTION, SIGNAL), 1):
        tell(number, topic)
    wanted = Wanted(topics=(MOTION, SIGNAL))
    assert numbers(wanted) == [5, 4, 2, 1]
    assert numbers(wanted, limit=2) == [5, 4]
    assert numbers(wanted, before=4, limit=2) == [2, 1]


def test_a_token_counts_whole() -> None:
    tell(1, source="source1")
    tell(2, source="source10")
    tell(3, source="Tür")
    assert numbers(Wanted(tokens=("source1",))) == [1]
    assert numbers(Wanted(tokens=("Tür", "source10"))) == [3, 2]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("signal", [2]),
        ("SOURCE1", [3, 2, 1]),
        ("Grüße", [3]),
        ("50%", [4]),
        ("_", []),
        ('say "hello"', [5]),
        ("nowhere", []),
    ],
)
def test_text_is_looked_for_anywhere(text: str, found: list[int]) -> None:
    tell(1)
    tell(2, SIGNAL)
    tell(3, Words="viele GRÜSSE, Grüße")
    tell(4, source="door", Words="50% light")
    tell(5, source="door", Words='say "hello"')
    assert numbers(Wanted(text=text)) == found


def test_text_means_what_people_read_too() -> None:
    tell(1)
    tell(2, SIGNAL, source="door")
    assert numbers(Wanted(text="hall", text_tokens=("door",))) == [2]
    assert numbers(Wanted(text="motion began", text_topics=(MOTION,))) == [1]


def test_times_count_from_the_first_to_before_the_second() -> None:
    for number in range(1, 6):
        tell(number)
    wanted = Wanted(since=NOON + timedelta(minutes=2), until=NOON + timedelta(minutes=4))
    assert numbers(wanted) == [3, 2]
    assert numbers(Wanted(since=NOON + timedelta(minutes=9))) == []


def test_an_event_told_late_is_found_at_its_time() -> None:
    tell(1)
    tell(2)
    late = tell(3)
    Event.objects.filter(pk=late.pk).update(at=NOON)
    assert numbers(Wanted(until=NOON + timedelta(seconds=1))) == [3]


def test_a_look_for_rare_text_says_how_far_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "SCAN_ROWS", 4)
    tell(1, source="needle")
    for number in range(2, 9):
        tell(number)
    first = history.page(Wanted(text="needle"))
    assert (first.rows, first.older, first.is_cut) == ((), 5, True)
    second = history.page(Wanted(text="needle"), before=first.older)
    assert ([row.pk for row in second.rows], second.older) == ([1], None)


def test_what_came_behind_a_number() -> None:
    for number in range(1, 6):
        tell(number, SIGNAL if number == 4 else MOTION)
    found, head, is_more = history.after(Wanted(topics=(MOTION,)), 2)
    assert ([row.pk for row in found], head, is_more) == ([5, 3], 5, False)
    found, head, is_more = history.after(Wanted(), 0, limit=3)
    assert ([row.pk for row in found], is_more) == ([5, 4, 3], True)
    assert history.after(Wanted(), 5) == ([], 5, False)


@pytest.mark.parametrize(
    ("wanted", "topic", "index"),
    [
        (Wanted(), None, "INTEGER PRIMARY KEY"),
        (Wanted(topics=(MOTION,)), MOTION, "event_by_topic"),
        (Wanted(text="a"), None, "INTEGER PRIMARY KEY"),
        (Wanted(tokens=("source1",)), MOTION, "event_by_topic"),
    ],
)
def test_a_page_walks_an_index_and_sorts_nothing(
    wanted: Wanted, topic: str | None, index: str
) -> None:
    plan = explained(history.query(wanted, topic, 1, 1_000_000)[:51])
    assert index in plan
    assert "TEMP B-TREE" not in plan


def test_the_numbers_of_a_day_are_found_by_the_index_of_times() -> None:
    rows = Event.objects.filter(at__gte=NOON, at__lt=NOON + timedelta(days=1)).order_by("at")
    plan = explained(rows.values("id"))
    assert "USING COVERING INDEX" in plan
    assert "nvrdevice_event_at" in plan


def explained(rows: object) -> str:
    sql, values = rows.query.sql_with_params()  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql, values)
        return json.dumps(cursor.fetchall())
