"""The owner's recording triggers are a list of tokens."""

from pathlib import Path

from nvrdevice import state
from nvrdevice.recordings import settings
from nvrdevice.recordings.settings import RecordingTriggers


def test_a_file_of_the_owner_is_read(config_dir: Path) -> None:
    (config_dir / "user.yaml").write_text("recording_triggers: [front, back]\n")
    assert state.read(RecordingTriggers).recording_triggers == ("front", "back")


def test_there_is_none_at_first() -> None:
    assert state.read(RecordingTriggers).recording_triggers == ()


def test_a_schedule_that_is_gone_keeps_nothing_from_being_recorded(config_dir: Path) -> None:
    (config_dir / "media.yaml").write_text(
        "recording:\n  cameras:\n  - {source: source1, mode: motion, schedule: office}\n"
    )
    assert settings.counting(settings.camera("source1")).schedule == ""
    (config_dir / "user.yaml").write_text(
        "recording_schedules:\n- {name: office, start: '08:00', end: '17:00'}\n"
    )
    assert settings.counting(settings.camera("source1")).schedule == "office"
