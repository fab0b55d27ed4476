"""The owner's recording schedules are read as their file has them."""

from dataclasses import replace
from pathlib import Path

import yaml

from nvrdevice import state
from nvrdevice.events.pipeline import EventSwitches
from nvrdevice.schedules.settings import DAYS, RecordingSchedule, RecordingSchedules


def test_a_file_of_the_owner_is_read(config_dir: Path) -> None:
    (config_dir / "user.yaml").write_text(
        "recording_schedules:\n"
        "- name: office\n"
        "  start: '08:00'\n"
        "  end: '18:00'\n"
        "  days: [Mon, Tuesday]\n"
    )
    assert state.read(RecordingSchedules).recording_schedules == (
        RecordingSchedule(name="office", start="08:00", end="18:00", days=("Mon", "Tuesday")),
    )


def test_a_schedule_without_days_is_for_every_day() -> None:
    assert RecordingSchedule(name="always").days == DAYS


def test_there_is_no_schedule_at_first() -> None:
    assert state.read(RecordingSchedules) == RecordingSchedules(recording_schedules=())


def test_what_another_setting_saves_leaves_the_times_as_they_are(config_dir: Path) -> None:
    path = config_dir / "user.yaml"
    path.write_text("recording_schedules:\n- {name: office, start: 8:00, end: 18:00}\n")
    state.update(EventSwitches, lambda now: replace(now, events_enabled=False))
    assert yaml.safe_load(path.read_text())["recording_schedules"] == [
        {"name": "office", "start": "8:00", "end": "18:00"}
    ]
