"""One source with all its streams: capture, decoder, encoders, grey picture, snapshots.

Everything is built and taken down on the main loop by settle(), which compares what is wanted
with what runs; captures only tell what they found. A main stream runs all the time, what else
there is only while somebody wants it and a little longer.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.media.engine import measured
from nvrdevice.media.engine.decoder import Decoder
from nvrdevice.media.engine.encoder import Encoder
from nvrdevice.media.engine.encoder_elements import EncoderSettings
from nvrdevice.media.engine.grey_feed import GreyFeed
from nvrdevice.media.engine.hub import AccessUnit, Hub, StreamFormat
from nvrdevice.media.engine.lens import Crop
from nvrdevice.media.engine.lost import Lost
from nvrdevice.media.engine.outlet import Capture
from nvrdevice.media.engine.picture_fan import PictureFan
from nvrdevice.media.engine.pipeline import later
from nvrdevice.media.engine.runner import Runner
from nvrdevice.media.engine.second_stream import SecondStream
from nvrdevice.media.engine.snapshots import Snapshots, unavailable
from nvrdevice.media.engine.video_caps import RawFormat
from nvrdevice.media.facts import Facts
from nvrdevice.media.facts import second as second_name
from nvrdevice.media.grey import GreyPicture
from nvrdevice.media.resolved import VideoEncoder
from nvrdevice.media.settings import Source

log = logging.getLogger(__name__)

LINGER_S = 10.0  # what was wanted is kept so long: NVRs leave and come back at once
REPAIR_S = 1.0


@dataclass
class Stream:
    """One encoder configuration: its hub stays for good, its encoder comes and goes."""

    hub: Hub
    wanted: VideoEncoder
    encoder: Encoder | None = None
    wanted_until_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a channel needs of the rest of the engine."""

    facts_changed: Callable[[str, Facts], None]
    cut: Callable[[str], None]  # those who play this encoder configuration must ask anew
    grey_wanted: Callable[[str], bool]
    publish_grey: Callable[[GreyPicture], None]
    aim: Callable[[str, int], Crop | None]  # what of a source's picture is shown at a time


class Channel:
    def __init__(
        self,
        source: Source,
        known: Facts,
        capture: Callable[[], Capture],
        around: Surroundings,
        *,
        second: tuple[Facts, Callable[[], Capture]] | None = None,
    ) -> None:
        """second: what is known of the stream of its second address, and its capture."""
        self.source = source
        self.facts = replace(known, online=False, reason="it is being opened")
        aim = around.aim
        self.fan = PictureFan(
            opened=lambda: later(self.settle), aim=lambda time_ns: aim(source.token, time_ns)
        )
        self._facts_lock = threading.Lock()
        self._around = around
        self._streams: dict[str, Stream] = {}
        self._passed: StreamFormat | None = None
        self._decoder: Decoder | None = None
        self._grey: GreyFeed | None = None
        self._snapshots = Snapshots(self.fan)
        self._snapshot_until_s = 0.0
        self._stopped = False
        self._runner = Runner(source.token, capture, self, self._lost, SYSTEM_CLOCK)
        self._second: SecondStream | None = None
        if second is not None:
            self._second = self._make_second(*second)

    def _make_second(self, known: Facts, capture: Callable[[], Capture]) -> SecondStream:
        name = second_name(self.source.token)
        return SecondStream(
            name,
            known,
            capture,
            hubs=lambda: [one.hub for one in self._streams.values() if self._is_second(one)],
            facts_changed=lambda found: self._around.facts_changed(name, found),
            changed=lambda: later(self.settle),
        )

    def start(self, *, after: "Channel | None" = None) -> None:
        """after: the closed channel this one takes the place of."""
        self._runner.start(after=after._runner if after is not None else None)
        if self._second is not None:
            before = after._second if after is not None else None
            self._second.runner.start(after=before.runner if before is not None else None)

    # What the capture tells, in its own thread.

    def open_encoded(self, found: StreamFormat) -> None:
        self._passed = found
        for stream in self._main_streams():
            stream.hub.open(found)
        self._found(lambda now: measured.of_stream(now, found))
        later(self.settle)

    def open_raw(self, found: RawFormat, *, codec: str) -> None:
        self._passed = None
        self.fan.open(found)
        self._found(lambda now: measured.of_pictures(now, found, codec=codec))

    def unit(self, unit: AccessUnit) -> None:
        for stream in self._main_streams():
            stream.hub.publish(unit)

    def picture(self, buffer: Any, time_ns: int) -> None:
        self.fan.publish(buffer, time_ns)

    def _lost(self, lost: Lost) -> None:
        self._passed = None
        self.fan.close()
        for stream in self._streams.values():
            if not self._is_second(stream):
                stream.hub.restart()
        self._found(lambda now: replace(now, online=False, reason=lost.sentence[:200]))
        later(self.settle)

    def _found(self, change: Callable[[Facts], Facts]) -> None:
        with self._facts_lock:
            facts = change(self.facts)
            if facts == self.facts:
                return
            self.facts = facts
            self._around.facts_changed(self.source.token, facts)

    # What others ask, from any thread.

    def hub(self, encoder: str) -> Hub | None:
        stream = self._streams.get(encoder)
        return stream.hub if stream is not None else None

    def plays(self, encoder: str) -> bool:
        """Whether what this configuration is made from is there."""
        stream = self._streams.get(encoder)
        if stream is not None and self._is_second(stream):
            return self._second is not None and self._second.facts.online
        return stream is not None and self.facts.online

    def keys_on_request(self, encoder: str) -> bool:
        """Whether a key frame can be had at will; a camera's own stream brings its own."""
        stream = self._streams.get(encoder)
        return stream is not None and not stream.wanted.pass_through

    def ask_key(self, encoder: str) -> None:
        stream = self._streams.get(encoder)
        if stream is not None and stream.encoder is not None:
            stream.encoder.ask_key()

    def snapshot(self, width: int, height: int) -> bytes:
        if not self.facts.online:
            raise unavailable(f"gives no picture ({self.facts.reason})")
        return self._snapshots.take(width, height, fps=self.facts.fps, wake=self._wake)

    def _wake(self) -> None:
        self._snapshot_until_s = time.monotonic() + LINGER_S
        if self._passed is not None and self._decoder is None:
            later(self.settle)

    # The main loop from here on.

    def apply(self, wanted: Iterable[VideoEncoder]) -> None:
        """These encoder configurations this source has now."""
        now = {one.token: one for one in wanted}
        streams: dict[str, Stream] = {}
        for token, one in now.items():
            stream = self._streams.get(token) or Stream(self._make_hub(token), one)
            stream.wanted = one
            streams[token] = stream
        gone = [stream for token, stream in self._streams.items() if token not in now]
        self._streams = streams  # replaced whole: captures walk over it in their threads
        for stream in gone:
            self._stop_encoder(stream)
        if self._passed is not None:
            for stream in self._main_streams():
                if stream.hub.format is None:
                    stream.hub.open(self._passed)
        if self._second is not None:
            self._second.open_hubs()
        self.settle()

    def settle(self) -> None:
        if self._stopped:
            return
        now_s = time.monotonic()
        grey = self.facts.online and self._around.grey_wanted(self.source.token)
        for stream in self._streams.values():
            if stream.hub.wanted:
                stream.wanted_until_s = now_s + LINGER_S
        self._settle_decoder(
            wanted=self._passed is not None
            and (
                grey
                or now_s < self._snapshot_until_s
                or any(self._is_wanted(one, now_s) for one in self._streams.values())
            )
        )
        for stream in self._streams.values():
            self._settle_encoder(stream, now_s)
        self._settle_grey(wanted=grey)

    def _is_wanted(self, stream: Stream, now_s: float) -> bool:
        if stream.wanted.pass_through:
            return False  # the capture feeds it
        # The source's own picture is kept running where it is encoded here; the rest on demand.
        kept = stream.wanted.role == "main" and self._passed is None
        return kept or now_s < stream.wanted_until_s

    def _settle_decoder(self, *, wanted: bool) -> None:
        hub, found = self._to_decode() if wanted else (None, None)
        if self._decoder is not None and self._decoder.hub is not hub:
            decoder, self._decoder = self._decoder, None
            decoder.stop()
        if self._decoder is None and hub is not None and found is not None:
            self._decoder = Decoder(hub, found, self.fan, failed=self._repair)

    def _to_decode(self) -> tuple[Hub | None, StreamFormat | None]:
        """The small stream where there is one: it costs less."""
        if self._second is not None and self._second.passed is not None:
            small = next((one for one in self._streams.values() if self._is_second(one)), None)
            if small is not None:
                return small.hub, self._second.passed
        main = next(self._main_streams(), None)
        return (main.hub if main is not None else None), self._passed

    def _settle_encoder(self, stream: Stream, now_s: float) -> None:
        found = self.fan.format
        if found is None or not self._is_wanted(stream, now_s):
            self._stop_encoder(stream)
            return
        one = stream.wanted
        settings = EncoderSettings(
            codec=one.encoding,
            width=one.width,
            height=one.height,
            fps=one.fps,
            bitrate_kbps=one.bitrate_kbps,
            gop_frames=one.gop_frames,
            h264_profile=one.h264_profile,
            quality=one.quality,
        )
        if stream.encoder is not None:
            if stream.encoder.source == found and stream.encoder.take_over(settings):
                return
            self._stop_encoder(stream)
        stream.encoder = Encoder(found, settings, stream.hub, failed=self._repair)
        self.fan.add(stream.encoder.feed)

    def _settle_grey(self, *, wanted: bool) -> None:
        found = self.fan.format
        if self._grey is not None and (not wanted or self._grey.format != found):
            self.fan.remove(self._grey.feed)
            self._grey.stop()
            self._grey = None
        if wanted and found is not None and self._grey is None:
            self._grey = GreyFeed(
                self.source.token, found, self._around.publish_grey, failed=self._repair
            )
            self.fan.add(self._grey.feed, whole=True)  # moving a crop is no motion

    def _repair(self) -> None:
        """Something built here failed: take all of it down and build it anew shortly."""
        log.error("source %s: a pipeline failed, building it anew", self.source.token)
        self._take_down()
        later(self.settle, delay_s=REPAIR_S)

    def _stop_encoder(self, stream: Stream) -> None:
        encoder, stream.encoder = stream.encoder, None
        if encoder is not None:
            self.fan.remove(encoder.feed)
            encoder.stop()
            stream.hub.restart()

    def _take_down(self) -> None:
        self._settle_grey(wanted=False)
        for stream in self._streams.values():
            self._stop_encoder(stream)
        self._settle_decoder(wanted=False)

    def measure(self) -> None:
        """Correct what is announced where the running stream is clearly different."""
        main = next(self._main_streams(), None)
        meter = main.hub.meter if self._passed is not None and main is not None else self.fan.meter
        self._found(lambda now: measured.corrected(now, meter) if now.online else now)
        if self._second is not None:
            self._second.measure()

    def status(self) -> dict[str, Any]:
        return {
            "uri": self.source.uri,
            "online": self.facts.online,
            "reason": self.facts.reason,
            "pass_through": self._passed is not None,
            "decoding": self._decoder is not None,
            "grey": self._grey is not None,
            "second": self._second.facts.reason or "online" if self._second else "",
            "streams": {
                token: {
                    "running": stream.encoder is not None or stream.wanted.pass_through,
                    "width": stream.hub.format.width if stream.hub.format else 0,
                    "height": stream.hub.format.height if stream.hub.format else 0,
                    "fps": round(stream.hub.meter.fps(), 2),
                    "kbps": round(stream.hub.meter.kbps()),
                    "frames": stream.hub.meter.total,
                }
                for token, stream in self._streams.items()
            },
        }

    def _main_streams(self) -> Any:
        return (one for one in self._streams.values() if one.wanted.role == "main")

    def _is_second(self, stream: Stream) -> bool:
        return stream.wanted.role == "sub" and stream.wanted.pass_through

    def _make_hub(self, token: str) -> Hub:
        return Hub(
            wanted_changed=lambda: later(self.settle),
            key_wanted=lambda: self.ask_key(token),
            picture_changed=lambda: later(lambda: self._around.cut(token)),
        )

    def encoders(self) -> tuple[str, ...]:
        return tuple(self._streams)

    def close(self) -> None:
        """Without waiting for the capture, which may take seconds to let go of its camera."""
        self._stopped = True
        for runner in self._runners():
            runner.ask_stop()
        self._take_down()

    @property
    def closed(self) -> bool:
        return all(runner.stopped for runner in self._runners())

    def wait_closed(self, timeout_s: float) -> None:
        for runner in self._runners():
            runner.wait_stopped(timeout_s)

    def _runners(self) -> list[Runner]:
        return [self._runner, *([self._second.runner] if self._second is not None else [])]
