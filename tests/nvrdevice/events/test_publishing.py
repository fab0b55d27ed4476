"""What publishing leaves in the journal and in the table of states."""

from datetime import UTC, datetime

import pytest

from nvrdevice.audit.trail import Actor
from nvrdevice.events import pipeline, publish
from nvrdevice.events.models import Event, PropertyState
from nvrdevice.lib.errors import DeviceError
from tests.nvrdevice.events.conftest import DOOR, MOTION, PRESET

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
ADMIN = Actor(username="admin", address="192.0.2.1", protocol="web")


def move(state: bool, source: str = "source1") -> int | None:
    return publish(MOTION, {"Source": source}, {"State": state}, at=NOON)


def told() -> list[tuple[str, dict[str, str], dict[str, str]]]:
    return [(row.operation, row.source, row.data) for row in Event.objects.all()]


def test_a_property_is_initialized_then_changed() -> None:
    move(False)
    move(True)
    assert told() == [
        ("Initialized", {"Source": "source1"}, {"State": "false"}),
        ("Changed", {"Source": "source1"}, {"State": "true"}),
    ]


def test_an_unchanged_property_is_not_told_again() -> None:
    first = move(True)
    assert (first is not None, move(True)) == (True, None)
    assert len(told()) == 1


def test_each_source_has_a_state_of_its_own() -> None:
    move(True, "source1")
    move(True, "source2")
    assert [operation for operation, _, _ in told()] == ["Initialized", "Initialized"]


def test_a_deleted_property_begins_anew() -> None:
    source, key = {"Wall": "north"}, {"Door": 1}
    publish(DOOR, source, {"Open": True, "Angle": 0.5}, key=key)
    publish(DOOR, source, key=key, operation="Deleted")
    publish(DOOR, source, {"Open": True, "Angle": 0.5}, key=key)
    assert told() == [
        ("Initialized", {"Wall": "north"}, {"Open": "true", "Angle": "0.5"}),
        ("Deleted", {"Wall": "north"}, {}),
        ("Initialized", {"Wall": "north"}, {"Open": "true", "Angle": "0.5"}),
    ]


def test_what_never_was_cannot_be_deleted() -> None:
    assert publish(DOOR, {"Wall": "north"}, key={"Door": 1}, operation="Deleted") is None
    assert told() == []


def test_a_topic_without_state_is_told_each_time() -> None:
    for _ in range(2):
        publish(PRESET, {"PTZConfigurationToken": "ptz"}, {"PresetToken": "1", "PresetName": "x"})
    assert [operation for operation, _, _ in told()] == ["", ""]


def test_items_stand_in_the_order_of_their_declaration() -> None:
    publish(PRESET, {"PTZConfigurationToken": "ptz"}, {"PresetName": "door", "PresetToken": "1"})
    assert list(Event.objects.get().data) == ["PresetToken", "PresetName"]


def test_numbers_rise_and_are_not_used_again() -> None:
    first = move(True)
    Event.objects.all().delete()
    second = move(False)
    assert (first, second) == (first, (first or 0) + 1)


def test_characters_that_xml_cannot_carry_are_replaced() -> None:
    publish(PRESET, {"PTZConfigurationToken": "a\x00b"}, {"PresetToken": "1", "PresetName": "\x1b"})
    row = Event.objects.get()
    assert (row.source["PTZConfigurationToken"], row.data["PresetName"]) == ("a\ufffdb", "\ufffd")


def test_an_undeclared_topic_is_refused() -> None:
    with pytest.raises(DeviceError) as refused:
        publish("tns1:VideoSource/Nothing", {}, {})
    assert refused.value.text == "The topic tns1:VideoSource/Nothing was never declared."


def test_an_undeclared_item_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(DeviceError) as refused:
        publish(MOTION, {"Source": "source1"}, {"Speed": 3})
    assert refused.value.text == f"{MOTION} declares no item Speed."
    assert told() == []


def test_switched_off_nothing_is_told() -> None:
    pipeline.set_switches(ADMIN, events_enabled=False)
    assert move(True) is None
    assert told() == []


def test_what_was_held_back_is_told_when_the_switch_opens() -> None:
    move(False)
    pipeline.set_switches(ADMIN, events_enabled=False)
    move(True)
    pipeline.set_switches(ADMIN, events_enabled=True)
    assert [(operation, data["State"]) for operation, _, data in told()] == [
        ("Initialized", "false"),
        ("Changed", "true"),
    ]


def test_an_alarm_that_was_told_may_end_behind_a_closed_switch() -> None:
    move(True)
    pipeline.set_switches(ADMIN, alarms_enabled=False)
    move(False)
    move(True)
    assert [data["State"] for _, _, data in told()] == ["true", "false"]
    assert PropertyState.objects.get().data == {"State": "true"}


@pytest.mark.parametrize(
    ("mode", "passing"),
    [
        ("event", [True, True, True]),
        ("motion", [True, True, False]),
        ("alarm", [True, False, True]),
    ],
)
def test_the_mode_narrows_the_flow(mode: str, passing: list[bool]) -> None:
    pipeline.set_switches(ADMIN, mode=mode)
    topics = [
        "tns1:VideoSource/MotionAlarm",
        "tns1:RuleEngine/CellMotionDetector/Motion",
        "tns1:Device/Trigger/DigitalInput",
    ]
    assert [pipeline.passes(topic) for topic in topics] == passing


def test_what_is_withdrawn_is_told_as_ended_and_goes_on_within() -> None:
    move(True)
    pipeline.set_switches(ADMIN, alarms_enabled=False)
    for _ in range(2):
        publish(MOTION, {"Source": "source1"}, {"State": True}, at=NOON, withdraw=True)
    assert [data["State"] for _, _, data in told()] == ["true", "false"]
    assert PropertyState.objects.get().data == {"State": "true"}
    pipeline.set_switches(ADMIN, alarms_enabled=True)
    assert [data["State"] for _, _, data in told()] == ["true", "false", "true"]
