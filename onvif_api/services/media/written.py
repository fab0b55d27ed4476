"""How the media noun's views are written as elements of the ver10 schema, children in its order."""

from collections.abc import Sequence

from nvrdevice.media.resolved import (
    Multicast,
    Profile,
    VideoEncoder,
    VideoSource,
    VideoSourceConfiguration,
)
from onvif_api.soap.build import Element, duration, el

# What the schema of ver10 can name; H.265 is for Media2.
ENCODINGS = ("H264", "JPEG")
RTSP_TIMEOUT_S = 60


def profile(tag: str, one: Profile) -> Element:
    return el(
        tag,
        el("tt:Name", one.name),
        video_source(one.video_source) if one.video_source else None,
        video_encoder(one.video_encoder) if shown(one.video_encoder) else None,
        token=one.token,
        fixed=one.fixed,
    )


def source(one: VideoSource) -> Element:
    return el(
        "trt:VideoSources",
        el("tt:Framerate", one.fps),
        resolution("tt:Resolution", one.width, one.height),
        token=one.token,
    )


def video_source(
    one: VideoSourceConfiguration, tag: str = "tt:VideoSourceConfiguration"
) -> Element:
    return el(
        tag,
        el("tt:Name", one.name),
        el("tt:UseCount", one.use_count),
        el("tt:SourceToken", one.source.token),
        el("tt:Bounds", x=0, y=0, width=one.source.width, height=one.source.height),
        token=one.token,
    )


def video_encoder(
    one: VideoEncoder | None, tag: str = "tt:VideoEncoderConfiguration"
) -> Element | None:
    """RateControl is always there: UniFi Protect takes no profile without it."""
    if one is None:
        return None
    return el(
        tag,
        el("tt:Name", one.name),
        el("tt:UseCount", one.use_count),
        el("tt:Encoding", one.encoding),
        resolution("tt:Resolution", one.width, one.height),
        el("tt:Quality", float(one.quality)),
        el(
            "tt:RateControl",
            el("tt:FrameRateLimit", frame_rate(one)),
            el("tt:EncodingInterval", 1),
            el("tt:BitrateLimit", one.bitrate_kbps),
        ),
        el(
            "tt:H264",
            el("tt:GovLength", one.gop_frames),
            el("tt:H264Profile", one.h264_profile),
        )
        if one.encoding == "H264"
        else None,
        multicast(one.multicast),
        el("tt:SessionTimeout", duration(RTSP_TIMEOUT_S)),
        token=one.token,
    )


def multicast(one: Multicast) -> Element:
    """AutoStart is whether it streams without RTSP: StartMulticastStreaming sets it."""
    return el(
        "tt:Multicast",
        el("tt:Address", el("tt:Type", "IPv4"), el("tt:IPv4Address", one.address)),
        el("tt:Port", one.port),
        el("tt:TTL", one.ttl),
        el("tt:AutoStart", one.streaming),
    )


def video_source_options(found: Sequence[VideoSourceConfiguration], tag: str) -> Element:
    """What is set is what is offered: the picture cannot be cut yet."""
    return el(
        tag,
        el(
            "tt:BoundsRange",
            whole_range("tt:XRange", [0]),
            whole_range("tt:YRange", [0]),
            whole_range("tt:WidthRange", [one.source.width for one in found]),
            whole_range("tt:HeightRange", [one.source.height for one in found]),
        ),
        (el("tt:VideoSourceTokensAvailable", one.source.token) for one in found),
    )


def room_for_no_osd(tag: str) -> Element:
    """The schema wants a type and a position even then."""
    return el(
        tag,
        el("tt:MaximumNumberOfOSDs", Total=0, Image=0, PlainText=0, Date=0, Time=0),
        el("tt:Type", "Text"),
        el("tt:PositionOption", "UpperLeft"),
    )


def shown(one: VideoEncoder | None) -> bool:
    """A camera's own H.265 stream is played, but ver10 has no word for it."""
    return one is not None and one.encoding in ENCODINGS


def frame_rate(one: VideoEncoder) -> int:
    """FrameRateLimit is a whole number: 29.97 is told as 30."""
    return max(1, round(one.fps))


def resolution(tag: str, width: int, height: int) -> Element:
    return el(tag, el("tt:Width", width), el("tt:Height", height))


def whole_range(tag: str, values: list[int]) -> Element:
    return el(tag, el("tt:Min", min(values)), el("tt:Max", max(values)))
