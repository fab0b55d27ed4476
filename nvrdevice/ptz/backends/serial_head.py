"""What every head on a serial line has in common: it turns, and keeps places."""

from abc import ABC, abstractmethod
from typing import Protocol

from nvrdevice.lib.errors import DeviceError
from nvrdevice.ptz.backends.backend import cannot
from nvrdevice.ptz.backends.serial_line import Line
from nvrdevice.ptz.spaces import Limits, Vector

STILL = Vector()


class Guard(Protocol):
    """Sends what it was armed with if this process is gone before it said that all is calm."""

    def arm(self, data: bytes) -> None: ...
    def calm(self) -> None: ...
    def close(self) -> None: ...


class SerialHead(ABC):
    def __init__(self, line: Line, address: int, guard: Guard | None = None) -> None:
        self._line, self._address, self._guard = line, address, guard
        self._moving = False

    @abstractmethod
    def turning(self, velocity: Vector) -> bytes:
        """The command; of a velocity that is still: to stop."""

    def drive(self, velocity: Vector, now_s: float) -> None:
        if velocity.still:
            self.stop(now_s)
            return
        if self._guard is not None:
            self._guard.arm(self.turning(STILL))
        try:
            self._line.send(self.turning(velocity))
        except DeviceError:
            self._be_calm()
            raise
        self._moving = True

    def stop(self, now_s: float) -> None:
        self._line.send(self.turning(STILL))
        self._moving = False
        self._be_calm()

    def go(self, target: Vector, now_s: float) -> None:
        raise cannot("go to a position")

    def position(self, now_s: float) -> Vector | None:
        return None

    def moving(self, now_s: float) -> bool:
        return self._moving

    def limit(self, limits: Limits) -> None:  # noqa: B027 - none to set
        """The head's own; ours need a position."""

    @property
    def trouble(self) -> str:
        return self._line.problem

    def close(self) -> None:
        self._line.close()
        if self._guard is not None:
            self._guard.close()

    def _be_calm(self) -> None:
        """Not while it turns on because a command, or its stop, did not get out."""
        if self._guard is not None and not self._moving:
            self._guard.calm()
