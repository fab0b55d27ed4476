"""The owner's switches: which topics flow to subscribers at all.

`events_enabled` off stops every event, `alarms_enabled` off holds alarms back, and the mode
narrows the flow to motion or to alarms. A schedule may open and close the first two by itself.
What a switch holds back is still kept as the state of its property and told when the switch
opens again.
"""

import dataclasses

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor, Note
from nvrdevice.events.models import PropertyState

MODES = ("event", "motion", "alarm")

MOTION = ("tns1:VideoSource/MotionAlarm", "tns1:RuleEngine/CellMotionDetector")
ALARMS = (
    "tns1:VideoSource/MotionAlarm",
    "tns1:VideoSource/SignalLoss",
    "tns1:VideoSource/GlobalSceneChange",
    "tns1:VideoSource/ImageTooBlurry",
    "tns1:VideoSource/ImageTooBright",
    "tns1:VideoSource/ImageTooDark",
    "tns1:RuleEngine/TamperDetector",
    "tns1:Device/Trigger",
    "tns1:Device/HardwareFailure",
)
# The state of a schedule comes up as an event too; it is never held back by a schedule.
SCHEDULE = "tns1:Schedule/State/Active"


@state.section("user.yaml")
@dataclasses.dataclass(frozen=True, kw_only=True)
class EventSwitches:
    event_pipeline_mode: str = state.setting(
        "event",
        title="What is sent",
        help="event: everything; motion: only motion; alarm: only alarms.",
        choices=MODES,
    )
    events_enabled: bool = state.setting(
        True,  # noqa: FBT003
        title="Send events",
        help="Off: no event of any kind reaches a subscriber.",
    )
    alarms_enabled: bool = state.setting(
        True,  # noqa: FBT003
        title="Send alarms",
        help="Off: motion alarm, signal loss, tampering and inputs are held back.",
    )
    events_schedule: str = state.setting(
        "", title="Send events during", help="The name of a schedule. Empty: always.", high=64
    )
    alarms_schedule: str = state.setting(
        "", title="Send alarms during", help="The name of a schedule. Empty: always.", high=64
    )


def passes(topic: str) -> bool:
    """Whether the switches let this topic through just now."""
    switches = state.read(EventSwitches)
    alarm = _within(topic, ALARMS)
    if not switches.events_enabled or (alarm and not switches.alarms_enabled):
        return False
    if topic != SCHEDULE:
        closed = _closed({switches.events_schedule, switches.alarms_schedule} - {""})
        if switches.events_schedule in closed or (alarm and switches.alarms_schedule in closed):
            return False
    if switches.event_pipeline_mode == "motion":
        return _within(topic, MOTION)
    return alarm or switches.event_pipeline_mode == "event"


def _closed(schedules: set[str]) -> set[str]:
    """Those that do not hold now. One that nobody knows closes nothing: better told than lost."""
    if not schedules:
        return set()
    found = PropertyState.objects.filter(topic=SCHEDULE)
    return {
        row.source["ScheduleToken"]
        for row in found
        if row.source.get("ScheduleToken") in schedules and row.data.get("Active") == "false"
    }


def _within(topic: str, trees: tuple[str, ...]) -> bool:
    return any(topic == tree or topic.startswith(tree + "/") for tree in trees)


def set_switches(
    by: Actor,
    *,
    mode: str | None = None,
    events_enabled: bool | None = None,
    alarms_enabled: bool | None = None,
    events_schedule: str | None = None,
    alarms_schedule: str | None = None,
) -> EventSwitches:
    """Change what is given, and tell what the old setting had held back."""
    from nvrdevice.events import publishing

    def tell(before: EventSwitches, after: EventSwitches) -> Note:
        return Note(before=dataclasses.asdict(before), after=dataclasses.asdict(after))

    after = state.update(
        EventSwitches,
        lambda now: EventSwitches(
            event_pipeline_mode=now.event_pipeline_mode if mode is None else mode,
            events_enabled=now.events_enabled if events_enabled is None else events_enabled,
            alarms_enabled=now.alarms_enabled if alarms_enabled is None else alarms_enabled,
            events_schedule=now.events_schedule if events_schedule is None else events_schedule,
            alarms_schedule=now.alarms_schedule if alarms_schedule is None else alarms_schedule,
        ),
        trail.noting(by, "set event switches", tell),
    )
    publishing.catch_up()
    return after
