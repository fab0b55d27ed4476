"""From what the engine sees to the facts the device announces. Pure."""

from dataclasses import replace

from nvrdevice.media.engine.hub import StreamFormat
from nvrdevice.media.engine.meter import Meter
from nvrdevice.media.engine.video_caps import RawFormat
from nvrdevice.media.facts import Facts

PROFILES = {
    "constrained-baseline": "Baseline",
    "baseline": "Baseline",
    "main": "Main",
    "high": "High",
    "constrained-high": "High",
    "progressive-high": "High",
}
LEAST_SPAN_S = 4.0
FPS_TOLERANCE = 0.1
STREAM_TOLERANCE = 0.5  # a scene's bit rate varies; what is announced is its order of size


def of_stream(before: Facts, found: StreamFormat) -> Facts:
    """A source whose own stream is passed through. Rates measured before stay until corrected."""
    return replace(
        before,
        width=found.width,
        height=found.height,
        fps=round(found.fps, 3),
        codec=found.codec,
        pass_through=True,
        h264_profile=PROFILES.get(found.profile, "") if found.codec == "H264" else "",
        online=True,
        reason="",
    )


def of_pictures(before: Facts, found: RawFormat, *, codec: str) -> Facts:
    """A source that is encoded here."""
    return replace(
        before,
        width=found.width,
        height=found.height,
        fps=round(found.fps, 3),
        codec=codec,
        pass_through=False,
        bitrate_kbps=0,
        gop_frames=0,
        h264_profile="",
        online=True,
        reason="",
    )


def corrected(before: Facts, meter: Meter) -> Facts:
    """The facts where the meter clearly says otherwise; small differences change nothing."""
    if meter.span_s() < LEAST_SPAN_S:
        return before
    after = before
    if meter.fps() >= 1 and _differs(meter.fps(), before.fps, FPS_TOLERANCE):
        after = replace(after, fps=float(round(meter.fps())))
    if not before.pass_through:
        return after
    if _differs(round(meter.kbps()), before.bitrate_kbps, STREAM_TOLERANCE):
        after = replace(after, bitrate_kbps=round(meter.kbps()))
    if meter.gop_frames and _differs(meter.gop_frames, before.gop_frames, STREAM_TOLERANCE):
        after = replace(after, gop_frames=meter.gop_frames)
    return after


def _differs(found: float, announced: float, tolerance: float) -> bool:
    return abs(found - announced) > tolerance * announced
