"""Edges as events: at the wall clock's time, once, also over a restart; and what they arm."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from nvrdevice.audit.trail import Actor
from nvrdevice.events import publish
from nvrdevice.events.models import Event
from nvrdevice.lib.clock import ManualClock
from nvrdevice.motion import topics as motion
from nvrdevice.schedules import arming, book
from nvrdevice.schedules.watch import Watch
from nvrdevice.schedules.week import Period, Week

pytestmark = pytest.mark.django_db(transaction=True)

BERLIN = ZoneInfo("Europe/Berlin")
BY = Actor("alice", "", "web")
ACTIVE = "tns1:Schedule/State/Active"
# Saturday before the change to winter time, 21:59:30 in Berlin.
START = datetime(2026, 10, 24, 19, 59, 30, tzinfo=UTC)
NIGHTS = Week(((Period(0, 360), Period(1320, 1440)),) * 7)


def watch(clock: ManualClock) -> Watch:
    return Watch(zone=lambda: BERLIN, clock=clock)


def told() -> list[tuple[str, str, datetime]]:
    found = Event.objects.filter(topic=ACTIVE).order_by("id")
    return [(one.operation, one.data["Active"], one.at) for one in found]


def test_each_edge_is_one_event_at_its_time() -> None:
    book.create("nights", NIGHTS, by=BY)
    clock = ManualClock(START)
    here = watch(clock)
    for _ in range(10 * 3600):
        here.turn()
        clock.advance(1.0)
    assert told() == [
        ("Initialized", "false", START),
        ("Changed", "true", datetime(2026, 10, 24, 20, 0, tzinfo=UTC)),
        # 06:00 of winter time: the night has an hour more.
        ("Changed", "false", datetime(2026, 10, 25, 5, 0, tzinfo=UTC)),
    ]


def test_a_restart_tells_no_edge_again() -> None:
    book.create("nights", NIGHTS, by=BY)
    clock = ManualClock(START)
    watch(clock).turn()
    clock.advance(600)
    watch(clock).turn()
    watch(clock).turn()
    assert [(operation, active) for operation, active, _ in told()] == [
        ("Initialized", "false"),
        ("Changed", "true"),
    ]


def test_a_deleted_schedule_is_told_as_deleted() -> None:
    book.create("nights", NIGHTS, by=BY)
    here = watch(ManualClock(START))
    here.turn()
    book.delete("nights", by=BY)
    here.turn()
    assert [operation for operation, _, _ in told()] == ["Initialized", "Deleted"]


def test_alarms_are_held_back_until_their_schedule_begins() -> None:
    book.create("nights", NIGHTS, by=BY)
    clock = ManualClock(START)
    here = watch(clock)
    here.turn()
    arming.arm(events="", alarms="nights", by=BY)
    assert publish(motion.ALARM.name, {"Source": "source1"}, {"State": True}) is None
    clock.advance(30)
    here.turn()
    found = Event.objects.filter(topic=motion.ALARM.name)
    assert [(one.operation, one.data["State"]) for one in found] == [("Initialized", "true")]


def test_an_edge_is_told_also_while_its_schedule_holds_events_back() -> None:
    book.create("nights", NIGHTS, by=BY)
    arming.arm(events="nights", alarms="", by=BY)
    clock = ManualClock(START)
    here = watch(clock)
    here.turn()
    clock.advance(30)
    here.turn()
    assert [active for _, active, _ in told()] == ["false", "true"]
