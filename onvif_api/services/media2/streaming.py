"""Where a profile's stream and picture are, and a key frame on demand."""

from nvrdevice.media import multicast, transports
from nvrdevice.media import profiles as media_profiles
from nvrdevice.media.transports import Transport
from onvif_api.services.media.streaming import ask_for_key_frame
from onvif_api.soap import read
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

PROFILE = "tr2:ProfileToken"
# tr2:TransportProtocol; those of SRTP have no transport here.
TRANSPORTS = {
    "RtspUnicast": Transport.UDP,
    "RTSP": Transport.TCP,
    "RtspMulticast": Transport.MULTICAST,
    "RtspOverHttp": Transport.HTTP,
}


@operation("tr2:GetStreamUri", waits=True)
def get_stream_uri(call: Call) -> Element:
    profile = media_profiles.profile(read.token(call.request, PROFILE))
    wanted = TRANSPORTS.get(read.token(call.request, "tr2:Protocol"))
    address = transports.stream_uri(profile, wanted, host=call.host, base_url=call.base_url)
    return el("tr2:GetStreamUriResponse", el("tr2:Uri", address))


@operation("tr2:GetSnapshotUri", waits=True)
def get_snapshot_uri(call: Call) -> Element:
    profile = media_profiles.profile(read.token(call.request, PROFILE))
    address = transports.snapshot_uri(profile, base_url=call.base_url)
    return el("tr2:GetSnapshotUriResponse", el("tr2:Uri", address))


@operation("tr2:StartMulticastStreaming", waits=True)
def start_multicast_streaming(call: Call) -> Element:
    multicast.start(read.token(call.request, PROFILE), call.actor)
    return el("tr2:StartMulticastStreamingResponse")


@operation("tr2:StopMulticastStreaming", waits=True)
def stop_multicast_streaming(call: Call) -> Element:
    multicast.stop(read.token(call.request, PROFILE), call.actor)
    return el("tr2:StopMulticastStreamingResponse")


@operation("tr2:SetSynchronizationPoint")
async def set_synchronization_point(call: Call) -> Element:
    await ask_for_key_frame(call, read.token(call.request, PROFILE))
    return el("tr2:SetSynchronizationPointResponse")
