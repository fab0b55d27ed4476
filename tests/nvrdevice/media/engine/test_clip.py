"""A file plays as a live camera: passed through where it may be, on and on without a gap."""

import threading
from pathlib import Path
from typing import Any

import pytest

from nvrdevice.media.engine.clip import ClipLoop
from nvrdevice.media.engine.hub import AccessUnit, StreamFormat
from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.engine.video_caps import RawFormat
from tests.nvrdevice.media.engine.made_pictures import written

SOURCE = "videotestsrc num-buffers=5 ! video/x-raw,format=I420,width=320,height=180,framerate=25/1"
ENCODER = "x264enc key-int-max=5 bframes={bframes} ! h264parse ! mp4mux"
H264 = f"{SOURCE} ! {ENCODER} ! filesink name=file"
MJPEG = f"{SOURCE} ! jpegenc ! avimux ! filesink name=file"
STILL = (
    "videotestsrc num-buffers=1 ! video/x-raw,width=321,height=181 ! pngenc ! filesink name=file"
)


class Recorder:
    """An outlet that stops its capture after so many pictures."""

    def __init__(self, most: int) -> None:
        self.stop = threading.Event()
        self.opened: list[Any] = []
        self.times: list[int] = []
        self.keys: list[bool] = []
        self._most = most

    def open_encoded(self, found: StreamFormat) -> None:
        self.opened.append(found)

    def open_raw(self, found: RawFormat, *, codec: str) -> None:
        self.opened.append((found, codec))

    def unit(self, unit: AccessUnit) -> None:
        self.keys.append(unit.key)
        self._count(unit.time_ns)

    def picture(self, _buffer: Any, time_ns: int) -> None:
        self._count(time_ns)

    def _count(self, time_ns: int) -> None:
        self.times.append(time_ns)
        if len(self.times) >= self._most:
            self.stop.set()

    @property
    def steps_ms(self) -> set[int]:
        return {
            round((later - time) / 1e6)
            for time, later in zip(self.times, self.times[1:], strict=False)
        }


def played(path: Path, most: int) -> Recorder:
    recorder = Recorder(most)
    ClipLoop(path).run(recorder, recorder.stop)
    return recorder


def test_h264_is_passed_through_and_looped_without_a_gap(tmp_path: Path) -> None:
    seen = played(written(tmp_path / "a.mp4", H264.format(bframes=0)), 12)
    assert [found.codec for found in seen.opened] == ["H264"]
    assert seen.keys == [number % 5 == 0 for number in range(12)]
    assert seen.steps_ms == {40}


def test_reordered_pictures_are_decoded(tmp_path: Path) -> None:
    seen = played(written(tmp_path / "b.mp4", H264.format(bframes=2)), 8)
    assert seen.opened == [(RawFormat(width=320, height=180, fps=25.0), "H264")]
    assert seen.steps_ms == {40}


def test_another_codec_is_decoded_at_its_own_size_and_rate(tmp_path: Path) -> None:
    seen = played(written(tmp_path / "c.avi", MJPEG), 12)
    assert seen.opened == [(RawFormat(width=320, height=180, fps=25.0), "JPEG")]
    assert seen.steps_ms == {40}


def test_a_still_picture_stands_still(tmp_path: Path) -> None:
    seen = played(written(tmp_path / "d.png", STILL), 3)
    assert seen.opened == [(RawFormat(width=321, height=181, fps=10.0), "PNG")]
    assert seen.steps_ms == {100}


@pytest.mark.parametrize(
    ("content", "reason"), [(None, Reason.NO_SUCH_PATH), (b"no video", Reason.WRONG_CODEC)]
)
def test_what_is_no_video_is_told(tmp_path: Path, content: bytes | None, reason: Reason) -> None:
    path = tmp_path / "e.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Lost) as told:
        played(path, 1)
    assert told.value.reason is reason
