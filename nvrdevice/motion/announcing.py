"""Telling motion as events: both topics of each source, kept true to sources and switches.

What a switch holds back is told as ended, so that no subscriber stays with an alarm that
nobody will take back; recordings go by what is. A failed write (disk full) is tried again by
the next call.
"""

from collections.abc import Iterable
from datetime import datetime

from nvrdevice.events import publish
from nvrdevice.events.models import PropertyState
from nvrdevice.media import settings
from nvrdevice.motion import topics

RULE = "MotionDetector"


def set_motion(source: str, *, active: bool, at: datetime) -> None:
    """Bring both properties of a source to `active`, and tell what the switches let out of it."""
    for topic, item, place in _properties(source):
        publish(topic, place, {item: active}, at=at, withdraw=True)


def settle(sources: Iterable[str], at: datetime) -> None:
    """At start and after a change: every source has its properties, no other source has any.

    After a crash a property may still say true: it ends here.
    """
    wanted: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    for source in sources:
        for topic, _, place in _properties(source):
            wanted.add((topic, tuple(sorted(place.items()))))
    for row in PropertyState.objects.filter(topic__in=(topics.ALARM.name, topics.CELLS.name)):
        if (row.topic, tuple(sorted(row.source.items()))) not in wanted:
            publish(row.topic, row.source, row.data, at=at, operation="Deleted")


def _properties(source: str) -> list[tuple[str, str, dict[str, str]]]:
    """Topic, data item and source items of each property of a source."""
    found: list[tuple[str, str, dict[str, str]]] = [
        (topics.ALARM.name, "State", {"Source": source})
    ]
    for picture in settings.read().video_source_configurations:
        if picture.source == source:
            place = {
                "VideoSourceConfigurationToken": picture.token,
                "VideoAnalyticsConfigurationToken": analytics_token(picture.token),
                "Rule": RULE,
            }
            found.append((topics.CELLS.name, "IsMotion", place))
    return found


def analytics_token(video_source_configuration: str) -> str:
    """The detector of a video source configuration, as its events name it."""
    return f"analytics-{video_source_configuration}"[:64]
