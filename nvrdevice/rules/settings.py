"""user.yaml: what is to happen when something happens."""

from dataclasses import dataclass

from nvrdevice import state
from nvrdevice.lib.errors import DeviceError, Kind

INPUT, MOTION, SCHEDULE = "input", "motion", "schedule"
CONDITIONS = (INPUT, MOTION, SCHEDULE)
OUTPUT, RECORDING = "output", "recording"
WHILE, ON, OFF, PULSE = "while", "on", "off", "pulse"
ACTS = (WHILE, ON, OFF, PULSE)
START, END = "start", "end"
RULES_LIMIT = 50
NAME_LIMIT = 64
OF_RULES = "rule "  # and its name: whose a recording is


@dataclass(frozen=True, kw_only=True)
class Rule:
    name: str = state.setting(title="Name", low=1, high=NAME_LIMIT)
    enabled: bool = state.setting(True, title="Enabled")  # noqa: FBT003
    when: str = state.setting(INPUT, title="When", choices=CONDITIONS)
    of: str = state.setting(
        title="Of",
        help="The token of an input (input1) or a camera (source1), or the name of a schedule.",
        low=1,
        high=NAME_LIMIT,
    )
    at: str = state.setting(
        START,
        title="At",
        help="Its start or its end. Counts for on, off and pulse.",
        choices=(START, END),
    )
    during: str = state.setting(
        "",
        title="Only during",
        help="The name of a schedule. Empty: always.",
        high=NAME_LIMIT,
    )
    do: str = state.setting(
        OUTPUT, title="Do", help="Switch an output, or record.", choices=(OUTPUT, RECORDING)
    )
    output: int = state.setting(1, title="Output", help="Its number.", low=0, high=64)
    camera: str = state.setting(
        "", title="Camera", help="Which one to record. Empty: all.", high=NAME_LIMIT
    )
    act: str = state.setting(
        WHILE,
        title="Act",
        help="while: as long as it lasts; on, off; pulse: an output for its delay, a recording "
        "with the seconds before and after.",
        choices=ACTS,
    )

    def __post_init__(self) -> None:
        if self.do == RECORDING and self.act not in (WHILE, PULSE):
            raise DeviceError(
                Kind.INVALID,
                "A recording lasts as long as what it is for (while), or is made once (pulse).",
                field="act",
            )


@state.section("user.yaml")
@dataclass(frozen=True, kw_only=True)
class Rules:
    rules: tuple[Rule, ...] = state.setting(
        factory=tuple,
        title="Rules",
        help="What is to happen when something happens.",
        most=RULES_LIMIT,
    )
