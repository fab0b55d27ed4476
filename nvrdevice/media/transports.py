"""Which ways a stream travels, and which of them this device serves: decided here alone.

Media and Media2 name the same ways by different words; both ask here for the address, so that
neither can promise what the other refuses. A way enters SERVED with the code that serves it.
"""

import enum

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import uris
from nvrdevice.media.resolved import Profile


class Transport(enum.Enum):
    """The values are for people."""

    UDP = "RTP over UDP"
    TCP = "RTP inside the RTSP connection"
    MULTICAST = "RTP over UDP multicast"
    HTTP = "RTSP and RTP through HTTP"


# UDP, TCP and multicast have one address: the client chooses at SETUP.
SERVED = frozenset({Transport.UDP, Transport.TCP, Transport.MULTICAST, Transport.HTTP})


def stream_uri(profile: Profile, wanted: Transport | None, *, host: str, base_url: str) -> str:
    """Where this profile streams in this way; None is a way without a name here.

    host and base_url are what the client used to reach this device.
    """
    if wanted not in SERVED:
        asked = "that way" if wanted is None else wanted.value
        raise DeviceError(
            Kind.INVALID,
            f"Streaming by {asked} is not served: ask for {_words()}.",
            subcode="InvalidArgVal/InvalidStreamSetup",
            field="Protocol",
        )
    check_complete(profile)
    if wanted is Transport.HTTP:
        return uris.tunnel_uri(profile.token, base_url)
    return uris.stream_uri(profile.token, host)


def snapshot_uri(profile: Profile, *, base_url: str) -> str:
    check_complete(profile)
    return uris.snapshot_uri(base_url, profile.token)


def check_complete(profile: Profile) -> None:
    if not profile.complete:
        raise DeviceError(
            Kind.INVALID,
            f"The profile {profile.token!r} has no stream yet: "
            "add a video source and a video encoder configuration.",
            subcode="Action/IncompleteConfiguration",
            field="ProfileToken",
        )


def _words() -> str:
    return " or ".join(each.value for each in Transport if each in SERVED)
