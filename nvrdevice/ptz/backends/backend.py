"""What every backend can be asked; each says truthfully what it can do."""

from typing import Protocol

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.ptz.spaces import Limits, Vector

CONTINUOUS, ABSOLUTE, RELATIVE, SET_HOME = "continuous", "absolute", "relative", "set_home"


class Backend(Protocol):
    """Velocity holds until stop: that a move ends is its caller's business."""

    can: frozenset[str]
    most_presets: int
    keeps_presets: bool  # the head itself, by number; else we go to the position

    @property
    def trouble(self) -> str:
        """Why the last command did not get out; empty: it did."""
        ...

    def drive(self, velocity: Vector, now_s: float) -> None: ...
    def go(self, target: Vector, now_s: float) -> None: ...
    def stop(self, now_s: float) -> None: ...
    def position(self, now_s: float) -> Vector | None: ...
    def moving(self, now_s: float) -> bool: ...
    def limit(self, limits: Limits) -> None: ...
    def save_preset(self, number: int) -> None: ...
    def go_preset(self, number: int) -> None: ...
    def clear_preset(self, number: int) -> None: ...
    def go_home(self, home: Vector, now_s: float) -> None: ...
    def close(self) -> None: ...


def cannot(what: str) -> DeviceError:
    return DeviceError(
        Kind.UNSUPPORTED,
        f"This head cannot {what}: it tells no position. Use continuous moves and presets.",
        field="mode",
    )
