"""What is sent comes out at the other end of a line; a broken line says so and heals."""

import os
import tty
from pathlib import Path

import pytest

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.ptz.backends.pelco_d import PelcoD
from nvrdevice.ptz.backends.serial_line import SerialLine
from nvrdevice.ptz.spaces import Vector
from tests.nvrdevice.ptz.far_end import FarEnd

STOP = bytes.fromhex("ff010000000001")


def test_frames_arrive() -> None:
    far, near = os.openpty()
    tty.setraw(near)
    head = PelcoD(SerialLine(os.ttyname(near), 9600), 1)
    head.drive(Vector(pan=1.0), 0.0)
    head.stop(0.0)
    head.save_preset(3)
    came = b""
    while len(came) < 21:
        came += os.read(far, 100)
    assert came.hex(" ") == "ff 01 00 02 3f 00 42 ff 01 00 00 00 00 01 ff 01 00 03 00 03 07"
    head.close()
    os.close(near)
    os.close(far)


def test_a_port_that_is_not_there_says_so_and_is_used_once_it_is(tmp_path: Path) -> None:
    path = tmp_path / "ttyUSB0"
    line = SerialLine(str(path), 9600)
    with pytest.raises(DeviceError, match="it is not there") as refused:
        line.send(b"1")
    assert (refused.value.kind, refused.value.field) == (Kind.UNAVAILABLE, "port")
    assert line.problem == refused.value.text
    far, near = os.openpty()
    tty.setraw(near)
    path.symlink_to(os.ttyname(near))
    line.send(b"2")
    assert (os.read(far, 10), line.problem) == (b"2", "")
    line.close()
    os.close(near)
    os.close(far)


def test_a_cable_that_is_pulled_out_says_so_and_heals() -> None:
    end = FarEnd()
    line = SerialLine(str(end.path), 9600)
    line.send(STOP)
    end.pull_out()
    with pytest.raises(DeviceError, match="the line is cut") as refused:
        line.send(STOP)
    assert refused.value.kind is Kind.UNAVAILABLE
    with pytest.raises(DeviceError, match="it is not there"):
        line.send(STOP)
    end.plug_in()
    line.send(STOP)
    assert (end.frame(), line.problem) == (STOP.hex(" "), "")
    line.close()
    end.close()


@pytest.mark.parametrize("path", ["/dev/null", "/dev/shm"])
def test_what_is_no_terminal_is_not_even_opened(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr("serial.Serial", lambda *each, **_: opened.append(each))
    with pytest.raises(DeviceError, match="it is no serial port"):
        SerialLine(path, 9600).send(STOP)
    assert opened == []


def test_what_the_other_end_says_is_received() -> None:
    far, near = os.openpty()
    tty.setraw(near)
    line = SerialLine(os.ttyname(near), 9600)
    assert line.receive(0.0) == b""  # not opened yet
    line.send(b"1")
    assert line.receive(0.0) == b""
    os.write(far, b"\x90\x41\xff")
    assert line.receive(30.0) == b"\x90\x41\xff"
    os.close(near)
    os.close(far)
    assert line.receive(30.0) == b""  # the line broke
    line.close()
