"""VISCA over a serial line (Sony). The frames are pure; answers are not waited for."""

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.ptz.backends.backend import CONTINUOUS
from nvrdevice.ptz.backends.serial_head import Guard, SerialHead
from nvrdevice.ptz.backends.serial_line import Line
from nvrdevice.ptz.spaces import Vector

END = 0xFF
FASTEST_PAN, FASTEST_TILT, FASTEST_ZOOM = 0x18, 0x14, 7
POSITIVE, NEGATIVE, STILL = 0x02, 0x01, 0x03  # pan: right; tilt: see tilt_direction
RESET, SET, RECALL = 0x00, 0x01, 0x02
MEMORIES = 6  # every head has 0 to 5
HIGHEST_ADDRESS = 7


def frame(address: int, *body: int) -> bytes:
    """From the controller (0) to a head."""
    return bytes((0x80 | address, 0x01, *body, END))


def pan_tilt(address: int, velocity: Vector) -> bytes:
    across = STILL if not velocity.pan else POSITIVE if velocity.pan > 0 else NEGATIVE
    # Up is 1 and down is 2, as left and right are.
    along = STILL if not velocity.tilt else NEGATIVE if velocity.tilt > 0 else POSITIVE
    return frame(
        address,
        *(0x06, 0x01),
        _speed(velocity.pan, FASTEST_PAN),
        _speed(velocity.tilt, FASTEST_TILT),
        *(across, along),
    )


def zoom(address: int, velocity: float) -> bytes:
    how = 0x00
    if velocity:
        how = (0x20 if velocity > 0 else 0x30) | round(abs(velocity) * FASTEST_ZOOM)
    return frame(address, 0x04, 0x07, how)


def memory(address: int, what: int, number: int) -> bytes:
    """number: from 1 on, as ours are."""
    return frame(address, 0x04, 0x3F, what, number - 1)


def home(address: int) -> bytes:
    return frame(address, 0x06, 0x04)


def _speed(axis: float, fastest: int) -> int:
    return max(1, round(abs(axis) * fastest))


class Visca(SerialHead):
    can = frozenset((CONTINUOUS,))
    most_presets = MEMORIES
    keeps_presets = True

    def __init__(self, line: Line, address: int, guard: Guard | None = None) -> None:
        if address > HIGHEST_ADDRESS:
            raise DeviceError(
                Kind.INVALID,
                f"A VISCA head has an address from 1 to {HIGHEST_ADDRESS}.",
                field="address",
            )
        super().__init__(line, address, guard)

    def turning(self, velocity: Vector) -> bytes:
        return pan_tilt(self._address, velocity) + zoom(self._address, velocity.zoom)

    def save_preset(self, number: int) -> None:
        self._line.send(memory(self._address, SET, number))

    def go_preset(self, number: int) -> None:
        self._line.send(memory(self._address, RECALL, number))

    def clear_preset(self, number: int) -> None:
        self._line.send(memory(self._address, RESET, number))

    def go_home(self, home_: Vector, now_s: float) -> None:
        self._line.send(home(self._address))
