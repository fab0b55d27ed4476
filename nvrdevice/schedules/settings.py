"""user.yaml: the owner's recording schedules, named windows on days of the week."""

from dataclasses import dataclass

from nvrdevice import state

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, kw_only=True)
class RecordingSchedule:
    name: str = state.setting("", title="Name", high=64)
    # Any text, as the owner's own program took it: a file that worked there must load here.
    start: str = state.setting("00:00", title="Start", help="As 08:30.", low=1, high=32)
    end: str = state.setting("23:59", title="End", help="As 18:00.", low=1, high=32)
    days: tuple[str, ...] = state.setting(
        factory=lambda: DAYS,
        title="Days",
        most=7,
        help="mon, tue, wed, thu, fri, sat, sun; full names are understood too.",
        low=1,
        high=16,
    )


@state.section("user.yaml")
@dataclass(frozen=True, kw_only=True)
class RecordingSchedules:
    recording_schedules: tuple[RecordingSchedule, ...] = state.setting(
        factory=tuple, title="Recording schedules", most=100
    )
