"""The Media2 service (ver20): profiles and configurations with H.265, and where they stream.

What is not registered here (setting configurations, OSD creation, masks, video source modes,
clips) is answered with ter:ActionNotSupported, and neither capabilities nor options offer it.
"""

from nvrdevice.media.settings import MAX_PROFILES
from nvrdevice.media.transports import SERVED, Transport
from onvif_api.services.media2 import absent, encoders, profiles, streaming, video_sources
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import Service, operation, register

__all__ = ["absent", "encoders", "profiles", "streaming", "video_sources"]


def capabilities(call: Call) -> Element:
    """ConfigurationsSupported is what the official tool chooses its procedures by."""
    return el(
        "tr2:Capabilities",
        el(
            "tr2:ProfileCapabilities",
            MaximumNumberOfProfiles=MAX_PROFILES,
            ConfigurationsSupported=" ".join(profiles.PARTS),
        ),
        el(
            "tr2:StreamingCapabilities",
            RTSPStreaming=True,
            RTPMulticast=Transport.MULTICAST in SERVED,
            RTP_RTSP_TCP=Transport.TCP in SERVED,
            NonAggregateControl=False,
            AutoStartMulticast=Transport.MULTICAST in SERVED,
            SecureRTSPStreaming=False,
        ),
        SnapshotUri=True,
        Rotation=False,
        VideoSourceMode=False,
        OSD=False,
        TemporaryOSDText=False,
        Mask=False,
        SourceMask=False,
    )


@operation("tr2:GetServiceCapabilities")
def get_service_capabilities(call: Call) -> Element:
    return el("tr2:GetServiceCapabilitiesResponse", capabilities(call))


VERSION = (24, 12)  # of the Media2 specification this follows

register(Service("tr2", "/onvif/media2_service", VERSION, capabilities))
