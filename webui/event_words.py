"""What an event of the journal says to a person; unknown topics are read out as they are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nvrdevice.events.models import Event

# topic → the words for true and for false
SWITCHES: Mapping[str, tuple[str, str]] = {
    "tns1:VideoSource/MotionAlarm": ("Motion started", "Motion ended"),
    "tns1:RuleEngine/CellMotionDetector/Motion": ("Motion rule: motion", "Motion rule: still"),
    "tns1:VideoSource/SignalLoss": ("Camera signal lost", "Camera signal is there"),
    "tns1:VideoSource/GlobalSceneChange/ImagingService": ("Scene changed", "Scene is steady"),
    "tns1:Device/Trigger/DigitalInput": ("Digital input on", "Digital input off"),
    "tns1:Device/Trigger/Relay": ("Relay on", "Relay off"),
}


@dataclass(frozen=True)
class Row:
    """An event as the list shows it."""

    id: int
    at: datetime
    words: str
    detail: str


def row(event: Event, names: Mapping[str, str]) -> Row:
    """names: what people call the tokens that events speak of."""
    at_start = " (state at start)" if event.operation == "Initialized" else ""
    return Row(
        id=event.pk,
        at=event.at,
        words=_words(event) + at_start,
        detail=" · ".join(_items(event, names)) or event.topic,
    )


def _words(event: Event) -> str:
    values = list(event.data.values())
    switch = SWITCHES.get(event.topic)
    if switch is not None and values and values[0] in ("true", "false", "active", "inactive"):
        return switch[values[0] in ("false", "inactive")]
    name = event.topic.rpartition("/")[2].rpartition(":")[2]
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return spaced.capitalize() + (f": {', '.join(values)}" if values else "")


def _items(event: Event, names: Mapping[str, str]) -> list[str]:
    items = {**event.source, **event.key}.items()
    return list(dict.fromkeys(names.get(value) or f"{name} {value}" for name, value in items))
