"""What an event of the journal says to a person; unknown topics are read out as they are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nvrdevice.events.models import Event


@dataclass(frozen=True)
class Switch:
    """What is said when a state begins and ends, and of a state that was already there."""

    begins: str
    ends: str
    is_on: str
    is_off: str


SWITCHES: Mapping[str, Switch] = {
    "tns1:VideoSource/MotionAlarm": Switch(
        "Motion started", "Motion ended", "There is motion", "There is no motion"
    ),
    "tns1:RuleEngine/CellMotionDetector/Motion": Switch(
        "Motion rule: motion", "Motion rule: still", "Motion rule: motion", "Motion rule: still"
    ),
    "tns1:VideoSource/SignalLoss": Switch(
        "Camera signal lost",
        "Camera signal is back",
        "There is no camera signal",
        "There is a camera signal",
    ),
    "tns1:Schedule/State/Active": Switch(
        "Schedule began", "Schedule ended", "The schedule holds", "The schedule does not hold"
    ),
    "tns1:Device/Trigger/DigitalInput": Switch(
        "Input raised", "Input lowered", "The input is raised", "The input is quiet"
    ),
    "tns1:Device/Trigger/Relay": Switch(
        "Output switched on", "Output switched off", "The output is on", "The output is off"
    ),
    "tns1:RecordingConfig/JobState": Switch(
        "Recording job at work", "Recording job at rest", "The job is at work", "The job is at rest"
    ),
    "tns1:RecordingHistory/Recording/State": Switch(
        "Recording started", "Recording ended", "It is being recorded", "Nothing is being recorded"
    ),
    "tns1:RecordingHistory/Track/State": Switch(
        "Track has pictures", "Track has no pictures", "Track has pictures", "Track has no pictures"
    ),
    "tns1:RecordingConfig/nvr:Trigger": Switch(
        "Recording asked for",
        "Recording no longer asked for",
        "Recording is asked for",
        "No recording is asked for",
    ),
    "tns1:Device/HardwareFailure/StorageFailure": Switch(
        "Recordings cannot be stored",
        "Recordings can be stored again",
        "Recordings cannot be stored",
        "Recordings can be stored",
    ),
}
# Where the last step of a topic alone would not say what it is about.
KINDS: Mapping[str, str] = {
    "tns1:RuleEngine/CellMotionDetector/Motion": "Motion rule",
    "tns1:VideoSource/SignalLoss": "Camera signal",
    "tns1:Schedule/State/Active": "Schedule",
    "tns1:Device/Trigger/DigitalInput": "Input",
    "tns1:Device/Trigger/Relay": "Output",
    "tns1:RecordingConfig/JobState": "Recording job",
    "tns1:RecordingHistory/Recording/State": "Recording",
    "tns1:RecordingHistory/Track/State": "Recorded track",
    "tns1:RecordingConfig/nvr:Trigger": "Recording asked for",
    "tns1:RecordingConfig/DeleteTrackData": "Old recordings deleted",
    "tns1:Media/ProfileChanged": "Media profile changed",
    "tns1:Media/ConfigurationChanged": "Media configuration changed",
}
STORAGE = "tns1:Monitoring/nvr:Storage"
STORAGES: Mapping[str, str] = {
    "ok": "The disk of the recordings is well",
    "slow": "The disk of the recordings is too slow",
    "full": "The disk of the recordings is full",
    "read-only": "The disk of the recordings cannot be written",
    "gone": "The disk of the recordings is gone",
    "broken": "The disk of the recordings fails",
}
PROCESS = "tns1:Monitoring/nvr:ProcessEnded"
PROCESSES: Mapping[str, str] = {"web": "The web process", "media": "The media process"}
# Items whose value says it all, and one that says the same again.
PLAIN, AGAIN = ("Name",), ("ScheduleToken",)
ON, OFF = ("true", "active", "Active"), ("false", "inactive", "Idle")


@dataclass(frozen=True)
class Row:
    """An event as the list shows it."""

    id: int
    at: datetime
    words: str
    detail: str


def row(event: Event, names: Mapping[str, str]) -> Row:
    """names: what people call the tokens that events speak of."""
    detail = " · ".join(_items(event, names)) or event.topic
    return Row(id=event.pk, at=event.at, words=_words(event), detail=detail)


def kind(topic: str) -> str:
    """What a topic is called where no single event of it is meant."""
    name = topic.rpartition("/")[2].rpartition(":")[2]
    return KINDS.get(topic) or _spaced(name).capitalize()


def said_of(topic: str) -> tuple[str, ...]:
    """All words that a person may have read of a topic's events."""
    switch = SWITCHES.get(topic)
    own: tuple[str, ...] = ()
    if switch is not None:
        own = switch.begins, switch.ends, switch.is_on, switch.is_off
    if topic == STORAGE:
        own = tuple(STORAGES.values())
    elif topic == PROCESS:
        own = tuple(PROCESSES.values())
    return (kind(topic), *own)


def _words(event: Event) -> str:
    if event.topic == STORAGE and event.data.get("State") in STORAGES:
        reason = event.data.get("Reason", "")
        return STORAGES[event.data["State"]] + (f": {reason}" if reason else "")
    if event.topic == PROCESS and event.source.get("Process") in PROCESSES:
        reason = event.data.get("Reason", "")
        return f"{PROCESSES[event.source['Process']]} {reason}; it is started again"
    values = list(event.data.values())
    switch = SWITCHES.get(event.topic)
    if switch is not None and values and values[0] in ON + OFF:
        is_on = values[0] in ON
        if event.operation == "Initialized":
            return switch.is_on if is_on else switch.is_off
        return switch.begins if is_on else switch.ends
    said = ", ".join(value for value in values if value)
    return kind(event.topic) + (f": {said}" if said else "")


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _items(event: Event, names: Mapping[str, str]) -> list[str]:
    """Where it happened, by name; tokens that only programs use are left out."""
    items = {**event.source, **event.key}
    words = [
        names.get(value) or (value if name in PLAIN else f"{name} {value}")
        for name, value in items.items()
        if name not in AGAIN and (value in names or not name.endswith("ConfigurationToken"))
    ]
    return list(dict.fromkeys(words))
