"""The switches of events with the schedules that arm them: a name for each, or none for always."""

from typing import Any

from nvrdevice.audit.trail import Actor
from nvrdevice.events import pipeline
from nvrdevice.events.pipeline import EventSwitches
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.schedules import book


def arm(*, events: str, alarms: str, by: Actor) -> EventSwitches:
    return set_switches(by, events_schedule=events, alarms_schedule=alarms)


def set_switches(by: Actor, **changes: Any) -> EventSwitches:
    """As pipeline.set_switches; a schedule that is named is there."""
    for field in ("events_schedule", "alarms_schedule"):
        name = changes.get(field)
        if name and book.find(name) is None:
            raise DeviceError(Kind.INVALID, f"There is no schedule {name[:64]!r}.", field=field)
    return pipeline.set_switches(by, **changes)
