"""The small grey picture of one source for whoever looks for motion, made only while wanted."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from nvrdevice.media.engine.gst import Gst
from nvrdevice.media.engine.pacing import Decimation
from nvrdevice.media.engine.pipeline import Pipeline, at_time, later, unit_bytes
from nvrdevice.media.engine.video_caps import RawFormat
from nvrdevice.media.grey import GreyPicture

WIDTH, HEIGHT, FPS = 320, 180, 8.0
# Colour goes first, then every source pixel counts in the scaled one: noise is averaged out.
DESCRIPTION = (
    "appsrc name=in is-live=true format=time max-buffers=2 max-bytes=0 leaky-type=downstream "
    'caps="{raw}" ! videoconvert ! video/x-raw,format=GRAY8 ! '
    "videoscale method=bilinear2 add-borders=false ! "
    "video/x-raw,width={width},height={height},pixel-aspect-ratio=1/1 ! "
    "appsink name=out emit-signals=true sync=false max-buffers=2 drop=true"
)


class GreyFeed:
    def __init__(
        self,
        source: str,
        found: RawFormat,
        publish: Callable[[GreyPicture], None],
        *,
        failed: Callable[[], None],
    ) -> None:
        self.format = found
        self._source, self._publish = source, publish
        self._sequence = 0
        self._stopped = False
        self._decimation = Decimation(FPS)
        self._pipeline = Pipeline(
            DESCRIPTION.format(raw=found.caps, width=WIDTH, height=HEIGHT),
            since_boot=True,
            failed=lambda *_: later(failed),
        )
        self._in = self._pipeline["in"]
        self._pipeline.connect("out", "new-sample", self._on_picture)
        self._pipeline.play()

    def feed(self, buffer: Any, time_ns: int) -> None:
        if self._decimation.admits(time_ns):
            self._in.push_buffer(at_time(buffer, time_ns))

    def _on_picture(self, sink: Any) -> Any:
        sample = sink.pull_sample()
        if sample is None or self._stopped:
            return Gst.FlowReturn.EOS
        age_ns = time.monotonic_ns() - self._pipeline.absolute_ns(sample)
        self._sequence += 1
        self._publish(
            GreyPicture(
                source=self._source,
                at=datetime.fromtimestamp((time.time_ns() - age_ns) / 1e9, UTC),
                width=WIDTH,
                height=HEIGHT,
                sequence=self._sequence,
                pixels=unit_bytes(sample.get_buffer()),
            )
        )
        return Gst.FlowReturn.OK

    def stop(self) -> None:
        self._stopped = True
        self._pipeline.stop()
