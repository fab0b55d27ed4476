"""user.yaml: the owner's digital channels, four inputs and four outputs.

`state` is the owner's key: true while an input is raised or an output is on. A channel without
a pin is virtual: it is set over REST, on the page and by rules.
"""

from dataclasses import dataclass

from nvrdevice.state import section, setting

CHANNELS = 4
INPUT, OUTPUT = "input", "output"
DIRECTIONS = (INPUT, OUTPUT)
OPEN, CLOSED = "open", "closed"
BISTABLE, MONOSTABLE = "bistable", "monostable"
HIGHEST_PIN = 27  # of the Pi's header, as BCM counts


def _pin() -> int | None:
    pin: int | None = setting(
        None, title="Pin", help="GPIO as BCM counts. None: virtual.", low=0, high=HIGHEST_PIN
    )
    return pin


@dataclass(frozen=True, kw_only=True)
class DigitalInput:
    channel_id: int = setting(title="Channel", low=0, high=64)
    direction: str = setting(INPUT, title="Direction", choices=DIRECTIONS)
    name: str = setting("", title="Name", high=64)
    state: bool = setting(False, title="State", help="True: raised.")  # noqa: FBT003
    normal_state: str = setting(
        OPEN,
        title="Normal state",
        help="How the contact is while all is quiet.",
        choices=(OPEN, CLOSED),
    )
    debounce_ms: int = setting(
        50,
        title="Debounce",
        help="A contact counts once it has been still for this long.",
        unit="ms",
        low=0,
        high=10_000,
    )
    pin: int | None = _pin()


@dataclass(frozen=True, kw_only=True)
class DigitalOutput:
    channel_id: int = setting(title="Channel", low=0, high=64)
    direction: str = setting(OUTPUT, title="Direction", choices=DIRECTIONS)
    name: str = setting("", title="Name", high=64)
    state: bool = setting(
        False,  # noqa: FBT003
        title="State",
        help="True: on. After a start every output is idle.",
    )
    idle_state: str = setting(
        OPEN, title="Idle state", help="How the relay is while it is off.", choices=(OPEN, CLOSED)
    )
    mode: str = setting(
        BISTABLE,
        title="Mode",
        help="bistable: on until it is switched off; monostable: off again after the delay.",
        choices=(BISTABLE, MONOSTABLE),
    )
    delay_s: float = setting(
        1.0,
        title="Delay",
        help="How long a pulse lasts, and a monostable output stays on.",
        unit="seconds",
        low=0.05,
        high=3600,
    )
    critical: bool = setting(
        False,  # noqa: FBT003
        title="Critical",
        help="The page asks before it is switched.",
    )
    pin: int | None = _pin()


Channel = DigitalInput | DigitalOutput


@section("user.yaml")
@dataclass(frozen=True, kw_only=True)
class DigitalChannels:
    digital_inputs: tuple[DigitalInput, ...] = setting(
        factory=lambda: tuple(
            DigitalInput(channel_id=number, name=f"Input {number}")
            for number in range(1, CHANNELS + 1)
        ),
        title="Digital inputs",
        most=64,
    )
    digital_outputs: tuple[DigitalOutput, ...] = setting(
        factory=lambda: tuple(
            DigitalOutput(channel_id=number, name=f"Output {number}")
            for number in range(1, CHANNELS + 1)
        ),
        title="Digital outputs",
        most=64,
    )

    def of(self, direction: str) -> tuple[Channel, ...]:
        return self.digital_inputs if direction == INPUT else self.digital_outputs


def token(direction: str, channel_id: int) -> str:
    """What ONVIF clients call a channel."""
    return f"{direction}{channel_id}"
