"""A try of an address: a picture and what it is, or why there is none, within its limit."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.engine import trial
from nvrdevice.media.engine.clip import ClipLoop
from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.engine.outlet import Capture, Outlet
from nvrdevice.media.engine.test_picture import TestPicture
from nvrdevice.media.engine.trial_answers import TrialAnswers
from tests.nvrdevice.media.engine.made_pictures import written
from tests.nvrdevice.media.engine.test_clip import H264


class Silent:
    """A camera that never sends anything; released once the trial lets go of it."""

    def __init__(self) -> None:
        self.opened, self.released = threading.Event(), threading.Event()

    def run(self, _outlet: Outlet, stop: threading.Event) -> None:
        self.opened.set()
        stop.wait(30)
        self.released.set()


def tried(make: Callable[[], Capture]) -> tuple[str, int, int, float, bool, bytes]:
    found = trial.try_capture(make)
    return (
        found.codec, found.width, found.height, found.fps, found.pass_through, found.picture[:2],
    )  # fmt: skip


def test_the_test_picture() -> None:
    assert tried(TestPicture) == ("raw", 1280, 720, 25.0, False, b"\xff\xd8")


def test_a_stream_is_decoded_for_its_picture(tmp_path: Path) -> None:
    clip = written(tmp_path / "clip.mp4", H264.format(bframes=0))
    assert tried(lambda: ClipLoop(clip)) == ("H264", 320, 180, 25.0, True, b"\xff\xd8")


def test_the_rates_are_those_that_were_seen(tmp_path: Path) -> None:
    clip = written(tmp_path / "clip.mp4", H264.format(bframes=0))
    found = trial.try_capture(lambda: ClipLoop(clip), measure_s=1.0)
    assert (found.kbps > 0, abs(found.fps - 25.0) < 5.0) == (True, True)


def test_a_camera_that_sends_nothing_is_let_go() -> None:
    camera = Silent()
    with pytest.raises(Lost) as lost:
        trial.try_capture(lambda: camera, limit_s=0.3)
    assert lost.value.sentence == "timeout: no picture came in 0.3 s"
    assert camera.released.wait(20)


def test_a_process_that_ends_waits_for_no_camera() -> None:
    camera, ending = Silent(), threading.Event()
    ending.set()
    with pytest.raises(DeviceError) as told:
        trial.try_capture(lambda: camera, ending=ending)
    assert told.value.text == "The device is being stopped."
    assert camera.released.wait(20)


def test_only_so_many_are_tried_at_once() -> None:
    cameras = [Silent() for _ in range(trial.AT_ONCE)]

    def hold(camera: Silent) -> None:
        with pytest.raises(Lost):
            trial.try_capture(lambda: camera, limit_s=3.0)

    threads = [threading.Thread(target=hold, args=(camera,)) for camera in cameras]
    for thread in threads:
        thread.start()
    assert all(camera.opened.wait(20) for camera in cameras)
    with pytest.raises(DeviceError) as told:
        trial.try_capture(Silent)
    for thread in threads:
        thread.join()
    assert told.value.kind is Kind.UNAVAILABLE


def test_the_reason_comes_with_a_remedy_and_without_a_login() -> None:
    with pytest.raises(DeviceError) as told:
        TrialAnswers().try_source({"uri": "rtsp://no-such-host.invalid/live"})
    assert (told.value.kind, told.value.field, told.value.text) == (
        Kind.INVALID,
        "uri",
        "Name not found: no address is known for the host no-such-host.invalid. "
        "Check its spelling, or give the camera's IP address.",
    )


def test_a_wrong_password_is_told_beside_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Lost(Reason.WRONG_PASSWORD, "the camera refuses this user and password")

    monkeypatch.setattr(trial, "try_capture", refuse)
    with pytest.raises(DeviceError) as told:
        TrialAnswers().try_source({"uri": "rtsp://cam/live"})
    assert told.value.field == "password"
