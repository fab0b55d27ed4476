"""Media profiles: reading them with true numbers, and the commands that change them.

Every face calls these. Fixed profiles belong to a source and cannot be deleted; what a
client makes is kept over restarts. Subcodes are those of the Media specification.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import facts, settings
from nvrdevice.media.resolved import Media, Profile, VideoEncoder, VideoSourceConfiguration, resolve
from nvrdevice.media.settings import MAX_PROFILES, NAME_LIMIT, MediaSettings, named


def media() -> Media:
    """Everything at one moment. Reads the database."""
    return resolve(settings.read(), facts.read())


def profiles() -> tuple[Profile, ...]:
    return media().profiles


def profile(token: str, within: Media | None = None) -> Profile:
    """The profile; DeviceError(MISSING) with ter:NoProfile where there is none."""
    for one in (within or media()).profiles:
        if one.token == token:
            return one
    raise no_profile(token)


def video_source(token: str, within: Media) -> VideoSourceConfiguration:
    for one in within.video_sources:
        if one.token == token:
            return one
    raise no_configuration("video source", token)


def video_encoder(token: str, within: Media) -> VideoEncoder:
    for one in within.video_encoders:
        if one.token == token:
            return one
    raise no_configuration("video encoder", token)


def create_profile(name: str, token: str | None, by: trail.Actor) -> Profile:
    """An empty profile; without a token the device chooses a free one."""
    _check_name(name)
    if token:
        _check_token(token)
    made = ""

    def change(now: MediaSettings) -> MediaSettings:
        nonlocal made
        if token and named(now.profiles, token) is not None:
            raise DeviceError(
                Kind.CONFLICT,
                f"A profile with the token {token!r} exists already: choose another or none.",
                subcode="InvalidArgVal/ProfileExists",
                field="Token",
            )
        if len(now.profiles) >= MAX_PROFILES:
            raise DeviceError(
                Kind.LIMIT,
                f"This device holds {MAX_PROFILES} profiles at most: delete one first.",
                subcode="Action/MaxNVTProfiles",
            )
        made = token or _free_token(now)
        return replace(now, profiles=(*now.profiles, settings.Profile(token=made, name=name)))

    _update(change)
    trail.record(by, "media.create_profile", made, after={"name": name})
    return profile(made)


def delete_profile(token: str, by: trail.Actor) -> None:
    def change(now: MediaSettings) -> MediaSettings:
        found = _found(now, token)
        if found.fixed:
            raise DeviceError(
                Kind.CONFLICT,
                f"The profile {token!r} belongs to a source of this device "
                "and cannot be deleted; only profiles made by a client can.",
                subcode="Sender/Action/DeletionOfFixedProfile",
                field="ProfileToken",
            )
        return replace(now, profiles=tuple(one for one in now.profiles if one.token != token))

    _update(change)
    trail.record(by, "media.delete_profile", token)


def add_video_source(token: str, configuration: str, by: trail.Actor) -> None:
    def change(now: MediaSettings, found: settings.Profile) -> settings.Profile:
        picture = named(now.video_source_configurations, configuration)
        if picture is None:
            raise no_configuration("video source", configuration)
        encoder = named(now.video_encoder_configurations, found.video_encoder_configuration)
        if encoder is not None and encoder.source != picture.source:
            raise _conflict(
                f"The profile {token!r} encodes another source: "
                "remove its video encoder configuration first."
            )
        return replace(found, video_source_configuration=configuration)

    _change_profile(token, change, "media.add_video_source", by)


def add_video_encoder(token: str, configuration: str, by: trail.Actor) -> None:
    def change(now: MediaSettings, found: settings.Profile) -> settings.Profile:
        encoder = named(now.video_encoder_configurations, configuration)
        if encoder is None:
            raise no_configuration("video encoder", configuration)
        picture = named(now.video_source_configurations, found.video_source_configuration)
        if picture is not None and encoder.source != picture.source:
            raise _conflict(
                f"The video encoder configuration {configuration!r} encodes another source "
                f"than the profile {token!r} shows."
            )
        return replace(found, video_encoder_configuration=configuration)

    _change_profile(token, change, "media.add_video_encoder", by)


def remove_video_source(token: str, by: trail.Actor) -> None:
    """No effect where there is none (Media 5.2.13).

    Allowed while an encoder stays: the official procedures take a profile apart source first.
    """

    def change(now: MediaSettings, found: settings.Profile) -> settings.Profile:
        return replace(found, video_source_configuration="")

    _change_profile(token, change, "media.remove_video_source", by)


def remove_video_encoder(token: str, by: trail.Actor) -> None:
    """No effect where there is none (Media 5.2.14)."""

    def change(now: MediaSettings, found: settings.Profile) -> settings.Profile:
        return replace(found, video_encoder_configuration="")

    _change_profile(token, change, "media.remove_video_encoder", by)


def compatible_encoders(one: Profile, within: Media) -> tuple[VideoEncoder, ...]:
    """What add_video_encoder accepts for this profile."""
    return tuple(
        encoder
        for encoder in within.video_encoders
        if one.video_source is None or encoder.source == one.video_source.source.token
    )


def compatible_sources(one: Profile, within: Media) -> tuple[VideoSourceConfiguration, ...]:
    """What add_video_source accepts for this profile."""
    return tuple(
        picture
        for picture in within.video_sources
        if one.video_encoder is None or picture.source.token == one.video_encoder.source
    )


def no_profile(token: str) -> DeviceError:
    return DeviceError(
        Kind.MISSING,
        f"There is no profile {token[:64]!r}: GetProfiles lists those there are.",
        subcode="InvalidArgVal/NoProfile",
        field="ProfileToken",
    )


def no_configuration(what: str, token: str) -> DeviceError:
    return DeviceError(
        Kind.MISSING,
        f"There is no {what} configuration {token[:64]!r} on this device.",
        subcode="InvalidArgVal/NoConfig",
        field="ConfigurationToken",
    )


def _check_name(name: str) -> None:
    if len(name) > NAME_LIMIT or not name.isprintable():
        raise DeviceError(
            Kind.INVALID,
            f"The name of a profile has up to {NAME_LIMIT} printable characters.",
            subcode="InvalidArgVal",
            field="Name",
        )


def _check_token(token: str) -> None:
    if len(token) > settings.TOKEN_LIMIT or not re.fullmatch(settings.TOKENS, token):
        raise DeviceError(
            Kind.INVALID,
            f"The token of a profile has up to {settings.TOKEN_LIMIT} characters of "
            f"{settings.CHARACTERS}, since it is part of its stream's address.",
            subcode="InvalidArgVal",
            field="Token",
        )


def _conflict(text: str) -> DeviceError:
    return DeviceError(Kind.CONFLICT, text, subcode="Action/ConfigurationConflict")


def _change_profile(
    token: str,
    change: Callable[[MediaSettings, settings.Profile], settings.Profile],
    action: str,
    by: trail.Actor,
) -> None:
    before: dict[str, str] = {}
    after: dict[str, str] = {}

    def apply(now: MediaSettings) -> MediaSettings:
        nonlocal before, after
        found = _found(now, token)
        changed = change(now, found)
        before, after = _configurations(found), _configurations(changed)
        return replace(
            now, profiles=tuple(changed if one is found else one for one in now.profiles)
        )

    _update(apply)
    trail.record(by, action, token, before=before, after=after)


def _update(change: Callable[[MediaSettings], MediaSettings]) -> None:
    state.update(MediaSettings, lambda now: change(settings.complete(now)))


def _found(now: MediaSettings, token: str) -> settings.Profile:
    found = named(now.profiles, token)
    if found is None:
        raise no_profile(token)
    return found


def _configurations(one: settings.Profile) -> dict[str, str]:
    return {
        "video_source": one.video_source_configuration,
        "video_encoder": one.video_encoder_configuration,
    }


def _free_token(now: MediaSettings) -> str:
    number = 1
    while named(now.profiles, f"client{number}") is not None:
        number += 1
    return f"client{number}"
