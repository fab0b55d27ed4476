"""The source `file://`: a clip or a still picture played over and over as a live camera.

Pace and times come from the machine's clock and run on without a gap where the clip begins
anew. What can be passed through is; anything else is decoded at its own size and rate.
"""

import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nvrdevice.media.engine.clip_examination import Clip, estimated_fps, examine
from nvrdevice.media.engine.gst import Gst
from nvrdevice.media.engine.hub import AccessUnit
from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.engine.outlet import Outlet
from nvrdevice.media.engine.pacing import LoopTimeline
from nvrdevice.media.engine.pipeline import Pipeline, Taken, at_time, unit_bytes
from nvrdevice.media.engine.video_caps import (
    MEDIA,
    PARSERS,
    RawFormat,
    rate,
    raw_size,
    stream_format,
)

READ_S = 10.0
LATE_NS = 1_000_000_000
STILL_FPS = 10.0
RATE_PICTURES = 25  # how many tell the rate of a clip that does not name it
ENCODED = (
    "filesrc name=file ! parsebin ! {parser} config-interval=-1 ! "
    "{media},stream-format=byte-stream,alignment=au ! "
    "appsink name=out sync=false max-buffers=4"
)
# Two by two is the least 4:2:0 can hold; beyond 4K neither encoder nor client follows.
DECODED = (
    "filesrc name=file ! decodebin ! videoconvert ! "
    "videoscale add-borders=false ! video/x-raw,format=I420,pixel-aspect-ratio=1/1,"
    "width=[2,3840],height=[2,2160] ! appsink name=out sync=false max-buffers=4"
)


class ClipLoop:
    def __init__(self, path: Path) -> None:
        self._path = path

    def run(self, outlet: Outlet, stop: threading.Event) -> None:
        if not self._path.is_file():
            raise Lost(Reason.NO_SUCH_PATH, f"the file {self._path} does not exist")
        clip = examine(self._path)
        reader = _Reader(self._path, clip)
        try:
            if clip.pass_through:
                self._pass_through(reader, outlet, stop)
            else:
                self._decode(reader, clip.codec, outlet, stop)
        finally:
            reader.stop()

    def _pass_through(self, reader: "_Reader", outlet: Outlet, stop: threading.Event) -> None:
        first = reader.need()
        found = stream_format(first.caps, fps=reader.clip.fps)
        outlet.open_encoded(found)
        pace = _Pace(reader.clip.fps, stop)
        for buffer in reader.buffers(first.buffer, pace):
            time_ns = pace.wait(buffer.pts)
            if stop.is_set():
                return
            outlet.unit(
                AccessUnit(
                    data=unit_bytes(buffer),
                    time_ns=time_ns,
                    wall_ns=time.time_ns(),
                    key=not buffer.has_flags(Gst.BufferFlags.DELTA_UNIT),
                )
            )

    def _decode(self, reader: "_Reader", codec: str, outlet: Outlet, stop: threading.Event) -> None:
        first = reader.need()
        second = reader.pull()
        width, height = raw_size(first.caps)
        if second is None:
            still = RawFormat(width=width, height=height, fps=STILL_FPS)
            self._stand_still(first.buffer, still, codec, outlet, stop)
            return
        fps = rate(first.caps) or reader.measured_fps(first.buffer, second.buffer)
        outlet.open_raw(RawFormat(width=width, height=height, fps=fps), codec=codec)
        pace = _Pace(fps, stop)
        reader.rewind()
        for buffer in reader.buffers(reader.need().buffer, pace):
            time_ns = pace.wait(buffer.pts)
            if stop.is_set():
                return
            outlet.picture(at_time(buffer, time_ns), time_ns)

    def _stand_still(
        self, buffer: Any, found: RawFormat, codec: str, outlet: Outlet, stop: threading.Event
    ) -> None:
        outlet.open_raw(found, codec=codec)
        pace, number = _Pace(found.fps, stop), 0
        while not stop.is_set():
            time_ns = pace.wait(round(number * 1e9 / found.fps))
            outlet.picture(at_time(buffer, time_ns), time_ns)
            number += 1


class _Pace:
    """Waits until a picture is due, and gives up on time that was lost."""

    def __init__(self, fps: float, stop: threading.Event) -> None:
        self._line = LoopTimeline(time.monotonic_ns(), fps)
        self._stop = stop

    def wait(self, pts_ns: int) -> int:
        due_ns = self._line.place(pts_ns)
        ahead_ns = due_ns - time.monotonic_ns()
        if ahead_ns > 0:
            self._stop.wait(ahead_ns / 1e9)
        elif ahead_ns < -LATE_NS:
            self._line.catch_up(-ahead_ns)
            due_ns -= ahead_ns
        return due_ns

    def loop(self) -> None:
        self._line.loop()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()


class _Reader:
    """Buffers of the file, over and over."""

    def __init__(self, path: Path, clip: Clip) -> None:
        self.clip = clip
        self._name = path.name
        self._failures: queue.SimpleQueue[str] = queue.SimpleQueue()
        description = DECODED
        if clip.pass_through:
            description = ENCODED.format(parser=PARSERS[clip.codec], media=MEDIA[clip.codec])
        self._pipeline = Pipeline(description, failed=lambda *what: self._failures.put(what[2]))
        self._pipeline["file"].set_property("location", str(path))
        self._out = self._pipeline["out"]
        self._pipeline.play()

    def pull(self) -> Taken | None:
        """The next buffer and its caps; None at the end of the clip."""
        deadline_s = time.monotonic() + READ_S
        while time.monotonic() < deadline_s:
            found = self._pipeline.pull(self._out, 0.2)
            if found is not None or self._out.is_eos():
                return found
            if not self._failures.empty():
                raise Lost(
                    Reason.WRONG_CODEC, f"{self._name} cannot be read: {self._failures.get()}"
                )
        raise Lost(Reason.TIMEOUT, f"{self._name} gives no picture")

    def need(self) -> Taken:
        found = self.pull()
        if found is None:
            raise Lost(Reason.WRONG_CODEC, f"{self._name} holds no picture")
        return found

    def buffers(self, first: Any, pace: _Pace) -> Iterator[Any]:
        buffer = first
        while not pace.stopped:
            yield buffer
            found = self.pull()
            if found is None:
                pace.loop()
                self.rewind()
                found = self.need()
            buffer = found.buffer

    def rewind(self) -> None:
        flags = Gst.SeekFlags.FLUSH | Gst.SeekFlags.KEY_UNIT
        if not self._pipeline.element.seek_simple(Gst.Format.TIME, flags, 0):
            # Elementary streams cannot seek; a fresh start does the same, some frames later.
            self._pipeline.element.set_state(Gst.State.READY)
            self._pipeline.play()

    def measured_fps(self, *buffers: Any) -> float:
        times = [buffer.pts for buffer in buffers]
        while len(times) < RATE_PICTURES and (found := self.pull()) is not None:
            times.append(found.buffer.pts)
        return estimated_fps(times) or STILL_FPS

    def stop(self) -> None:
        self._pipeline.stop()
