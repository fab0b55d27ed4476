"""Which configurations a Get…Configurations or …Options means (Media2 5.4.2, 5.4.4).

The same two optional tokens in every one of these requests: of a configuration, and of a
profile that it must fit.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import parts
from nvrdevice.media import profiles as media_profiles
from nvrdevice.media.resolved import Media, Profile
from onvif_api.soap import read
from onvif_api.soap.call import Call

CONFIGURATION = "tr2:ConfigurationToken"
PROFILE = "tr2:ProfileToken"


class Tokened(Protocol):
    @property
    def token(self) -> str: ...


T = TypeVar("T", bound=Tokened)


def profile(call: Call, within: Media) -> Profile | None:
    """The profile named, or None where none is."""
    token = read.token(call.request, PROFILE, "")
    return media_profiles.profile(token, within) if token else None


def configurations(call: Call, what: str, fitting: Sequence[T]) -> Sequence[T]:
    """The one named, out of those that fit the profile named, or all of these."""
    token = read.token(call.request, CONFIGURATION, "")
    if not token:
        return fitting
    found = [one for one in fitting if one.token == token]
    if not found:
        raise parts.no_configuration(what, token)
    return found


def for_options(call: Call, what: str, every: Sequence[T], fitting: Sequence[T]) -> Sequence[T]:
    """As `configurations`; one that exists but does not fit has a fault of its own."""
    token = read.token(call.request, CONFIGURATION, "")
    fits = any(one.token == token for one in fitting)
    if token and not fits and any(one.token == token for one in every):
        raise DeviceError(
            Kind.INVALID,
            f"The {what} configuration {token!r} does not fit this profile.",
            subcode="InvalidArgVal/IncompatibleConfiguration",
            field="ConfigurationToken",
        )
    return configurations(call, what, fitting)
