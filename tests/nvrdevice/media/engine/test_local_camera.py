"""Cameras of this machine, with GStreamer's test picture in the place of the hardware."""

import threading
from typing import Any

import pytest

from nvrdevice.media.engine import gst
from nvrdevice.media.engine.hub import AccessUnit, StreamFormat
from nvrdevice.media.engine.local_camera import LocalCamera, Opener, v4l2
from nvrdevice.media.engine.local_modes import Mode, best, read_modes
from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.engine.video_caps import RawFormat

SIZE = "width=320,height=240,framerate=10/1"
PICTURE = "videotestsrc is-live=true"


class Received:
    """An outlet that stops the capture after some pictures."""

    def __init__(self, wanted: int = 5) -> None:
        self.stop = threading.Event()
        self.opened: list[Any] = []
        self.units: list[AccessUnit] = []
        self.pictures = 0
        self._wanted = wanted

    def open_encoded(self, found: StreamFormat) -> None:
        self.opened.append(found)

    def open_raw(self, found: RawFormat, *, codec: str) -> None:
        self.opened.append((found, codec))

    def unit(self, unit: AccessUnit) -> None:
        self.units.append(unit)
        self._count(len(self.units))

    def picture(self, buffer: Any, time_ns: int) -> None:
        self.pictures += 1
        self._count(self.pictures)

    def _count(self, number: int) -> None:
        if number >= self._wanted:
            self.stop.set()


@pytest.fixture(autouse=True)
def _gstreamer() -> None:
    gst.start()


def test_a_camera_with_h264_is_passed_through() -> None:
    received = Received()
    encoder = f"x264enc tune=zerolatency ! capsfilter caps=video/x-h264,{SIZE}"
    camera = f"{PICTURE} ! video/x-raw,{SIZE} ! {encoder}"
    LocalCamera(Opener(camera)).run(received, received.stop)
    (found,) = received.opened
    assert (found.codec, found.width, found.height, found.fps) == ("H264", 320, 240, 10.0)
    assert received.units[0].key


@pytest.mark.parametrize(
    ("camera", "codec"),
    [
        (f"{PICTURE} ! capsfilter caps=video/x-raw,format=YUY2,{SIZE}", "raw"),
        (f"{PICTURE} ! video/x-raw,{SIZE} ! jpegenc ! capsfilter caps=image/jpeg,{SIZE}", "MJPEG"),
    ],
)
def test_a_camera_without_h264_gives_pictures_to_encode(camera: str, codec: str) -> None:
    received = Received()
    LocalCamera(Opener(camera)).run(received, received.stop)
    assert received.opened == [(RawFormat(width=320, height=240, fps=10.0), codec)]
    assert received.pictures == 5


def test_a_camera_that_is_not_there_is_named() -> None:
    with pytest.raises(Lost) as lost:
        LocalCamera(v4l2("/dev/video99")).run(Received(), threading.Event())
    assert lost.value.reason is Reason.NO_SUCH_PATH
    assert lost.value.words == "there is no camera at /dev/video99: is it plugged in?"


def mode(format: str, width: int, height: int, fps: float = 30.0) -> Mode:
    return Mode(format=format, width=width, height=height, fps=fps)


@pytest.mark.parametrize(
    ("modes", "chosen"),
    [
        ([mode("raw", 640, 480), mode("MJPEG", 1280, 720)], mode("MJPEG", 1280, 720)),
        ([mode("raw", 1280, 720, 5), mode("raw", 640, 480)], mode("raw", 640, 480)),
        ([mode("MJPEG", 1920, 1080), mode("H264", 1280, 720)], mode("H264", 1280, 720)),
        ([mode("raw", 4608, 2592), mode("raw", 1920, 1080)], mode("raw", 1920, 1080)),
        ([], None),
    ],
)
def test_the_best_mode_is_taken(modes: list[Mode], chosen: Mode | None) -> None:
    assert best(modes) == chosen


def test_modes_are_read_from_what_real_cameras_say() -> None:
    """A UVC camera lists rates; libcamera gives ranges of sizes and rates."""
    caps = gst.Gst.Caps.from_string(
        "video/x-raw,format=YUY2,width=640,height=480,framerate={(fraction)30/1,(fraction)15/1};"
        "image/jpeg,width=1280,height=720,framerate=30/1;"
        "video/x-raw,format=NV12,width=[32,4608],height=[32,2592],framerate=[0/1,120/1];"
        "video/x-bayer,width=640,height=480"
    )
    assert read_modes(caps) == (
        mode("raw", 640, 480),
        mode("MJPEG", 1280, 720),
        mode("raw", 1920, 1080),
    )
