"""What the device says of itself: fixed scopes from its identity, others set by its owner.

A scope is a URI such as onvif://www.onvif.org/name/Front%20door. Home Assistant reads name,
hardware and mac; the official tests want type and location too (DISCOVERY-1-1-3).
"""

import dataclasses
import re
from collections.abc import Callable, Sequence
from urllib.parse import quote

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor, Note
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system import identity, interfaces

Change = Callable[[tuple[str, ...]], tuple[str, ...]]

ONVIF = "onvif://www.onvif.org/"
SCOPES_LIMIT = 32
LENGTH_LIMIT = 200
DISCOVERABLE, NON_DISCOVERABLE = "Discoverable", "NonDiscoverable"
# A URI of RFC 3986 with its scheme; no blank, because scopes travel in a list of words.
URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+"
)


@state.section("system.yaml")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Announcement:
    device_name: str = state.setting(
        "", title="Name", help="What NVRs list the device as. Empty: the model.", high=64
    )
    device_location: str = state.setting(
        "", title="Location", help="Where the device hangs, for example hall/north.", high=64
    )
    discovery_mode: str = state.setting(
        DISCOVERABLE,
        title="Discovery",
        help="NonDiscoverable: NVRs do not find the device by themselves.",
        choices=(DISCOVERABLE, NON_DISCOVERABLE),
    )
    scopes: tuple[str, ...] = state.setting(
        factory=tuple,
        title="Scopes",
        help="Further words about the device, as URIs; NVRs add their own.",
        most=SCOPES_LIMIT,
        high=LENGTH_LIMIT,
        pattern=URI.pattern,
        pattern_words="a URI without blanks",
    )
    answer_foreign_networks: bool = state.setting(
        default=False,
        title="Answer foreign networks",
        help="Discovery also answers senders outside the networks of this machine.",
    )


def fixed() -> tuple[str, ...]:
    """Those nobody can remove: profile, type, hardware, name, location, and the MAC."""
    own, told = identity.read(), state.read(Announcement)
    mac = interfaces.identity_mac()
    return (
        ONVIF + "Profile/Streaming",
        ONVIF + "type/video_encoder",
        ONVIF + "hardware/" + _path(own.model),
        ONVIF + "name/" + _path(told.device_name or own.model),
        ONVIF + "location/" + _path(told.device_location or "unknown", slashes="/"),
        *([ONVIF + "mac/" + mac] if mac else []),
    )


def configurable() -> tuple[str, ...]:
    return state.read(Announcement).scopes


def everything() -> tuple[str, ...]:
    return tuple(dict.fromkeys((*fixed(), *configurable())))


def mode() -> str:
    return state.read(Announcement).discovery_mode


def set_scopes(uris: Sequence[str], *, by: Actor) -> None:
    """Replace the configurable scopes; a fixed one among uris is there anyway."""
    _change("set scopes", by, uris, lambda _: tuple(uris))


def add_scopes(uris: Sequence[str], *, by: Actor) -> None:
    _change("add scopes", by, uris, lambda now: (*now, *uris))


def remove_scopes(uris: Sequence[str], *, by: Actor) -> None:
    """Remove all of uris or, if one is fixed or unknown, none."""

    def without(now: tuple[str, ...]) -> tuple[str, ...]:
        for uri in uris:
            if uri in now:
                continue
            if uri in standing:
                raise DeviceError(
                    Kind.CONFLICT,
                    f"The scope {uri} is fixed: only added scopes can be removed.",
                    subcode="OperationProhibited/FixedScope",
                    field="scopes",
                )
            raise DeviceError(
                Kind.MISSING,
                f"There is no scope {uri[:LENGTH_LIMIT]}.",
                subcode="InvalidArgVal/NoScope",
                field="scopes",
            )
        return tuple(scope for scope in now if scope not in uris)

    standing = fixed()
    _change("remove scopes", by, (), without)


def set_mode(mode: str, *, by: Actor) -> None:
    state.update(
        Announcement,
        lambda now: dataclasses.replace(now, discovery_mode=mode),
        trail.noting(
            by,
            "set discovery mode",
            lambda before, after: Note(
                object="discovery", before=before.discovery_mode, after=after.discovery_mode
            ),
        ),
    )


def describe(*, name: str, location: str, by: Actor) -> None:
    """What NVRs list the device as, and where it hangs; two of the fixed scopes."""
    state.update(
        Announcement,
        lambda now: dataclasses.replace(
            now, device_name=name.strip(), device_location=location.strip()
        ),
        trail.noting(by, "set name and location", trail.differences("discovery")),
    )


def set_answering(*, mode: str, answer_foreign_networks: bool, by: Actor) -> None:
    """Whether NVRs find the device by themselves, and from where."""
    state.update(
        Announcement,
        lambda now: dataclasses.replace(
            now, discovery_mode=mode, answer_foreign_networks=answer_foreign_networks
        ),
        trail.noting(by, "set discovery", trail.differences("discovery")),
    )


def _change(action: str, by: Actor, uris: Sequence[str], make: Change) -> None:
    for uri in uris:
        _check(uri)
    standing = set(fixed())

    def change(now: Announcement) -> Announcement:
        scopes = tuple(scope for scope in dict.fromkeys(make(now.scopes)) if scope not in standing)
        if len(scopes) > SCOPES_LIMIT:
            raise DeviceError(
                Kind.LIMIT,
                f"The device keeps at most {SCOPES_LIMIT} scopes of its owner.",
                subcode="Action/TooManyScopes",
                field="scopes",
            )
        return dataclasses.replace(now, scopes=scopes)

    def tell(before: Announcement, after: Announcement) -> Note:
        return Note(object="discovery", before=list(before.scopes), after=list(after.scopes))

    state.update(Announcement, change, trail.noting(by, action, tell))


def _check(uri: str) -> None:
    if len(uri) > LENGTH_LIMIT or not URI.fullmatch(uri):
        raise DeviceError(
            Kind.INVALID,
            f"{uri[:60]!r} is not a scope: give a URI of at most {LENGTH_LIMIT} characters "
            "without blanks, such as onvif://www.onvif.org/location/hall.",
            subcode="InvalidArgVal",
            field="scopes",
        )


def _path(text: str, slashes: str = "") -> str:
    return quote(text, safe=slashes + "-._~:") or "unknown"
