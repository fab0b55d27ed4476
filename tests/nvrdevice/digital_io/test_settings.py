"""The owner's digital channels: four inputs, four outputs, all off at first."""

from pathlib import Path

from nvrdevice import state
from nvrdevice.digital_io.settings import DigitalChannels, DigitalInput


def test_four_channels_each_at_first() -> None:
    found = state.read(DigitalChannels)
    facts = [(one.channel_id, one.direction, one.state) for one in found.digital_inputs]
    assert facts == [(number, "input", False) for number in (1, 2, 3, 4)]
    facts = [(one.channel_id, one.direction, one.state) for one in found.digital_outputs]
    assert facts == [(number, "output", False) for number in (1, 2, 3, 4)]


def test_a_file_of_the_owner_is_read(config_dir: Path) -> None:
    (config_dir / "user.yaml").write_text(
        "digital_inputs:\n- {channel_id: 1, direction: input, name: Door, state: true}\n"
        "events_enabled: false\n"
    )
    assert state.read(DigitalChannels).digital_inputs == (
        DigitalInput(channel_id=1, direction="input", name="Door", state=True),
    )
