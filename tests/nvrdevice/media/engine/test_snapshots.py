"""A snapshot is a JPEG of the asked size, of now, or refused."""

import threading
import time

import cv2
import numpy as np
import pytest

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.engine import snapshots
from nvrdevice.media.engine.picture_fan import PictureFan
from nvrdevice.media.engine.snapshots import Snapshots
from tests.nvrdevice.media.engine.made_pictures import RAW, grey


def fan_with(level: int, *, age_s: float = 0.0) -> PictureFan:
    fan = PictureFan()
    fan.open(RAW)
    fan.publish(grey(level), time.monotonic_ns() - int(age_s * 1e9))
    return fan


def test_it_has_the_size_and_the_picture() -> None:
    data = Snapshots(fan_with(200)).take(160, 90, fps=25.0, wake=lambda: None)
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert (picture.shape, abs(int(np.asarray(picture).mean()) - 214) < 6) == ((90, 160), True)


def test_an_old_picture_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "WAIT_S", 0.0)
    with pytest.raises(DeviceError) as told:
        Snapshots(fan_with(200, age_s=3600)).take(160, 90, fps=25.0, wake=lambda: None)
    assert told.value.kind is Kind.UNAVAILABLE


def test_pictures_made_on_demand_are_woken_and_waited_for() -> None:
    fan = PictureFan()

    def wake() -> None:
        fan.open(RAW)
        threading.Timer(0.02, fan.publish, (grey(100), time.monotonic_ns())).start()

    assert Snapshots(fan).take(160, 90, fps=25.0, wake=wake)[:2] == b"\xff\xd8"


def test_asked_again_at_once_it_is_not_encoded_again() -> None:
    taken = Snapshots(fan_with(200))
    first = taken.take(160, 90, fps=25.0, wake=lambda: None)
    assert taken.take(160, 90, fps=25.0, wake=lambda: None) is first
