"""Video source configurations, read only: each shows the whole picture of its source."""

from collections.abc import Sequence

from nvrdevice.media import profiles as media_profiles
from nvrdevice.media.resolved import Media, VideoSourceConfiguration
from onvif_api.services.media import written as ver10
from onvif_api.services.media2 import asked
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

WHAT = "video source"


@operation("tr2:GetVideoSourceConfigurations", waits=True)
def get_video_source_configurations(call: Call) -> Element:
    found = asked.configurations(call, WHAT, _fitting(call, media_profiles.media()))
    return el(
        "tr2:GetVideoSourceConfigurationsResponse",
        (ver10.video_source(one, "tr2:Configurations") for one in found),
    )


@operation("tr2:GetVideoSourceConfigurationOptions", waits=True)
def get_video_source_configuration_options(call: Call) -> Element:
    within = media_profiles.media()
    found = asked.for_options(call, WHAT, within.video_sources, _fitting(call, within))
    return el(
        "tr2:GetVideoSourceConfigurationOptionsResponse",
        ver10.video_source_options(found, "tr2:Options"),
    )


def _fitting(call: Call, within: Media) -> Sequence[VideoSourceConfiguration]:
    profile = asked.profile(call, within)
    if profile is None:
        return within.video_sources
    return media_profiles.compatible_sources(profile, within)
