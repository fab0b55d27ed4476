"""The sources `v4l2:` and `libcamera:`: a camera of this machine.

Its own H.264 is passed through; MJPEG and raw pictures are handed on to be encoded. The element
that opens the camera is passed in, so that all but the hardware itself is the same in tests.
"""

import os
import queue
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from nvrdevice.media.engine.gst import GLib, Gst
from nvrdevice.media.engine.hub import AccessUnit
from nvrdevice.media.engine.local_modes import Mode, best, read_modes
from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.engine.outlet import Outlet
from nvrdevice.media.engine.pipeline import Pipeline, Taken, unit_bytes
from nvrdevice.media.engine.video_caps import RawFormat, rate, raw_size, stream_format

OPEN_S = 10.0
SILENCE_S = 5.0
POLL_S = 0.2
PARTS = {
    "H264": "h264parse config-interval=-1 ! video/x-h264,stream-format=byte-stream,alignment=au",
    "MJPEG": "jpegdec ! videoconvert ! video/x-raw,format=I420",
    "raw": "videoconvert ! video/x-raw,format=I420",
}


@dataclass(frozen=True)
class Opener:
    """element: as a pipeline names it; path: the device file that must be there, if any."""

    element: str
    path: str = ""


def v4l2(path: str) -> Opener:
    return Opener(f'v4l2src device="{path}" do-timestamp=true', path)


def libcamera(name: str) -> Opener:
    chosen = f' camera-name="{name}"' if name else ""
    return Opener(f"libcamerasrc{chosen}")


class LocalCamera:
    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._failures: queue.SimpleQueue[Lost] = queue.SimpleQueue()

    def run(self, outlet: Outlet, stop: threading.Event) -> None:
        self._check()
        mode = best(self.modes())
        if mode is None:
            raise Lost(Reason.WRONG_CODEC, "the camera offers no H.264, MJPEG or raw pictures")
        pipeline = Pipeline(
            f"{self._opener.element} ! {mode.caps} ! {PARTS[mode.format]} ! "
            "appsink name=out sync=false max-buffers=8 drop=true",
            failed=self._on_error,
        )
        try:
            pipeline.play()
            self._hand_on(pipeline, mode, outlet, stop)
        finally:
            pipeline.stop()

    def modes(self) -> tuple[Mode, ...]:
        """What the camera says it can do; Lost where it cannot be opened."""
        try:
            element = Gst.parse_bin_from_description(self._opener.element, True)  # noqa: FBT003
        except GLib.Error as error:
            raise Lost(
                Reason.WRONG_CODEC, f"GStreamer cannot open it here: {error.message}"
            ) from None
        try:
            if element.set_state(Gst.State.READY) == Gst.StateChangeReturn.FAILURE:
                # Its caps would be those of every camera there is.
                raise Lost(Reason.NO_SUCH_PATH, "what is there is no camera that can be opened")
            return read_modes(element.get_static_pad("src").query_caps(None))
        finally:
            element.set_state(Gst.State.NULL)

    def _hand_on(
        self, pipeline: Pipeline, mode: Mode, outlet: Outlet, stop: threading.Event
    ) -> None:
        first = self._pull(pipeline, OPEN_S, stop)
        if first is None:
            return
        fps = rate(first.caps) or mode.fps or 25.0
        if mode.format == "H264":
            outlet.open_encoded(stream_format(first.caps, fps=fps))
        else:
            width, height = raw_size(first.caps)
            outlet.open_raw(RawFormat(width=width, height=height, fps=fps), codec=mode.format)
        taken: Taken | None = first
        while taken is not None:
            now_ns = time.monotonic_ns()
            time_ns = now_ns if taken.time_ns is None else min(taken.time_ns, now_ns)
            if mode.format == "H264":
                outlet.unit(_unit(taken, time_ns, now_ns))
            else:
                outlet.picture(taken.buffer, time_ns)
            taken = self._pull(pipeline, SILENCE_S, stop)

    def _pull(self, pipeline: Pipeline, timeout_s: float, stop: threading.Event) -> Taken | None:
        deadline_s = time.monotonic() + timeout_s
        while not stop.is_set():
            taken = pipeline.pull(pipeline["out"], POLL_S)
            if taken is not None:
                return taken
            if not self._failures.empty():
                raise self._failures.get()
            if time.monotonic() > deadline_s:
                raise Lost(Reason.TIMEOUT, f"the camera gave no picture for {timeout_s:g} s")
        return None

    def _check(self) -> None:
        path = self._opener.path
        if path and not Path(path).exists():
            raise Lost(Reason.NO_SUCH_PATH, f"there is no camera at {path}: is it plugged in?")
        if path and not os.access(path, os.R_OK | os.W_OK):
            raise Lost(Reason.REFUSED, f"this user may not open {path}: add it to the group video")

    def _on_error(self, domain: str, code: int, text: str) -> None:
        if domain == "gst-resource-error-quark" and code == Gst.ResourceError.BUSY:
            self._failures.put(Lost(Reason.REFUSED, "another program uses the camera"))
        else:
            self._failures.put(Lost(Reason.BROKE_OFF, text))


def _unit(taken: Taken, time_ns: int, now_ns: int) -> AccessUnit:
    return AccessUnit(
        data=unit_bytes(taken.buffer),
        time_ns=time_ns,
        wall_ns=time.time_ns() - (now_ns - time_ns),
        key=not taken.buffer.has_flags(Gst.BufferFlags.DELTA_UNIT),
    )
