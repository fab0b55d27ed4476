"""Video encoder configurations, read only, with the numbers of the running streams."""

from collections.abc import Sequence

from nvrdevice.media import profiles as media_profiles
from nvrdevice.media.resolved import Media, VideoEncoder
from onvif_api.services.media2 import asked, written
from onvif_api.soap import read
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

WHAT = "video encoder"


@operation("tr2:GetVideoEncoderConfigurations", waits=True)
def get_video_encoder_configurations(call: Call) -> Element:
    found = asked.configurations(call, WHAT, _fitting(call, media_profiles.media()))
    return el(
        "tr2:GetVideoEncoderConfigurationsResponse",
        (written.video_encoder(one, "tr2:Configurations") for one in found),
    )


@operation("tr2:GetVideoEncoderConfigurationOptions", waits=True)
def get_video_encoder_configuration_options(call: Call) -> Element:
    """One set of options for each encoding; no encoder can be changed over ONVIF yet."""
    within = media_profiles.media()
    found = asked.for_options(call, WHAT, within.video_encoders, _fitting(call, within))
    return el(
        "tr2:GetVideoEncoderConfigurationOptionsResponse",
        (
            written.video_encoder_options([one for one in found if one.encoding == encoding])
            for encoding in _encodings(found)
        ),
    )


@operation("tr2:GetVideoEncoderInstances", waits=True)
def get_video_encoder_instances(call: Call) -> Element:
    """Each configuration has an encoder of its own, so all of a source run at once."""
    within = media_profiles.media()
    token = read.token(call.request, asked.CONFIGURATION)
    source = media_profiles.video_source(token, within).source.token
    running = [one for one in within.video_encoders if one.source == source]
    return el(
        "tr2:GetVideoEncoderInstancesResponse",
        el(
            "tr2:Info",
            (
                el(
                    "tr2:Codec",
                    el("tr2:Encoding", encoding),
                    el("tr2:Number", [one.encoding for one in running].count(encoding)),
                )
                for encoding in _encodings(running)
            ),
            el("tr2:Total", len(running)),
        ),
    )


def _encodings(found: Sequence[VideoEncoder]) -> list[str]:
    return sorted({one.encoding for one in found})


def _fitting(call: Call, within: Media) -> Sequence[VideoEncoder]:
    profile = asked.profile(call, within)
    if profile is None:
        return within.video_encoders
    return media_profiles.compatible_encoders(profile, within)
