"""Topics of the tests' own, declared once for the whole run and outside every real tree."""

import pytest

from nvrdevice.events import topics
from tests.nvrdevice.events.live import empty_database, live_database, live_reader

__all__ = ["empty_database", "live_database", "live_reader"]

MOTION = "tns1:VideoSource/MotionAlarm"
PRESET = "tns1:PTZController/PTZPresets/Reached"
DOOR = "nvr:Test/Door"


@pytest.fixture(autouse=True)
def declared_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "_topics", {})
    topics.declare(
        MOTION,
        is_property=True,
        source={"Source": "tt:ReferenceToken"},
        data={"State": "xs:boolean"},
    )
    topics.declare(
        PRESET,
        source={"PTZConfigurationToken": "tt:ReferenceToken"},
        data={"PresetToken": "tt:ReferenceToken", "PresetName": "xs:string"},
    )
    topics.declare(
        DOOR,
        is_property=True,
        source={"Wall": "xs:string"},
        key={"Door": "xs:integer"},
        data={"Open": "xs:boolean", "Angle": "xs:float"},
    )
