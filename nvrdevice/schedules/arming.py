"""Which schedule arms events and alarms: a name for each, or none for always."""

from nvrdevice.audit.trail import Actor
from nvrdevice.events import pipeline
from nvrdevice.events.pipeline import EventSwitches
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.schedules import book


def arm(*, events: str, alarms: str, by: Actor) -> EventSwitches:
    for field, name in (("events_schedule", events), ("alarms_schedule", alarms)):
        if name and book.find(name) is None:
            raise DeviceError(Kind.INVALID, f"There is no schedule {name[:64]!r}.", field=field)
    return pipeline.set_switches(by, events_schedule=events, alarms_schedule=alarms)
