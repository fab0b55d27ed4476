"""VISCA, byte by byte, as Sony's command lists have them."""

import pytest

from nvrdevice.lib.errors import DeviceError
from nvrdevice.ptz.backends import visca
from nvrdevice.ptz.backends.visca import Visca
from nvrdevice.ptz.spaces import Vector


class Taking:
    problem = ""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def send(self, data: bytes) -> None:
        self.taken.append(data.hex(" "))

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("velocity", "frame"),
    [
        (Vector(tilt=1.0), "81 01 06 01 01 14 03 01 ff"),
        (Vector(tilt=-1.0), "81 01 06 01 01 14 03 02 ff"),
        (Vector(pan=-1.0), "81 01 06 01 18 01 01 03 ff"),
        (Vector(pan=1.0), "81 01 06 01 18 01 02 03 ff"),
        (Vector(pan=0.5, tilt=0.5), "81 01 06 01 0c 0a 02 01 ff"),
        (Vector(), "81 01 06 01 01 01 03 03 ff"),
    ],
)
def test_pan_and_tilt(velocity: Vector, frame: str) -> None:
    assert visca.pan_tilt(1, velocity).hex(" ") == frame


@pytest.mark.parametrize(
    ("speed", "frame"),
    [
        (1.0, "81 01 04 07 27 ff"),
        (-0.5, "81 01 04 07 34 ff"),
        (0.01, "81 01 04 07 20 ff"),
        (0.0, "81 01 04 07 00 ff"),
    ],
)
def test_zoom(speed: float, frame: str) -> None:
    assert visca.zoom(1, speed).hex(" ") == frame


def test_a_move_and_its_stop_are_two_frames_each() -> None:
    line = Taking()
    head = Visca(line, 2)
    head.drive(Vector(pan=1.0, zoom=-1.0), 0.0)
    assert head.moving(0.0)
    head.stop(0.0)
    assert not head.moving(0.0)
    assert line.taken == [
        "82 01 06 01 18 01 02 03 ff 82 01 04 07 37 ff",
        "82 01 06 01 01 01 03 03 ff 82 01 04 07 00 ff",
    ]


def test_presets_and_home() -> None:
    line = Taking()
    head = Visca(line, 1)
    head.save_preset(1)
    head.go_preset(6)
    head.clear_preset(2)
    head.go_home(Vector(), 0.0)
    assert line.taken == [
        "81 01 04 3f 01 00 ff",
        "81 01 04 3f 02 05 ff",
        "81 01 04 3f 00 01 ff",
        "81 01 06 04 ff",
    ]


def test_addresses_end_at_seven() -> None:
    with pytest.raises(DeviceError, match="from 1 to 7"):
        Visca(Taking(), 8)
