"""What an event says to a person."""

from datetime import UTC, datetime

import pytest

from nvrdevice.events.models import Event
from webui import event_words

AT = datetime(2026, 1, 1, tzinfo=UTC)
MOTION = "tns1:VideoSource/MotionAlarm"


def event(topic: str = MOTION, operation: str = "Changed", **more: dict[str, str]) -> Event:
    return Event(id=7, at=AT, topic=topic, operation=operation, **more)


@pytest.mark.parametrize(
    ("operation", "state", "words"),
    [
        ("Changed", "true", "Motion started"),
        ("Changed", "false", "Motion ended"),
        ("Initialized", "true", "There is motion"),
        ("Initialized", "false", "There is no motion"),
    ],
)
def test_a_known_state(operation: str, state: str, words: str) -> None:
    row = event_words.row(event(operation=operation, data={"State": state}), {})
    assert row.words == words


@pytest.mark.parametrize(
    ("topic", "data", "words"),
    [
        ("tns1:RecordingConfig/JobState", {"State": "Active"}, "Recording job at work"),
        ("tns1:RecordingConfig/JobState", {"State": "Idle"}, "Recording job at rest"),
        ("tns1:RecordingConfig/JobState", {"State": "Error"}, "Recording job: Error"),
        ("tns1:RecordingHistory/Recording/State", {"IsRecording": "true"}, "Recording started"),
        (
            "tns1:Device/HardwareFailure/StorageFailure",
            {"Failed": "true"},
            "Recordings cannot be stored",
        ),
        (
            "tns1:Monitoring/nvr:Storage",
            {"State": "ok", "Reason": ""},
            "The disk of the recordings is well",
        ),
        (
            "tns1:Monitoring/nvr:Storage",
            {"State": "gone", "Reason": "No such device"},
            "The disk of the recordings is gone: No such device",
        ),
    ],
)
def test_what_recording_says(topic: str, data: dict[str, str], words: str) -> None:
    assert event_words.row(event(topic, data=data), {}).words == words


def test_a_process_that_was_started_again() -> None:
    found = event(
        "tns1:Monitoring/nvr:ProcessEnded",
        source={"Process": "media"},
        data={"Reason": "hung for 30 s and was ended", "RestartDelay": "0.5"},
    )
    assert event_words.row(found, {}).words == (
        "The media process hung for 30 s and was ended; it is started again"
    )


def test_the_source_goes_by_its_name() -> None:
    row = event_words.row(event(source={"Source": "source1"}), {"source1": "Front door"})
    assert row == event_words.Row(7, AT, "Motion alarm", "Front door")


def test_an_unknown_topic_is_read_out() -> None:
    found = event(
        "tns1:Device/Trigger/tnsx:StrangeThing",
        source={"Token": "in1"},
        data={"Level": "3", "Unit": "V"},
    )
    assert event_words.row(found, {}) == event_words.Row(7, AT, "Strange thing: 3, V", "Token in1")


def test_without_a_source_the_topic_stands_in() -> None:
    assert event_words.row(event(), {}).detail == MOTION


def test_tokens_for_programs_are_left_out() -> None:
    found = event(
        "tns1:RuleEngine/CellMotionDetector/Motion",
        source={
            "VideoSourceConfigurationToken": "video1",
            "VideoAnalyticsConfigurationToken": "analytics1",
            "Rule": "MotionDetector",
        },
        data={"IsMotion": "true"},
    )
    assert event_words.row(found, {"video1": "Front door"}) == event_words.Row(
        7, AT, "Motion rule: motion", "Front door \N{MIDDLE DOT} Rule MotionDetector"
    )
