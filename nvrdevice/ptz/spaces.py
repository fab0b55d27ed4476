"""ONVIF's generic spaces: positions and velocities as plain numbers, held against their bounds.

Position: pan and tilt from -1 to 1, right and up positive; zoom from 0 (wide) to 1. Translation
and velocity: from -1 to 1 each.
"""

import math
from dataclasses import dataclass

from nvrdevice.lib.errors import DeviceError, Kind

POSITION_LOW = {"pan": -1.0, "tilt": -1.0, "zoom": 0.0}
AXES = ("pan", "tilt", "zoom")


@dataclass(frozen=True, slots=True)
class Vector:
    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0

    @property
    def still(self) -> bool:
        return self.pan == self.tilt == self.zoom == 0.0

    def plus(self, other: "Vector", times: float = 1.0) -> "Vector":
        return Vector(
            self.pan + other.pan * times,
            self.tilt + other.tilt * times,
            self.zoom + other.zoom * times,
        )

    def rounded(self) -> dict[str, float]:
        """As faces show it."""
        return {axis: round(getattr(self, axis), 4) + 0.0 for axis in AXES}


HOME = Vector()


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a source may be moved; the whole space where nobody set less."""

    pan: tuple[float, float] = (-1.0, 1.0)
    tilt: tuple[float, float] = (-1.0, 1.0)
    zoom: tuple[float, float] = (0.0, 1.0)

    def hold(self, wanted: Vector) -> Vector:
        """The nearest position within."""
        return Vector(
            *(min(max(getattr(wanted, axis), low), high) for axis, (low, high) in self._by_axis())
        )

    def _by_axis(self) -> tuple[tuple[str, tuple[float, float]], ...]:
        return ("pan", self.pan), ("tilt", self.tilt), ("zoom", self.zoom)


def position(value: Vector) -> Vector:
    return _within(value, POSITION_LOW)


def velocity(value: Vector) -> Vector:
    """Also a translation: both are numbers from -1 to 1."""
    return _within(value, dict.fromkeys(AXES, -1.0))


def _within(value: Vector, low: dict[str, float]) -> Vector:
    for axis in AXES:
        found = getattr(value, axis)
        if not (math.isfinite(found) and low[axis] <= found <= 1.0):
            raise DeviceError(
                Kind.INVALID,
                f"{axis} is a number from {low[axis]:g} to 1.",
                field=axis,
                subcode="InvalidArgVal/InvalidPosition",
            )
    return value
