"""Which element encodes a stream, and how it is told what is wanted.

The rest of the engine knows no encoder by name: it asks here for the words of a pipeline and
for the rate to be changed while it runs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

H264_PROFILES = {"Baseline": "constrained-baseline", "Main": "main", "High": "high"}
ONE_THREAD_PIXELS_S = 1280 * 720 * 30  # one core of a Pi encodes as much
BUFFER_MS = 600  # rate control evens out over this time


@dataclass(frozen=True, kw_only=True)
class EncoderSettings:
    """The true numbers of one encoder; no zero in them."""

    codec: str  # "H264" or "JPEG"
    width: int
    height: int
    fps: float
    bitrate_kbps: int
    gop_frames: int
    h264_profile: str
    quality: int  # 1 to 10


@dataclass(frozen=True, kw_only=True)
class EncoderElement:
    """describe gives the elements between pictures of the right size and access units, the
    encoder among them named "encoder"."""

    name: str
    describe: Callable[[EncoderSettings], str]
    set_kbps: Callable[[Any, int], None] | None = None  # none: only a new encoder can
    hardware: bool = False


def _x264(wanted: EncoderSettings) -> str:
    # One thread, so that a picture is one slice, which every client can read; more beyond that.
    threads = 1 if wanted.width * wanted.height * wanted.fps <= ONE_THREAD_PIXELS_S else 0
    return (
        f"x264enc name=encoder tune=zerolatency speed-preset=superfast "
        f"bitrate={wanted.bitrate_kbps} vbv-buf-capacity={BUFFER_MS} "
        f"key-int-max={wanted.gop_frames} threads={threads} ! {_h264(wanted)}"
    )


def _h264(wanted: EncoderSettings, more: str = "") -> str:
    return (
        f"video/x-h264,profile={H264_PROFILES[wanted.h264_profile]}{more} ! "
        "h264parse config-interval=-1 ! video/x-h264,stream-format=byte-stream,alignment=au"
    )


def _jpeg(wanted: EncoderSettings) -> str:
    return f"jpegenc name=encoder quality={jpeg_quality(wanted.quality)}"


def jpeg_quality(quality: int) -> int:
    """ONVIF's 1 to 10 as jpegenc counts: 45 to 90."""
    return 40 + 5 * quality


def _openh264(wanted: EncoderSettings) -> str:
    return (
        f"openh264enc name=encoder usage-type=camera complexity=low rate-control=bitrate "
        f"bitrate={wanted.bitrate_kbps * 1000} gop-size={wanted.gop_frames} ! {_h264(wanted)}"
    )


def _v4l2(wanted: EncoderSettings) -> str:
    # The Pi's encoder refuses caps without a level.
    controls = (
        f"controls,video_bitrate={wanted.bitrate_kbps * 1000},"
        f"h264_i_frame_period={wanted.gop_frames},repeat_sequence_header=1"
    )
    return (
        f'v4l2h264enc name=encoder extra-controls="{controls}" ! '
        f"{_h264(wanted, ',level=(string)4')}"
    )


def _va(element: str) -> Callable[[EncoderSettings], str]:
    def describe(wanted: EncoderSettings) -> str:
        return (
            f"videoconvert ! video/x-raw,format=NV12 ! {element} name=encoder rate-control=cbr "
            f"bitrate={wanted.bitrate_kbps} key-int-max={wanted.gop_frames} b-frames=0 ! "
            f"{_h264(wanted)}"
        )

    return describe


X264 = EncoderElement(
    name="x264enc",
    describe=_x264,
    set_kbps=lambda encoder, kbps: encoder.set_property("bitrate", kbps),
)
OPENH264 = EncoderElement(
    name="openh264enc",
    describe=_openh264,
    set_kbps=lambda encoder, kbps: encoder.set_property("bitrate", kbps * 1000),
)
V4L2 = EncoderElement(name="v4l2h264enc", describe=_v4l2, hardware=True)
VA = EncoderElement(
    name="vah264enc",
    describe=_va("vah264enc"),
    set_kbps=lambda encoder, kbps: encoder.set_property("bitrate", kbps),
    hardware=True,
)
VA_LOW_POWER = EncoderElement(
    name="vah264lpenc",
    describe=_va("vah264lpenc"),
    set_kbps=lambda encoder, kbps: encoder.set_property("bitrate", kbps),
    hardware=True,
)
# Its rate is kept picture by picture: nvrdevice.media.engine.jpeg_rate.
JPEG = EncoderElement(name="jpegenc", describe=_jpeg, set_kbps=lambda *_: None)
