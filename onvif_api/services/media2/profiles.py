"""Media profiles with what is in them: read, created, filled, emptied and deleted."""

from nvrdevice.media import parts
from nvrdevice.media import profiles as media_profiles
from nvrdevice.media.parts import Part
from onvif_api.services.media2 import written
from onvif_api.soap import read
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

ALL = "All"
PARTS = {"VideoSource": Part.VIDEO_SOURCE, "VideoEncoder": Part.VIDEO_ENCODER}
PROFILE = "tr2:ProfileToken"
TOKEN = "tr2:Token"  # noqa: S105 - an element's name


@operation("tr2:GetProfiles", waits=True)
def get_profiles(call: Call) -> Element:
    within = media_profiles.media()
    token = read.token(call.request, TOKEN, "")
    found = (media_profiles.profile(token, within),) if token else within.profiles
    types = {text.strip() for text in read.texts(call.request, "tr2:Type")}
    return el(
        "tr2:GetProfilesResponse",
        (written.profile(one, set(PARTS) if ALL in types else types) for one in found),
    )


@operation("tr2:CreateProfile", waits=True)
def create_profile(call: Call) -> Element:
    made = media_profiles.create_profile(
        read.token(call.request, "tr2:Name"), None, call.actor, _given(call)
    )
    return el("tr2:CreateProfileResponse", el(TOKEN, made.token))


@operation("tr2:DeleteProfile", waits=True)
def delete_profile(call: Call) -> Element:
    media_profiles.delete_profile(read.token(call.request, TOKEN), call.actor)
    return el("tr2:DeleteProfileResponse")


@operation("tr2:AddConfiguration", waits=True)
def add_configuration(call: Call) -> Element:
    media_profiles.add_configurations(
        read.token(call.request, PROFILE),
        _given(call),
        call.actor,
        name=read.token(call.request, "tr2:Name", None),
    )
    return el("tr2:AddConfigurationResponse")


@operation("tr2:RemoveConfiguration", waits=True)
def remove_configuration(call: Call) -> Element:
    """Tokens are ignored, and so is a type that this device never has (Media2 5.2.4)."""
    profile = read.token(call.request, PROFILE)
    read.child(call.request, "tr2:Configuration")
    types = _types(call)
    named = list(PARTS.values()) if ALL in types else [PARTS[one] for one in types if one in PARTS]
    media_profiles.remove_configurations(profile, named, call.actor)
    return el("tr2:RemoveConfigurationResponse")


def _types(call: Call) -> list[str]:
    return [read.token(one, "tr2:Type") for one in read.children(call.request, "tr2:Configuration")]


def _given(call: Call) -> list[tuple[Part, str]]:
    """What is to be added; entries of type All count as none (Media2 5.2.1)."""
    found = []
    for one in read.children(call.request, "tr2:Configuration"):
        type_ = read.token(one, "tr2:Type")
        if type_ == ALL:
            continue
        token = read.token(one, TOKEN)
        if type_ not in PARTS:
            raise parts.no_configuration(type_[:64], token)
        found.append((PARTS[type_], token))
    return found
