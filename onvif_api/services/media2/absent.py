"""Reads of what this device has none of yet: audio, metadata, analytics, texts in the picture.

Lists are truthfully empty, since recorders take any fault among them for a broken camera.
Options say what could be set, and any answer there is taken for the feature itself: those are
not registered and answer ter:ActionNotSupported.
"""

from collections.abc import Callable

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import parts
from nvrdevice.media import profiles as media_profiles
from onvif_api.services.media import written as ver10
from onvif_api.services.media2 import asked
from onvif_api.soap import read
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

LISTS = {
    "GetAudioSourceConfigurations": "audio source",
    "GetAudioEncoderConfigurations": "audio encoder",
    "GetAudioOutputConfigurations": "audio output",
    "GetAudioDecoderConfigurations": "audio decoder",
    "GetMetadataConfigurations": "metadata",
    "GetAnalyticsConfigurations": "analytics",
}


def _empty(name: str, what: str) -> Callable[[Call], Element]:
    def answer(call: Call) -> Element:
        asked.profile(call, media_profiles.media())
        token = read.token(call.request, asked.CONFIGURATION, "")
        if token:
            raise parts.no_configuration(what, token)
        return el(f"tr2:{name}Response")

    return answer


for _name, _what in LISTS.items():
    operation(f"tr2:{_name}", waits=True)(_empty(_name, _what))


@operation("tr2:GetOSDs", waits=True)
def get_osds(call: Call) -> Element:
    token = read.token(call.request, "tr2:OSDToken", "")
    if token:
        raise DeviceError(
            Kind.MISSING,
            f"There is no OSD {token[:64]!r}: this device has none.",
            subcode="InvalidArgVal/NoConfig",
            field="OSDToken",
        )
    configuration = read.token(call.request, asked.CONFIGURATION, "")
    if configuration:
        media_profiles.video_source(configuration, media_profiles.media())
    return el("tr2:GetOSDsResponse")


@operation("tr2:GetOSDOptions", waits=True)
def get_osd_options(call: Call) -> Element:
    token = read.token(call.request, asked.CONFIGURATION)
    media_profiles.video_source(token, media_profiles.media())
    return el("tr2:GetOSDOptionsResponse", ver10.room_for_no_osd("tr2:OSDOptions"))
