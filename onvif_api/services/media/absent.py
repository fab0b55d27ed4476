"""Reads of what this device has none of yet: audio, metadata streams, texts in the picture.

Lists are truthfully empty, because Hikvision recorders and ONVIF Device Manager take any fault
among them for a broken camera. Options say what could be set, so for audio they fault: a client
that gets any answer there takes it that there is audio (Feature Discovery, audio encoding).
"""

from collections.abc import Callable

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import parts
from nvrdevice.media import profiles as media_profiles
from onvif_api.services.media import written
from onvif_api.soap import read
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

CONFIGURATION = "trt:ConfigurationToken"

LISTS = (
    "GetAudioSources",
    "GetAudioOutputs",
    "GetAudioSourceConfigurations",
    "GetAudioEncoderConfigurations",
    "GetAudioOutputConfigurations",
    "GetAudioDecoderConfigurations",
    "GetMetadataConfigurations",
)
COMPATIBLE_LISTS = (
    "GetCompatibleAudioSourceConfigurations",
    "GetCompatibleAudioEncoderConfigurations",
    "GetCompatibleAudioOutputConfigurations",
    "GetCompatibleAudioDecoderConfigurations",
    "GetCompatibleMetadataConfigurations",
)
AUDIO_OPTIONS = {
    "GetAudioSourceConfigurationOptions": "AudioNotSupported",
    "GetAudioEncoderConfigurationOptions": "AudioNotSupported",
    "GetAudioOutputConfigurationOptions": "AudioOutputNotSupported",
    "GetAudioDecoderConfigurationOptions": "AudioDecodingNotSupported",
}


def _empty(name: str) -> Callable[[Call], Element]:
    return lambda call: el(f"trt:{name}Response")


def _compatible(name: str) -> Callable[[Call], Element]:
    def answer(call: Call) -> Element:
        media_profiles.profile(read.token(call.request, "trt:ProfileToken"))
        return el(f"trt:{name}Response")

    return answer


def _no_audio(subcode: str) -> Callable[[Call], Element]:
    def refuse(call: Call) -> Element:
        raise DeviceError(
            Kind.UNSUPPORTED, "This device has no audio.", subcode=f"ActionNotSupported/{subcode}"
        )

    return refuse


for _name in LISTS:
    operation(f"trt:{_name}")(_empty(_name))
for _name in COMPATIBLE_LISTS:
    operation(f"trt:{_name}", waits=True)(_compatible(_name))
for _name, _subcode in AUDIO_OPTIONS.items():
    operation(f"trt:{_name}")(_no_audio(_subcode))


@operation("trt:GetMetadataConfiguration")
def get_metadata_configuration(call: Call) -> Element:
    token = read.token(call.request, CONFIGURATION)
    raise parts.no_configuration("metadata", token)


@operation("trt:GetOSDs", waits=True)
def get_osds(call: Call) -> Element:
    token = read.token(call.request, CONFIGURATION, "")
    if token:
        media_profiles.video_source(token, media_profiles.media())
    return el("trt:GetOSDsResponse")


@operation("trt:GetOSD")
def get_osd(call: Call) -> Element:
    token = read.token(call.request, "trt:OSDToken")
    raise DeviceError(
        Kind.MISSING,
        f"There is no OSD {token[:64]!r}: this device has none.",
        subcode="InvalidArgVal/NoConfig",
        field="OSDToken",
    )


@operation("trt:GetOSDOptions", waits=True)
def get_osd_options(call: Call) -> Element:
    media_profiles.video_source(read.token(call.request, CONFIGURATION), media_profiles.media())
    return el("trt:GetOSDOptionsResponse", written.room_for_no_osd("trt:OSDOptions"))
