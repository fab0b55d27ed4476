"""One encoder configuration at work: pictures in, access units out into its hub.

A pipeline of its own, so that a change of one profile never disturbs another. Only the bit
rate is changed while it runs; anything else is a new encoder (x264enc takes it at start only).
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.media.engine.encoder_choice import blame, element_for
from nvrdevice.media.engine.encoder_elements import EncoderSettings, jpeg_quality
from nvrdevice.media.engine.gst import Gst, GstVideo
from nvrdevice.media.engine.hub import AccessUnit, Hub
from nvrdevice.media.engine.jpeg_rate import JpegRate
from nvrdevice.media.engine.key_requests import KeyRequests
from nvrdevice.media.engine.pacing import Decimation
from nvrdevice.media.engine.pipeline import Pipeline, at_time, later, unit_bytes
from nvrdevice.media.engine.video_caps import RawFormat, stream_format

WAITING_PICTURES = 12  # a moment in which the machine does something else loses none
DESCRIPTION = (
    "appsrc name=in is-live=true format=time block=false max-buffers={waiting} max-bytes=0 "
    'leaky-type=downstream caps="{raw}" ! '
    "videoscale add-borders=false ! video/x-raw,width={width},height={height},"
    "pixel-aspect-ratio=1/1 ! {encoder} ! "
    "appsink name=out emit-signals=true sync=false max-buffers=60"
)


class Encoder:
    def __init__(
        self, found: RawFormat, wanted: EncoderSettings, hub: Hub, *, failed: Callable[[], None]
    ) -> None:
        self.source, self.settings = found, wanted
        self._hub = hub
        self._stopped = False
        self._element = element_for(wanted)
        self._keys = KeyRequests(SYSTEM_CLOCK)
        self._jpeg_rate = _jpeg_rate(wanted)
        self._decimation = Decimation(wanted.fps) if wanted.fps < found.fps - 0.01 else None
        raw = replace(found, fps=min(found.fps, wanted.fps))
        self._pipeline = Pipeline(
            DESCRIPTION.format(
                waiting=WAITING_PICTURES,
                raw=raw.caps,
                width=wanted.width,
                height=wanted.height,
                encoder=self._element.describe(wanted),
            ),
            since_boot=True,
            failed=lambda *_: self._fail(failed),
        )
        self._in = self._pipeline["in"]
        self._encoder = self._pipeline["encoder"]
        self._pipeline.connect("out", "new-sample", self._on_unit)
        self._opened = False
        self._pipeline.play()

    def _fail(self, failed: Callable[[], None]) -> None:
        blame(self._element)
        later(failed)

    def feed(self, buffer: Any, time_ns: int) -> None:
        if self._decimation is None or self._decimation.admits(time_ns):
            self._in.push_buffer(at_time(buffer, time_ns))

    def _on_unit(self, sink: Any) -> Any:
        sample = sink.pull_sample()
        if sample is None or self._stopped:
            return Gst.FlowReturn.EOS
        if not self._opened:
            self._opened = True
            self._hub.open(stream_format(sample.get_caps(), fps=self.settings.fps))
        buffer = sample.get_buffer()
        if self._jpeg_rate is not None:
            quality = self._jpeg_rate.took(buffer.get_size())
            self._encoder.set_property("quality", quality)
        time_ns = self._pipeline.absolute_ns(sample)
        self._hub.publish(
            AccessUnit(
                data=unit_bytes(buffer),
                time_ns=time_ns,
                wall_ns=time.time_ns() - (time.monotonic_ns() - time_ns),
                key=not buffer.has_flags(Gst.BufferFlags.DELTA_UNIT),
            )
        )
        return Gst.FlowReturn.OK

    def ask_key(self) -> None:
        if self.settings.codec == "JPEG":
            return  # each picture is one
        delay_s = self._keys.ask()
        if delay_s is not None:
            if delay_s > 0:
                later(self._force_key, delay_s=delay_s)
            else:
                self._force_key()

    def _force_key(self) -> None:
        self._keys.forced()
        if not self._stopped:
            event = GstVideo.video_event_new_upstream_force_key_unit(
                Gst.CLOCK_TIME_NONE,
                True,  # noqa: FBT003 - a C function; with all headers
                0,
            )
            self._encoder.get_static_pad("src").send_event(event)

    def take_over(self, wanted: EncoderSettings) -> bool:
        """Whether the running encoder could become what is wanted; only the bit rate may differ."""
        if replace(wanted, bitrate_kbps=self.settings.bitrate_kbps) != self.settings:
            return False
        if wanted != self.settings:
            if self._element.set_kbps is None:
                return False
            self._element.set_kbps(self._encoder, wanted.bitrate_kbps)
            if self._jpeg_rate is not None:
                self._jpeg_rate.set_limit(wanted.bitrate_kbps, wanted.fps)
            self.settings = wanted
        return True

    def stop(self) -> None:
        self._stopped = True
        self._pipeline.stop()


def _jpeg_rate(wanted: EncoderSettings) -> JpegRate | None:
    if wanted.codec != "JPEG":
        return None
    return JpegRate(
        bitrate_kbps=wanted.bitrate_kbps,
        fps=wanted.fps,
        best_quality=jpeg_quality(wanted.quality),
    )
