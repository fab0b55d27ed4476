"""Pictures, streams and files by hand, with the engine's own elements."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nvrdevice.media.engine.consumers import Queue
from nvrdevice.media.engine.encoder import Encoder
from nvrdevice.media.engine.encoder_elements import EncoderSettings
from nvrdevice.media.engine.gst import Gst
from nvrdevice.media.engine.hub import AccessUnit, Hub
from nvrdevice.media.engine.video_caps import RawFormat

RAW = RawFormat(width=320, height=180, fps=25.0)
SETTINGS = EncoderSettings(
    codec="H264",
    width=320,
    height=180,
    fps=25.0,
    bitrate_kbps=500,
    gop_frames=250,
    h264_profile="Main",
    quality=5,
)
PATIENCE_S = 10.0
STEP_NS = 40_000_000


def grey(level: int, found: RawFormat = RAW) -> Any:
    """An I420 buffer of one grey."""
    pixels = found.width * found.height
    return Gst.Buffer.new_wrapped(bytes([level]) * pixels + b"\x80" * (pixels // 2))


def encoded(
    hub: Hub,
    settings: EncoderSettings = SETTINGS,
    *,
    pictures: int = 3,
    between: Callable[[Encoder, int], None] = lambda _encoder, _number: None,
) -> list[AccessUnit]:
    """The access units of so many pictures; between runs before each."""
    queue = Queue()
    hub.join(queue, with_past=False)
    encoder = Encoder(RAW, settings, hub, failed=lambda: None)
    begin_ns = time.monotonic_ns()
    units: list[AccessUnit] = []
    try:
        for number in range(pictures):
            between(encoder, number)
            encoder.feed(grey(40 + 20 * number), begin_ns + number * STEP_NS)
            unit = queue.take(PATIENCE_S)
            assert unit is not None, "the encoder gave nothing"
            units.append(unit)
    finally:
        encoder.stop()
        hub.leave(queue)
    return units


def written(path: Path, description: str) -> Path:
    """A file made by a pipeline that ends in a filesink named "file"."""
    pipeline = Gst.parse_launch(description)
    pipeline.get_by_name("file").set_property("location", str(path))
    pipeline.set_state(Gst.State.PLAYING)
    kinds = Gst.MessageType.EOS | Gst.MessageType.ERROR
    message = pipeline.get_bus().timed_pop_filtered(int(PATIENCE_S * Gst.SECOND), kinds)
    pipeline.set_state(Gst.State.NULL)
    assert message is not None
    assert message.type == Gst.MessageType.EOS, message.parse_error()
    return path
