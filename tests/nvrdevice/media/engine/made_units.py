"""Access units by hand: "K--K-" is a key unit, two that refer to it, a key unit, one more."""

from nvrdevice.media.engine.hub import AccessUnit

STEP_NS = 40_000_000


def made(pattern: str, *, start: int = 0, size: int = 10) -> list[AccessUnit]:
    return [
        AccessUnit(
            data=bytes(size), time_ns=number * STEP_NS, wall_ns=number * STEP_NS, key=sign == "K"
        )
        for number, sign in enumerate(pattern, start)
    ]


def shape(units: list[AccessUnit]) -> str:
    return "".join("K" if unit.key else "-" for unit in units)
