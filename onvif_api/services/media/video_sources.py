"""Video sources and their configurations, read only: each shows the whole picture."""

from nvrdevice.media import profiles as media_profiles
from nvrdevice.media.resolved import Media, VideoSourceConfiguration
from onvif_api.services.media import written
from onvif_api.soap import read
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

PROFILE = "trt:ProfileToken"
CONFIGURATION = "trt:ConfigurationToken"


@operation("trt:GetVideoSources", waits=True)
def get_video_sources(call: Call) -> Element:
    return el(
        "trt:GetVideoSourcesResponse",
        (written.source(one) for one in media_profiles.media().sources),
    )


@operation("trt:GetVideoSourceConfigurations", waits=True)
def get_video_source_configurations(call: Call) -> Element:
    return el(
        "trt:GetVideoSourceConfigurationsResponse",
        _list(media_profiles.media().video_sources),
    )


@operation("trt:GetVideoSourceConfiguration", waits=True)
def get_video_source_configuration(call: Call) -> Element:
    token = read.token(call.request, CONFIGURATION)
    found = media_profiles.video_source(token, media_profiles.media())
    return el(
        "trt:GetVideoSourceConfigurationResponse",
        written.video_source(found, "trt:Configuration"),
    )


@operation("trt:GetCompatibleVideoSourceConfigurations", waits=True)
def get_compatible_video_source_configurations(call: Call) -> Element:
    within = media_profiles.media()
    profile = media_profiles.profile(read.token(call.request, PROFILE), within)
    return el(
        "trt:GetCompatibleVideoSourceConfigurationsResponse",
        _list(media_profiles.compatible_sources(profile, within)),
    )


@operation("trt:GetVideoSourceConfigurationOptions", waits=True)
def get_video_source_configuration_options(call: Call) -> Element:
    found = _asked(call, media_profiles.media())
    return el(
        "trt:GetVideoSourceConfigurationOptionsResponse",
        written.video_source_options(found, "trt:Options"),
    )


def _asked(call: Call, within: Media) -> tuple[VideoSourceConfiguration, ...]:
    """The configuration named, else those that fit the profile named, else all."""
    profile = read.token(call.request, PROFILE, "")
    fitting = within.video_sources
    if profile:
        fitting = media_profiles.compatible_sources(media_profiles.profile(profile, within), within)
    configuration = read.token(call.request, CONFIGURATION, "")
    if configuration:
        return (media_profiles.video_source(configuration, within),)
    return fitting


def _list(found: tuple[VideoSourceConfiguration, ...]) -> list[Element]:
    return [written.video_source(one, "trt:Configurations") for one in found]
