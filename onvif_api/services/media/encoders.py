"""Video encoder configurations, read only, with the numbers of the running streams."""

from nvrdevice.media import parts
from nvrdevice.media import profiles as media_profiles
from nvrdevice.media.resolved import Media, VideoEncoder
from onvif_api.services.media import written
from onvif_api.soap import read
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

PROFILE = "trt:ProfileToken"
CONFIGURATION = "trt:ConfigurationToken"


@operation("trt:GetVideoEncoderConfigurations", waits=True)
def get_video_encoder_configurations(call: Call) -> Element:
    return el(
        "trt:GetVideoEncoderConfigurationsResponse",
        _list(media_profiles.media().video_encoders),
    )


@operation("trt:GetVideoEncoderConfiguration", waits=True)
def get_video_encoder_configuration(call: Call) -> Element:
    found = _named(read.token(call.request, CONFIGURATION), media_profiles.media())
    return el(
        "trt:GetVideoEncoderConfigurationResponse",
        written.video_encoder(found, "trt:Configuration"),
    )


@operation("trt:GetCompatibleVideoEncoderConfigurations", waits=True)
def get_compatible_video_encoder_configurations(call: Call) -> Element:
    within = media_profiles.media()
    profile = media_profiles.profile(read.token(call.request, PROFILE), within)
    return el(
        "trt:GetCompatibleVideoEncoderConfigurationsResponse",
        _list(media_profiles.compatible_encoders(profile, within)),
    )


@operation("trt:GetVideoEncoderConfigurationOptions", waits=True)
def get_video_encoder_configuration_options(call: Call) -> Element:
    """What is set is what is offered: no encoder can be changed over ONVIF yet."""
    found = _asked(call, media_profiles.media())
    jpeg, h264 = _of(found, "JPEG"), _of(found, "H264")
    qualities = [one.quality for one in found] or [1]
    return el(
        "trt:GetVideoEncoderConfigurationOptionsResponse",
        el(
            "trt:Options",
            written.whole_range("tt:QualityRange", qualities),
            el("tt:JPEG", _pictures(jpeg)) if jpeg else None,
            el("tt:H264", _h264(h264)) if h264 else None,
            # ODM and Scrypted read the bit rate from here.
            el(
                "tt:Extension",
                el("tt:JPEG", _pictures(jpeg), _bitrates(jpeg)) if jpeg else None,
                el("tt:H264", _h264(h264), _bitrates(h264)) if h264 else None,
            )
            if found
            else None,
        ),
    )


@operation("trt:GetGuaranteedNumberOfVideoEncoderInstances", waits=True)
def get_guaranteed_number_of_video_encoder_instances(call: Call) -> Element:
    """Each configuration has an encoder of its own, so all of a source run at once."""
    within = media_profiles.media()
    picture = media_profiles.video_source(read.token(call.request, CONFIGURATION), within)
    running = tuple(
        one
        for one in within.video_encoders
        if one.source == picture.source.token and written.shown(one)
    )
    return el(
        "trt:GetGuaranteedNumberOfVideoEncoderInstancesResponse",
        el("trt:TotalNumber", len(running)),
        el("trt:JPEG", len(_of(running, "JPEG"))),
        el("trt:H264", len(_of(running, "H264"))),
        el("trt:MPEG4", 0),
    )


def _of(found: tuple[VideoEncoder, ...], encoding: str) -> tuple[VideoEncoder, ...]:
    return tuple(one for one in found if one.encoding == encoding)


def _pictures(found: tuple[VideoEncoder, ...]) -> list[Element]:
    return [*_sizes(found), *_rates(found)]


def _h264(found: tuple[VideoEncoder, ...]) -> list[Element]:
    return [
        *_sizes(found),
        written.whole_range("tt:GovLengthRange", [one.gop_frames for one in found]),
        *_rates(found),
        *(
            el("tt:H264ProfilesSupported", name)
            for name in sorted({one.h264_profile for one in found})
        ),
    ]


def _sizes(found: tuple[VideoEncoder, ...]) -> list[Element]:
    sizes = sorted({(one.width, one.height) for one in found}, reverse=True)
    return [written.resolution("tt:ResolutionsAvailable", *size) for size in sizes]


def _rates(found: tuple[VideoEncoder, ...]) -> list[Element]:
    return [
        written.whole_range("tt:FrameRateRange", [written.frame_rate(one) for one in found]),
        written.whole_range("tt:EncodingIntervalRange", [1]),
    ]


def _bitrates(found: tuple[VideoEncoder, ...]) -> Element:
    return written.whole_range("tt:BitrateRange", [one.bitrate_kbps for one in found])


def _asked(call: Call, within: Media) -> tuple[VideoEncoder, ...]:
    """The configuration named, else those that fit the profile named, else all."""
    profile = read.token(call.request, PROFILE, "")
    fitting = within.video_encoders
    if profile:
        fitting = media_profiles.compatible_encoders(
            media_profiles.profile(profile, within), within
        )
    configuration = read.token(call.request, CONFIGURATION, "")
    if configuration:
        return (_named(configuration, within),)
    return tuple(one for one in fitting if written.shown(one))


def _named(token: str, within: Media) -> VideoEncoder:
    found = media_profiles.video_encoder(token, within)
    if not written.shown(found):
        raise parts.no_configuration("video encoder", token)
    return found


def _list(found: tuple[VideoEncoder, ...]) -> list[Element | None]:
    return [written.video_encoder(one, "trt:Configurations") for one in found if written.shown(one)]
