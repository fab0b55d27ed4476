"""A head whose position is known because it is counted: velocity integrated over time.

Nothing runs by itself: the position is brought up to the moment somebody asks for it, which a
digital crop does once a picture, so it moves exactly as fast as time does.
"""

import threading

from nvrdevice.ptz.backends.backend import ABSOLUTE, CONTINUOUS, RELATIVE, SET_HOME
from nvrdevice.ptz.settings import MOST_PRESETS
from nvrdevice.ptz.spaces import HOME, Limits, Vector

STEP_S = 0.02  # integrated so finely where nobody looked for long
LONGEST_S = 5.0  # any way is over by then
GLIDE = Vector(1.0, 1.0, 0.8)  # units a second on the way to a position


class Motor:
    can = frozenset((CONTINUOUS, ABSOLUTE, RELATIVE, SET_HOME))
    most_presets = MOST_PRESETS
    keeps_presets = False

    def __init__(self, start: Vector, limits: Limits) -> None:
        self._limits = limits
        self._at = self.hold(start)
        self._velocity = Vector()
        self._target: Vector | None = None
        self._from: tuple[Vector, float, float] = (self._at, 0.0, 0.0)  # where, since, how long
        self._since_s = 0.0
        self._lock = threading.Lock()

    def hold(self, wanted: Vector) -> Vector:
        """The nearest position that can be taken."""
        return self._limits.hold(wanted)

    def speed(self, at: Vector) -> Vector:
        """Units a second at full velocity."""
        return Vector(0.5, 0.5, 0.4)

    def limit(self, limits: Limits) -> None:
        with self._lock:
            self._limits = limits
            self._at = self.hold(self._at)

    def drive(self, velocity: Vector, now_s: float) -> None:
        with self._lock:
            self._step(now_s)
            self._target, self._velocity = None, velocity

    def go(self, target: Vector, now_s: float) -> None:
        with self._lock:
            self._step(now_s)
            self._velocity, self._target = Vector(), self.hold(target)
            way = self._target.plus(self._at, -1.0)
            takes_s = max(
                abs(way.pan) / GLIDE.pan, abs(way.tilt) / GLIDE.tilt, abs(way.zoom) / GLIDE.zoom
            )
            self._from = self._at, now_s, min(takes_s, LONGEST_S)

    def stop(self, now_s: float) -> None:
        self.drive(Vector(), now_s)

    def position(self, now_s: float) -> Vector:
        with self._lock:
            self._step(now_s)
            return self._at

    def moving(self, now_s: float) -> bool:
        with self._lock:
            self._step(now_s)
            return self._target is not None or not self._velocity.still

    def _step(self, now_s: float) -> None:
        passed_s = now_s - self._since_s
        if passed_s <= 0:
            return  # a picture taken a little before the move began
        self._since_s = now_s
        if self._target is not None:
            start, since_s, takes_s = self._from
            share = 1.0 if takes_s <= 0 else min((now_s - since_s) / takes_s, 1.0)
            self._at = self.hold(start.plus(self._target.plus(start, -1.0), share))
            if share >= 1.0:
                self._at, self._target = self._target, None
            return
        if self._velocity.still:
            return
        left_s = min(passed_s, LONGEST_S * 12)
        while left_s > 0:
            part_s = min(left_s, STEP_S)
            speed = self.speed(self._at)
            v = self._velocity
            way = Vector(v.pan * speed.pan, v.tilt * speed.tilt, v.zoom * speed.zoom)
            self._at = self.hold(self._at.plus(way, part_s))
            left_s -= part_s

    def go_home(self, home: Vector, now_s: float) -> None:
        self.go(home, now_s)

    def save_preset(self, number: int) -> None:
        """Its position is all there is to keep."""

    def go_preset(self, number: int) -> None:
        raise AssertionError("positions are gone to")

    def clear_preset(self, number: int) -> None:
        """Nothing is kept here."""

    @property
    def trouble(self) -> str:
        return ""

    def close(self) -> None:
        """Nothing is held."""


class Simulated(Motor):
    """No head at all: only where somebody asked for a simulated machine."""

    def __init__(self, start: Vector = HOME, limits: Limits | None = None) -> None:
        super().__init__(start, limits or Limits())
