"""Where a profile's stream and picture are, and a key frame on demand."""

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import profiles as media_profiles
from nvrdevice.media import requests, uris
from nvrdevice.media.resolved import Profile
from onvif_api.soap import read
from onvif_api.soap.build import Element, duration, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

PROFILE = "trt:ProfileToken"
SETUP = "trt:StreamSetup"
SERVED = ("UDP", "TCP", "RTSP")  # one address: the client chooses at SETUP


@operation("trt:GetStreamUri", waits=True)
def get_stream_uri(call: Call) -> Element:
    """Multicast and the HTTP tunnel are not built: promising them ends in a dead stream."""
    setup = read.child(call.request, SETUP)
    stream = read.token(setup, "tt:Stream")
    protocol = read.token(setup, "tt:Transport/tt:Protocol")
    tunnels = [(each.text or "").strip() for each in setup.iter("{*}Protocol")]
    if stream != "RTP-Unicast" or protocol not in SERVED or "HTTP" in tunnels:
        raise DeviceError(
            Kind.INVALID,
            f"{stream[:40]} over {protocol[:40]} is not served: "
            "ask for RTP-Unicast over UDP or RTSP.",
            subcode="InvalidArgVal/InvalidStreamSetup",
            field="StreamSetup",
        )
    profile = _complete(call)
    return el("trt:GetStreamUriResponse", _uri(uris.stream_uri(profile.token, call.host)))


@operation("trt:GetSnapshotUri", waits=True)
def get_snapshot_uri(call: Call) -> Element:
    profile = _complete(call)
    return el("trt:GetSnapshotUriResponse", _uri(uris.snapshot_uri(call.base_url, profile.token)))


@operation("trt:SetSynchronizationPoint")
async def set_synchronization_point(call: Call) -> Element:
    token = read.token(call.request, PROFILE)
    profile = await call.in_thread(media_profiles.profile, token)
    if profile.complete:
        await requests.ask_async("key_frame", profile=profile.token)
    return el("trt:SetSynchronizationPointResponse")


def _complete(call: Call) -> Profile:
    profile = media_profiles.profile(read.token(call.request, PROFILE))
    if not profile.complete:
        raise DeviceError(
            Kind.INVALID,
            f"The profile {profile.token!r} has no stream yet: "
            "add a video source and a video encoder configuration.",
            subcode="Action/IncompleteConfiguration",
            field="ProfileToken",
        )
    return profile


def _uri(address: str) -> Element:
    return el(
        "trt:MediaUri",
        el("tt:Uri", address),
        el("tt:InvalidAfterConnect", "false"),
        el("tt:InvalidAfterReboot", "false"),
        el("tt:Timeout", duration(0)),
    )
