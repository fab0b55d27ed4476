"""Pelco-D: seven bytes a command, no answers. The frames are pure; a line carries them."""

from nvrdevice.ptz.backends.backend import CONTINUOUS, SET_HOME
from nvrdevice.ptz.backends.serial_head import SerialHead
from nvrdevice.ptz.settings import MOST_PRESETS
from nvrdevice.ptz.spaces import Vector

SYNC = 0xFF
RIGHT, LEFT, UP, DOWN, TELE, WIDE = 0x02, 0x04, 0x08, 0x10, 0x20, 0x40
SET_PRESET, CLEAR_PRESET, GO_PRESET = 0x03, 0x05, 0x07
FULL_SPEED = 0x3F
HOME_PRESET = 32  # ours are up to 24; from 33 on heads give numbers meanings of their own


def frame(address: int, command: int, data1: int = 0, data2: int = 0) -> bytes:
    """Sync, address, command 1 and 2, data 1 and 2, checksum (the sum without sync)."""
    body = bytes((address, 0, command, data1, data2))
    return bytes((SYNC, *body, sum(body) % 256))


def move(address: int, velocity: Vector) -> bytes:
    command = 0
    if velocity.pan:
        command |= RIGHT if velocity.pan > 0 else LEFT
    if velocity.tilt:
        command |= UP if velocity.tilt > 0 else DOWN
    if velocity.zoom:
        command |= TELE if velocity.zoom > 0 else WIDE
    return frame(address, command, _speed(velocity.pan), _speed(velocity.tilt))


def stop(address: int) -> bytes:
    return frame(address, 0)


def preset(address: int, command: int, number: int) -> bytes:
    return frame(address, command, 0, number)


def _speed(axis: float) -> int:
    return max(1, round(abs(axis) * FULL_SPEED)) if axis else 0


class PelcoD(SerialHead):
    can = frozenset((CONTINUOUS, SET_HOME))
    most_presets = MOST_PRESETS
    keeps_presets = True

    def turning(self, velocity: Vector) -> bytes:
        return move(self._address, velocity)

    def save_preset(self, number: int) -> None:
        self._line.send(preset(self._address, SET_PRESET, number))

    def go_preset(self, number: int) -> None:
        self._line.send(preset(self._address, GO_PRESET, number))

    def clear_preset(self, number: int) -> None:
        self._line.send(preset(self._address, CLEAR_PRESET, number))

    def go_home(self, home: Vector, now_s: float) -> None:
        self.go_preset(HOME_PRESET)
