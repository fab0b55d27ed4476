"""A part of the picture shown as if it were all of it: the digital zoom of one source.

Pictures keep their size, so no encoder behind it notices. While the whole picture is shown it
costs nothing: nothing is built, and pictures pass by untouched.
"""

from collections.abc import Callable
from typing import Any

from nvrdevice.media.engine.gst import Gst
from nvrdevice.media.engine.pipeline import Pipeline, at_time, later
from nvrdevice.media.engine.video_caps import RawFormat

# Middle across, middle down, share of the width, 0 to 1 each, at a time; None: everything.
Crop = tuple[float, float, float]
Aim = Callable[[int], Crop | None]
LINGER_PICTURES = 60  # of the whole picture, before what was built is taken down
DESCRIPTION = (
    "appsrc name=in is-live=true format=time max-buffers=4 max-bytes=0 leaky-type=downstream "
    'caps="{raw}" ! videocrop name=crop ! videoscale add-borders=false ! {raw} ! '
    "appsink name=out emit-signals=true sync=false max-buffers=4"
)


class Lens:
    """take() is called in the thread of the pictures, show() in that thread or the lens's own."""

    def __init__(self, aim: Aim, show: Callable[[Any, int], None]) -> None:
        self._aim, self._show = aim, show
        self._found: RawFormat | None = None
        self._pipeline: Pipeline | None = None
        self._whole = 0
        self._crop: tuple[int, int, int, int] | None = None

    def take(self, buffer: Any, time_ns: int, found: RawFormat) -> bool:
        """Whether it shows this picture; if not, it is shown as it is."""
        crop = self._aim(time_ns)
        if crop is None:
            if self._pipeline is None:
                return False
            self._whole += 1
            if self._whole > LINGER_PICTURES:
                self.close()
                return False
            crop = (0.5, 0.5, 1.0)
        else:
            self._whole = 0
        if self._pipeline is None or self._found != found:
            self.close()
            self._open(found)
        assert self._pipeline is not None
        self._set(edges(crop, found), self._pipeline)
        self._pipeline["in"].push_buffer(at_time(buffer, time_ns))
        return True

    def _open(self, found: RawFormat) -> None:
        self._found = found
        made = Pipeline(
            DESCRIPTION.format(raw=found.caps), since_boot=True, failed=lambda *_: self._fail(made)
        )
        made.connect("out", "new-sample", self._on_picture, made)
        self._pipeline, self._whole = made, 0
        made.play()

    def _set(self, wanted: tuple[int, int, int, int], pipeline: Pipeline) -> None:
        if wanted == self._crop:
            return
        self._crop = wanted
        element = pipeline["crop"]
        for name, value in zip(("left", "right", "top", "bottom"), wanted, strict=True):
            element.set_property(name, value)

    def _on_picture(self, sink: Any, pipeline: Pipeline) -> Any:
        sample = sink.pull_sample()
        if sample is None or self._pipeline is not pipeline:
            return Gst.FlowReturn.EOS
        self._show(sample.get_buffer(), pipeline.absolute_ns(sample))
        return Gst.FlowReturn.OK

    def _fail(self, failed: Pipeline) -> None:
        if self._pipeline is failed:  # the next picture builds another
            self._pipeline = self._crop = None
            later(failed.stop)

    def close(self) -> None:
        pipeline, self._pipeline, self._crop = self._pipeline, None, None
        if pipeline is not None:
            later(pipeline.stop)


def edges(crop: Crop, found: RawFormat) -> tuple[int, int, int, int]:
    """How many pixels are cut off left, right, top and bottom: even, as I420 wants it."""
    across, down, share = crop
    left, right = _cut(across, share, found.width)
    top, bottom = _cut(down, share, found.height)
    return left, right, top, bottom


def _cut(middle: float, share: float, size: int) -> tuple[int, int]:
    kept = max(2, 2 * round(size * share / 2))
    first = min(max(2 * round((middle * size - kept / 2) / 2), 0), size - kept)
    return first, size - kept - first
