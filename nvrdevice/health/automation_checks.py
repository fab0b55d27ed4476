"""What schedules, digital channels and rules say; of those that are fine, nothing."""

from collections.abc import Iterator

from nvrdevice import state
from nvrdevice.digital_io import channels
from nvrdevice.events.pipeline import EventSwitches
from nvrdevice.health.check import Check, Level
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import settings as media_settings
from nvrdevice.ptz import control
from nvrdevice.ptz.settings import AUTO, OFF, PtzSettings
from nvrdevice.recordings import settings as recordings
from nvrdevice.rules import book as rules
from nvrdevice.schedules import book as schedules


def schedules_understood() -> Iterator[Check]:
    for problem in schedules.problems():
        yield Check(
            name="schedules",
            level=Level.WARN,
            text=problem,
            fix="Correct it on its page, or in the file.",
        )


def schedules_there() -> Iterator[Check]:
    """Events and recordings of a schedule that is gone go on without it."""
    there = {one.name for one in schedules.everything()}
    switches = state.read(EventSwitches)
    names = {one.token: one.name or one.token for one in media_settings.read().sources}
    used = [
        ("Sending events", switches.events_schedule, "See Schedules."),
        ("Sending alarms", switches.alarms_schedule, "See Schedules."),
        *(
            (f"Recording {names[one.source]}", one.schedule, "See Recording.")
            for one in recordings.read().cameras
            if one.mode != recordings.OFF and one.source in names
        ),
    ]
    for what, name, where in used:
        if name and name not in there:
            yield Check(
                name="schedules",
                level=Level.WARN,
                text=f"{what} is to follow the schedule {name!r}, which is not there: "
                "it is done as if the schedule always held.",
                fix=f"Choose another schedule, or none. {where}",
            )


def digital_channels() -> Iterator[Check]:
    found = channels.everything()
    if len({one.problem for one in found}) == 1:  # all are fine, or nobody answers for them
        return
    for one in found:
        if one.problem:
            yield Check(
                name="digital_channels",
                level=Level.WARN,
                text=f"{one.setting.name or one.token} does not work. {one.problem}",
                fix="Give it another pin, or none.",
            )


def rules_that_act() -> Iterator[Check]:
    for rule in rules.everything():
        problem = rules.problem(rule)
        if problem and rule.enabled:
            yield Check(
                name="rules",
                level=Level.WARN,
                text=f"The rule {rule.name} does not work. {problem}",
                fix="Change the rule, or switch it off.",
            )


def heads_that_move() -> Iterator[Check]:
    """Only what somebody chose: that a camera's own stream is not moved is no trouble."""
    for head in state.read(PtzSettings).ptz:
        if head.backend in (AUTO, OFF):
            continue
        try:
            found = control.now(head.source)
        except DeviceError:
            continue  # the source is gone; its settings wait for another
        if found.problem or found.trouble:
            yield Check(
                name="ptz",
                level=Level.WARN,
                text=f"{head.source} cannot be moved. {found.problem or found.trouble}",
                fix="See to it, or choose another way on the page Pan, tilt and zoom.",
            )
