"""One encoder configuration at work: pictures in, access units out into its hub.

A pipeline of its own, so that a change of one profile never disturbs another. Only the bit
rate is changed while it runs; anything else is a new encoder (x264enc takes it at start only).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.media.engine.gst import Gst, GstVideo
from nvrdevice.media.engine.hub import AccessUnit, Hub
from nvrdevice.media.engine.key_requests import KeyRequests
from nvrdevice.media.engine.pacing import Decimation
from nvrdevice.media.engine.pipeline import Pipeline, at_time, later, unit_bytes
from nvrdevice.media.engine.video_caps import RawFormat, stream_format

PROFILES = {"Baseline": "constrained-baseline", "Main": "main", "High": "high"}
ONE_THREAD_PIXELS_S = 1280 * 720 * 30  # one core of a Pi encodes as much
BUFFER_MS = 600  # rate control evens out over this time
WAITING_PICTURES = 6
DESCRIPTION = (
    "appsrc name=in is-live=true format=time block=false max-buffers={waiting} max-bytes=0 "
    'leaky-type=downstream caps="{raw}" ! '
    "videoscale add-borders=false ! video/x-raw,width={width},height={height},"
    "pixel-aspect-ratio=1/1 ! "
    "x264enc name=encoder tune=zerolatency speed-preset=superfast bitrate={kbps} "
    "vbv-buf-capacity={buffer_ms} key-int-max={gop} threads={threads} ! "
    "video/x-h264,profile={profile} ! h264parse config-interval=-1 ! "
    "video/x-h264,stream-format=byte-stream,alignment=au ! "
    "appsink name=out emit-signals=true sync=false max-buffers=60"
)


@dataclass(frozen=True, kw_only=True)
class EncoderSettings:
    """The true numbers of one encoder; no zero in them."""

    width: int
    height: int
    fps: float
    bitrate_kbps: int
    gop_frames: int
    h264_profile: str


class Encoder:
    def __init__(
        self, found: RawFormat, wanted: EncoderSettings, hub: Hub, *, failed: Callable[[], None]
    ) -> None:
        self.source, self.settings = found, wanted
        self._hub = hub
        self._stopped = False
        self._keys = KeyRequests(SYSTEM_CLOCK)
        self._decimation = Decimation(wanted.fps) if wanted.fps < found.fps - 0.01 else None
        raw = replace(found, fps=min(found.fps, wanted.fps))
        self._pipeline = Pipeline(
            DESCRIPTION.format(
                waiting=WAITING_PICTURES,
                raw=raw.caps,
                width=wanted.width,
                height=wanted.height,
                kbps=wanted.bitrate_kbps,
                buffer_ms=BUFFER_MS,
                gop=wanted.gop_frames,
                threads=_threads(wanted),
                profile=PROFILES[wanted.h264_profile],
            ),
            since_boot=True,
            failed=lambda *_: later(failed),
        )
        self._in = self._pipeline["in"]
        self._encoder = self._pipeline["encoder"]
        self._pipeline["out"].connect("new-sample", self._on_unit)
        self._opened = False
        self._pipeline.play()

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
            self._encoder.set_property("bitrate", wanted.bitrate_kbps)
            self.settings = wanted
        return True

    def stop(self) -> None:
        self._stopped = True
        self._pipeline.stop()


def _threads(wanted: EncoderSettings) -> int:
    """One, so that a picture is one slice, which every client can read; x264's choice beyond."""
    return 1 if wanted.width * wanted.height * wanted.fps <= ONE_THREAD_PIXELS_S else 0
