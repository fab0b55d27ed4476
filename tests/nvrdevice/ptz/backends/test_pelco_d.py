"""Pelco-D, byte by byte, as the protocol's description has them."""

import pytest

from nvrdevice.ptz.backends import pelco_d
from nvrdevice.ptz.spaces import Vector


@pytest.mark.parametrize(
    ("velocity", "frame"),
    [
        (Vector(pan=1.0), "ff 01 00 02 3f 00 42"),
        (Vector(pan=-0.5), "ff 01 00 04 20 00 25"),
        (Vector(tilt=1.0), "ff 01 00 08 00 3f 48"),
        (Vector(pan=1.0, tilt=-1.0), "ff 01 00 12 3f 3f 91"),
        (Vector(zoom=0.1), "ff 01 00 20 00 00 21"),
        (Vector(zoom=-1.0), "ff 01 00 40 00 00 41"),
        (Vector(pan=0.001), "ff 01 00 02 01 00 04"),
        (Vector(), "ff 01 00 00 00 00 01"),
    ],
)
def test_a_move(velocity: Vector, frame: str) -> None:
    assert pelco_d.move(1, velocity).hex(" ") == frame


def test_stop() -> None:
    assert pelco_d.stop(2).hex(" ") == "ff 02 00 00 00 00 02"


@pytest.mark.parametrize(
    ("command", "frame"),
    [
        (pelco_d.SET_PRESET, "ff 01 00 03 00 05 09"),
        (pelco_d.CLEAR_PRESET, "ff 01 00 05 00 05 0b"),
        (pelco_d.GO_PRESET, "ff 01 00 07 00 05 0d"),
    ],
)
def test_a_preset(command: int, frame: str) -> None:
    assert pelco_d.preset(1, command, 5).hex(" ") == frame


def test_the_checksum_is_one_byte() -> None:
    assert pelco_d.frame(255, 0x1A, 0x3F, 0x3F).hex(" ") == "ff ff 00 1a 3f 3f 97"
