"""user.yaml: the owner's digital channels, four inputs and four outputs."""

from dataclasses import dataclass

from nvrdevice import state

CHANNELS = 4


@dataclass(frozen=True, kw_only=True)
class DigitalChannel:
    channel_id: int = state.setting(title="Channel", low=0, high=64)
    direction: str = state.setting("input", title="Direction", choices=("input", "output"))
    name: str = state.setting("", title="Name", high=64)
    state: bool = state.setting(False, title="State")  # noqa: FBT003


def _channels(direction: str) -> tuple[DigitalChannel, ...]:
    return tuple(
        DigitalChannel(
            channel_id=number, direction=direction, name=f"{direction.capitalize()} {number}"
        )
        for number in range(1, CHANNELS + 1)
    )


@state.section("user.yaml")
@dataclass(frozen=True, kw_only=True)
class DigitalChannels:
    digital_inputs: tuple[DigitalChannel, ...] = state.setting(
        factory=lambda: _channels("input"), title="Digital inputs", most=64
    )
    digital_outputs: tuple[DigitalChannel, ...] = state.setting(
        factory=lambda: _channels("output"), title="Digital outputs", most=64
    )
