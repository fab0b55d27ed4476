"""Pictures of a stream that is passed through, made only while somebody wants them.

It starts at the newest key frame that is kept, so the first current picture is there at once;
pictures from before its start are not handed on.
"""

import time
from collections.abc import Callable
from typing import Any

from nvrdevice.media.engine.consumers import Pusher
from nvrdevice.media.engine.gst import Gst
from nvrdevice.media.engine.hub import AccessUnit, Hub, StreamFormat
from nvrdevice.media.engine.picture_fan import PictureFan
from nvrdevice.media.engine.pipeline import Pipeline, later
from nvrdevice.media.engine.video_caps import DECODERS, RawFormat, encoded_caps, raw_size

WAITING_UNITS = 600  # a whole group of pictures comes at once when it starts
DESCRIPTION = (
    'appsrc name=in is-live=true format=time max-bytes=0 caps="{caps}" ! {decoder} ! '
    "videoconvert ! videoscale add-borders=false ! "
    "video/x-raw,format=I420,pixel-aspect-ratio=1/1 ! "
    "appsink name=out emit-signals=true sync=false max-buffers=4"
)


class Decoder:
    def __init__(
        self, hub: Hub, found: StreamFormat, fan: PictureFan, *, failed: Callable[[], None]
    ) -> None:
        self.hub, self._fan, self._found = hub, fan, found
        self._stopped = False
        self._size: tuple[int, int] | None = None
        # One thread: frame threads would hold back as many pictures as there are cores.
        decoder = f"{DECODERS[found.codec]} max-threads=1"
        self._pipeline = Pipeline(
            DESCRIPTION.format(caps=encoded_caps(found), decoder=decoder),
            since_boot=True,
            failed=lambda *_: later(failed),
        )
        self._pipeline.connect("out", "new-sample", self._on_picture)
        self._from_ns = hub.ring.newest_ns or time.monotonic_ns()
        source = self._pipeline["in"]  # not self: what holds itself is freed late
        self._consumer = Pusher(
            lambda unit: source.push_buffer(unit_buffer(unit)),
            source.get_current_level_buffers,
            limit=WAITING_UNITS,
        )
        self._pipeline.play()
        hub.join(self._consumer, with_past=True)

    def _on_picture(self, sink: Any) -> Any:
        sample = sink.pull_sample()
        if sample is None or self._stopped:
            return Gst.FlowReturn.EOS
        time_ns = self._pipeline.absolute_ns(sample)
        if time_ns >= self._from_ns:
            size = raw_size(sample.get_caps())
            if size != self._size:
                self._size = size
                self._fan.open(RawFormat(width=size[0], height=size[1], fps=self._found.fps))
            self._fan.publish(sample.get_buffer(), time_ns)
        return Gst.FlowReturn.OK

    def stop(self) -> None:
        self._stopped = True
        self.hub.leave(self._consumer)
        self._pipeline.stop()
        self._fan.close()


def unit_buffer(unit: AccessUnit) -> Any:
    """An access unit as GStreamer wants it, under absolute time."""
    buffer = Gst.Buffer.new_wrapped(unit.data)
    buffer.pts = unit.time_ns
    if not unit.key:
        buffer.set_flags(Gst.BufferFlags.DELTA_UNIT)
    return buffer
