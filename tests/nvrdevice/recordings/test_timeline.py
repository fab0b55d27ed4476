"""A day as people live it: in the device's zone, with 23, 24 or 25 hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nvrdevice.events import publish
from nvrdevice.recordings import timeline
from nvrdevice.recordings.timeline import Mark, Span
from tests.nvrdevice.recordings.shelf_of_files import add

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)],
)
def test_a_day_has_as_many_hours_as_it_has(day: date, hours: int) -> None:
    start, end = timeline.bounds(day, BERLIN)
    assert end - start == timedelta(hours=hours)
    assert start.astimezone(BERLIN).date() == day


def test_files_that_follow_each_other_are_one_span() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for number, seconds in enumerate((0, 2, 4, 60), 1):
        add(noon + timedelta(seconds=seconds), sequence=number)
    found = timeline.read("source1", date(2026, 1, 1), UTC)
    assert found.spans == (
        Span(noon, noon + timedelta(seconds=6)),
        Span(noon + timedelta(seconds=60), noon + timedelta(seconds=62)),
    )


def test_midnight_belongs_to_both_days() -> None:
    add(datetime(2026, 1, 1, 22, 59, 59, tzinfo=UTC), sequence=1)
    for day in (date(2026, 1, 1), date(2026, 1, 2)):
        assert len(timeline.read("source1", day, BERLIN).segments) == 1
    days = timeline.days_with_recordings("source1", date(2026, 1, 1), date(2026, 1, 31), BERLIN)
    assert days == {date(2026, 1, 1), date(2026, 1, 2)}


def test_motion_of_this_camera_and_every_input_are_marks() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    moving = "tns1:VideoSource/MotionAlarm"
    for source in ("source1", "source2"):
        publish(moving, {"Source": source}, {"State": True}, at=noon)
        publish(moving, {"Source": source}, {"State": False}, at=noon + timedelta(seconds=3))
    door = {"InputToken": "input1"}
    publish("tns1:Device/Trigger/DigitalInput", door, {"LogicalState": True}, at=noon)
    found = timeline.read("source1", date(2026, 1, 1), UTC)
    assert found.marks == (
        Mark("motion", "", noon, noon + timedelta(seconds=3)),
        Mark("input", "input1", noon, datetime(2026, 1, 2, tzinfo=UTC)),
    )


def test_what_goes_on_since_days_is_a_mark_of_each() -> None:
    door, topic = {"InputToken": "input1"}, "tns1:Device/Trigger/DigitalInput"
    publish(topic, door, {"LogicalState": True}, at=datetime(2026, 1, 1, 9, tzinfo=UTC))
    publish(topic, door, {"LogicalState": False}, at=datetime(2026, 1, 3, 7, tzinfo=UTC))
    marks = [timeline.read("source1", date(2026, 1, day), UTC).marks for day in (1, 2, 3, 4)]
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3, 4)]
    assert marks == [
        (Mark("input", "input1", days[0] + timedelta(hours=9), days[1]),),
        (Mark("input", "input1", days[1], days[2]),),
        (Mark("input", "input1", days[2], days[2] + timedelta(hours=7)),),
        (),
    ]
