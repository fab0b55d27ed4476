"""Media profiles: reading, creating and deleting them, and putting configurations into them.

Synology creates a profile at every set-up and deletes it again; Genetec streams from its own.
"""

from nvrdevice.media import profiles as media_profiles
from onvif_api.services.media import written
from onvif_api.soap import read
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

PROFILE = "trt:ProfileToken"
CONFIGURATION = "trt:ConfigurationToken"


@operation("trt:GetProfiles", waits=True)
def get_profiles(call: Call) -> Element:
    return el(
        "trt:GetProfilesResponse",
        (written.profile("trt:Profiles", one) for one in media_profiles.profiles()),
    )


@operation("trt:GetProfile", waits=True)
def get_profile(call: Call) -> Element:
    found = media_profiles.profile(read.token(call.request, PROFILE))
    return el("trt:GetProfileResponse", written.profile("trt:Profile", found))


@operation("trt:CreateProfile", waits=True)
def create_profile(call: Call) -> Element:
    made = media_profiles.create_profile(
        read.token(call.request, "trt:Name"),
        read.token(call.request, "trt:Token", "") or None,
        call.actor,
    )
    return el("trt:CreateProfileResponse", written.profile("trt:Profile", made))


@operation("trt:DeleteProfile", waits=True)
def delete_profile(call: Call) -> Element:
    media_profiles.delete_profile(read.token(call.request, PROFILE), call.actor)
    return el("trt:DeleteProfileResponse")


@operation("trt:AddVideoSourceConfiguration", waits=True)
def add_video_source_configuration(call: Call) -> Element:
    media_profiles.add_video_source(
        read.token(call.request, PROFILE), read.token(call.request, CONFIGURATION), call.actor
    )
    return el("trt:AddVideoSourceConfigurationResponse")


@operation("trt:AddVideoEncoderConfiguration", waits=True)
def add_video_encoder_configuration(call: Call) -> Element:
    media_profiles.add_video_encoder(
        read.token(call.request, PROFILE), read.token(call.request, CONFIGURATION), call.actor
    )
    return el("trt:AddVideoEncoderConfigurationResponse")


@operation("trt:RemoveVideoSourceConfiguration", waits=True)
def remove_video_source_configuration(call: Call) -> Element:
    media_profiles.remove_video_source(read.token(call.request, PROFILE), call.actor)
    return el("trt:RemoveVideoSourceConfigurationResponse")


@operation("trt:RemoveVideoEncoderConfiguration", waits=True)
def remove_video_encoder_configuration(call: Call) -> Element:
    media_profiles.remove_video_encoder(read.token(call.request, PROFILE), call.actor)
    return el("trt:RemoveVideoEncoderConfigurationResponse")
