"""What every head on a serial line has in common: it turns, keeps places, and answers nothing."""

from nvrdevice.ptz.backends.backend import cannot
from nvrdevice.ptz.backends.serial_line import Line
from nvrdevice.ptz.spaces import Limits, Vector


class SerialHead:
    def __init__(self, line: Line, address: int) -> None:
        self._line, self._address = line, address
        self._moving = False

    def go(self, target: Vector, now_s: float) -> None:
        raise cannot("go to a position")

    def position(self, now_s: float) -> Vector | None:
        return None

    def moving(self, now_s: float) -> bool:
        return self._moving

    def limit(self, limits: Limits) -> None:
        """The head's own; ours need a position."""

    @property
    def trouble(self) -> str:
        return self._line.problem

    def close(self) -> None:
        self._line.close()
