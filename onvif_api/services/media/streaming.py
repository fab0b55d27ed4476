"""Where a profile's stream and picture are, and a key frame on demand."""

from nvrdevice.media import multicast, requests, transports
from nvrdevice.media import profiles as media_profiles
from nvrdevice.media.transports import Transport
from onvif_api.soap import read
from onvif_api.soap.build import Element, duration, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

PROFILE = "trt:ProfileToken"
SETUP = "trt:StreamSetup"
# Media 5.15.1: Stream and Transport/Protocol together say the way.
TRANSPORTS = {
    ("RTP-Unicast", "UDP"): Transport.UDP,
    ("RTP-Unicast", "TCP"): Transport.TCP,
    ("RTP-Unicast", "RTSP"): Transport.TCP,
    ("RTP-Unicast", "HTTP"): Transport.HTTP,
    ("RTP-Multicast", "UDP"): Transport.MULTICAST,
}


@operation("trt:GetStreamUri", waits=True)
def get_stream_uri(call: Call) -> Element:
    profile = media_profiles.profile(read.token(call.request, PROFILE))
    address = transports.stream_uri(profile, _asked(call), host=call.host, base_url=call.base_url)
    return el("trt:GetStreamUriResponse", _uri(address))


@operation("trt:GetSnapshotUri", waits=True)
def get_snapshot_uri(call: Call) -> Element:
    profile = media_profiles.profile(read.token(call.request, PROFILE))
    address = transports.snapshot_uri(profile, base_url=call.base_url)
    return el("trt:GetSnapshotUriResponse", _uri(address))


@operation("trt:StartMulticastStreaming", waits=True)
def start_multicast_streaming(call: Call) -> Element:
    multicast.start(read.token(call.request, PROFILE), call.actor)
    return el("trt:StartMulticastStreamingResponse")


@operation("trt:StopMulticastStreaming", waits=True)
def stop_multicast_streaming(call: Call) -> Element:
    multicast.stop(read.token(call.request, PROFILE), call.actor)
    return el("trt:StopMulticastStreamingResponse")


@operation("trt:SetSynchronizationPoint")
async def set_synchronization_point(call: Call) -> Element:
    await ask_for_key_frame(call, read.token(call.request, PROFILE))
    return el("trt:SetSynchronizationPointResponse")


async def ask_for_key_frame(call: Call, token: str) -> None:
    """Of a profile that streams; one that has nothing yet has nothing to synchronize."""
    profile = await call.in_thread(media_profiles.profile, token)
    if profile.complete:
        await requests.ask_async("key_frame", profile=profile.token)


def _asked(call: Call) -> Transport | None:
    setup = read.child(call.request, SETUP)
    stream = read.token(setup, "tt:Stream")
    protocol = read.token(setup, "tt:Transport/tt:Protocol")
    inside = [(each.text or "").strip() for each in setup.iter("{*}Protocol")]
    if "HTTP" in inside:  # as Protocol, or as the Tunnel of another
        protocol = "HTTP"
    return TRANSPORTS.get((stream, protocol))


def _uri(address: str) -> Element:
    return el(
        "trt:MediaUri",
        el("tt:Uri", address),
        el("tt:InvalidAfterConnect", "false"),
        el("tt:InvalidAfterReboot", "false"),
        el("tt:Timeout", duration(0)),
    )
