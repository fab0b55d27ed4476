"""How the media noun's views are written as elements of Media2, children in the schema's order."""

from collections.abc import Collection, Sequence

from nvrdevice.media.resolved import Profile, VideoEncoder
from onvif_api.services.media import written as ver10
from onvif_api.soap.build import Element, el


def profile(one: Profile, types: Collection[str]) -> Element:
    """No type, no Configurations (Media2 5.2.2); an empty profile has an empty one."""
    source, encoder = one.video_source, one.video_encoder
    return el(
        "tr2:Profiles",
        el("tr2:Name", one.name),
        el(
            "tr2:Configurations",
            ver10.video_source(source, "tr2:VideoSource")
            if source and "VideoSource" in types
            else None,
            video_encoder(encoder, "tr2:VideoEncoder")
            if encoder and "VideoEncoder" in types
            else None,
        )
        if types
        else None,
        token=one.token,
        fixed=one.fixed,
    )


def video_encoder(one: VideoEncoder, tag: str) -> Element:
    return el(
        tag,
        {
            "GovLength": one.gop_frames if _has_groups(one) else None,
            "Profile": encoder_profile(one),
        },
        el("tt:Name", one.name),
        el("tt:UseCount", one.use_count),
        el("tt:Encoding", one.encoding),
        ver10.resolution("tt:Resolution", one.width, one.height),
        el(
            "tt:RateControl",
            el("tt:FrameRateLimit", frame_rate(one)),
            el("tt:BitrateLimit", one.bitrate_kbps),
        ),
        ver10.multicast(one.multicast),
        el("tt:Quality", float(one.quality)),
        token=one.token,
    )


def video_encoder_options(found: Sequence[VideoEncoder]) -> Element:
    """What is set is what is offered, of configurations of one encoding."""
    sizes = sorted({(one.width, one.height) for one in found}, reverse=True)
    rates = sorted({one.fps for one in found}, reverse=True)
    grouped = [one.gop_frames for one in found if _has_groups(one)]
    named = sorted({name for one in found if (name := encoder_profile(one))})
    return el(
        "tr2:Options",
        {
            "GovLengthRange": f"{min(grouped)} {max(grouped)}" if grouped else None,
            # Highest first (MEDIA2-2-3-5), and each as the configuration tells it.
            "FrameRatesSupported": " ".join(f"{rate:g}" for rate in rates),
            "ProfilesSupported": " ".join(named) or None,
            "ConstantBitRateSupported": False,
        },
        el("tt:Encoding", found[0].encoding),
        el(
            "tt:QualityRange",
            el("tt:Min", float(min(one.quality for one in found))),
            el("tt:Max", float(max(one.quality for one in found))),
        ),
        (ver10.resolution("tt:ResolutionsAvailable", *size) for size in sizes),
        ver10.whole_range("tt:BitrateRange", [one.bitrate_kbps for one in found]),
    )


def frame_rate(one: VideoEncoder) -> str:
    """A float here, 29.97; whole rates without a point, which some clients read as integers."""
    return f"{one.fps:g}"


def encoder_profile(one: VideoEncoder) -> str | None:
    """Only H.264's is known; naming one for a camera's own H.265 would be a guess."""
    return one.h264_profile if one.encoding == "H264" else None


def _has_groups(one: VideoEncoder) -> bool:
    return one.encoding != "JPEG"
