"""The Media service (ver10): profiles, configurations and where the streams are.

What is not registered here (setting encoders, audio, OSD creation) is answered with
ter:ActionNotSupported, and neither capabilities nor options offer it.
"""

from nvrdevice.media.settings import MAX_PROFILES
from nvrdevice.media.transports import SERVED, Transport
from onvif_api.services.media import (
    absent,
    encoders,
    profiles,
    streaming,
    video_sources,
)
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import Service, operation, register

__all__ = ["absent", "encoders", "profiles", "streaming", "video_sources"]


def capabilities(call: Call) -> Element:
    """RTP_TCP and RTP_RTSP_TCP: without both, Hikvision recorders give up at SETUP."""
    return el(
        "trt:Capabilities",
        el("trt:ProfileCapabilities", MaximumNumberOfProfiles=MAX_PROFILES),
        el(
            "trt:StreamingCapabilities",
            RTPMulticast=Transport.MULTICAST in SERVED,
            RTP_TCP=True,
            RTP_RTSP_TCP=Transport.TCP in SERVED,
            NonAggregateControl=False,
            NoRTSPStreaming=False,
        ),
        SnapshotUri=True,
        Rotation=False,
        VideoSourceMode=False,
        OSD=False,
        TemporaryOSDText=False,
        EXICompression=False,
    )


@operation("trt:GetServiceCapabilities")
def get_service_capabilities(call: Call) -> Element:
    return el("trt:GetServiceCapabilitiesResponse", capabilities(call))


VERSION = (24, 12)  # of the Media specification this follows

register(Service("trt", "/onvif/media_service", VERSION, capabilities))
