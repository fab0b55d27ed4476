"""The owner's recording triggers are a list of tokens."""

from pathlib import Path

from nvrdevice import state
from nvrdevice.recordings.settings import RecordingTriggers


def test_a_file_of_the_owner_is_read(config_dir: Path) -> None:
    (config_dir / "user.yaml").write_text("recording_triggers: [front, back]\n")
    assert state.read(RecordingTriggers).recording_triggers == ("front", "back")


def test_there_is_none_at_first() -> None:
    assert state.read(RecordingTriggers).recording_triggers == ()
