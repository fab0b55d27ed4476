"""user.yaml: the owner's recording schedules, named windows on days of the week.

Several entries of one name are the windows of one schedule. What differs on a date stands
beside them. Files are read as people write them: 18:00 without quotes is a number to YAML.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nvrdevice import state

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ENTRIES_LIMIT = 1000
EXCEPTIONS_LIMIT = 2000


def _as_text(value: Any) -> Any:
    """A schedule may be called 1."""
    return str(value) if _is_number(value) else value


def _as_time(value: Any) -> Any:
    """YAML 1.1 reads 18:00 as 18 * 60 and 18:00:00 as 18 * 3600."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 24 * 3600:
        return value
    minutes = value if value <= 24 * 60 else value // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _as_days(value: Any) -> Any:
    if value is None or (isinstance(value, str) and not value.strip()):
        return DAYS
    if isinstance(value, list | tuple):
        return tuple(str(day) if _is_number(day) else day for day in value)
    if isinstance(value, str):
        return tuple(value.replace(",", " ").split())
    return (str(value),) if _is_number(value) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _as_date(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True, kw_only=True)
class RecordingSchedule:
    name: str = state.setting("", title="Name", high=64, reads=_as_text)
    # Any text, as the owner's own program took it: a file that worked there must load here.
    start: str = state.setting(
        "00:00", title="Start", help="As 08:30.", low=1, high=32, reads=_as_time
    )
    end: str = state.setting(
        "23:59",
        title="End",
        help="As 18:00; 24:00 and 23:59 are the end of the day. Before start: of the next day.",
        low=1,
        high=32,
        reads=_as_time,
    )
    days: tuple[str, ...] = state.setting(
        factory=lambda: DAYS,
        title="Days",
        most=7,
        help="mon, tue, wed, thu, fri, sat, sun; full names and 1 (Monday) to 7 are understood "
        "too. None: every day.",
        low=1,
        high=16,
        reads_all=_as_days,
    )


@dataclass(frozen=True, kw_only=True)
class ScheduleException:
    name: str = state.setting(title="Schedule", low=1, high=64, reads=_as_text)
    date: str = state.setting(title="Date", help="As 2026-12-24.", low=1, high=32, reads=_as_date)
    start: str = state.setting(
        "", title="Start", help="Empty: nothing on this date.", high=32, reads=_as_time
    )
    end: str = state.setting("", title="End", high=32, reads=_as_time)


@state.section("user.yaml")
@dataclass(frozen=True, kw_only=True)
class RecordingSchedules:
    recording_schedules: tuple[RecordingSchedule, ...] = state.setting(
        factory=tuple,
        title="Recording schedules",
        help="Entries of one name are the windows of one schedule.",
        most=ENTRIES_LIMIT,
    )
    schedule_exceptions: tuple[ScheduleException, ...] = state.setting(
        factory=tuple,
        title="Schedule exceptions",
        help="Dates on which a schedule has other windows, or none.",
        most=EXCEPTIONS_LIMIT,
    )
