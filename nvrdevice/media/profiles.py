"""Media profiles: reading them with true numbers, and the commands that change them.

Every face calls these. Fixed profiles belong to a source and cannot be deleted; what a
client makes is kept over restarts. Subcodes are those of the Media specification.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import replace

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Note
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import changes, facts, presence, settings
from nvrdevice.media.parts import (
    Part,
    Parts,
    conflict,
    no_configuration,
    placed,
    with_parts,
    without,
)
from nvrdevice.media.resolved import (
    Media,
    Profile,
    VideoEncoder,
    VideoSourceConfiguration,
    media_of,
)
from nvrdevice.media.settings import MAX_PROFILES, NAME_LIMIT, MediaSettings, named


def media() -> Media:
    """Everything at one moment. Reads the database."""
    return media_of(facts.read())


def media_now() -> Media:
    """media() for those who tell whether a camera is there just now; it may take a moment."""
    return media_of(presence.facts())


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


def create_profile(name: str, token: str | None, by: trail.Actor, parts: Parts = ()) -> Profile:
    """A profile, empty or with these configurations; without a token the device chooses one."""
    _check_name(name)
    if token:
        _check_token(token)
    made = settings.Profile(token="", name=name)

    def change(now: MediaSettings) -> MediaSettings:
        nonlocal made
        if token and named(now.profiles, token) is not None:
            raise DeviceError(
                Kind.CONFLICT,
                f"A profile with the token {token!r} exists already: choose another or none.",
                subcode="InvalidArgVal/ProfileExists",
                field="Token",
            )
        empty = settings.Profile(token=token or _free_token(now), name=name)
        made = with_parts(empty, parts, now)
        if len(now.profiles) >= MAX_PROFILES:
            raise DeviceError(
                Kind.LIMIT,
                f"This device holds {MAX_PROFILES} profiles at most: delete one first.",
                subcode="Action/MaxNVTProfiles",
            )
        return replace(now, profiles=(*now.profiles, made))

    def tell() -> Note:
        return Note(object=made.token, after={"name": name} | _given(made))

    _update(change, by, "media.create_profile", tell)
    changes.tell_profile(made.token)
    return profile(made.token)


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

    _update(change, by, "media.delete_profile", lambda: Note(object=token))
    changes.tell_profile(token)


def add_configurations(
    token: str, parts: Parts, by: trail.Actor, *, name: str | None = None
) -> None:
    """Put all of these in at once, each in place of what was there; or none, if one is wrong.

    Media2 5.3: an encoder goes only where its source is.
    """
    if name is not None:
        _check_name(name)

    def change(now: MediaSettings, found: settings.Profile) -> settings.Profile:
        changed = with_parts(found, parts, now)
        return changed if name is None else replace(changed, name=name)

    _change_profile(token, change, "media.add_configurations", by)


def remove_configurations(token: str, parts: Collection[Part], by: trail.Actor) -> None:
    """Take all of these out at once; no effect where there is none (Media2 5.2.4, 5.3)."""

    def change(now: MediaSettings, found: settings.Profile) -> settings.Profile:
        changed = without(found, parts)
        if Part.VIDEO_SOURCE in parts and changed.video_encoder_configuration:
            raise conflict(
                f"The profile {token!r} still encodes this source: "
                "remove its video encoder configuration as well."
            )
        return changed

    _change_profile(token, change, "media.remove_configurations", by)


def add_video_source(token: str, configuration: str, by: trail.Actor) -> None:
    _change_profile(
        token,
        lambda now, found: placed(found, Part.VIDEO_SOURCE, configuration, now),
        "media.add_video_source",
        by,
    )


def add_video_encoder(token: str, configuration: str, by: trail.Actor) -> None:
    _change_profile(
        token,
        lambda now, found: placed(found, Part.VIDEO_ENCODER, configuration, now),
        "media.add_video_encoder",
        by,
    )


def remove_video_source(token: str, by: trail.Actor) -> None:
    """No effect where there is none (Media 5.2.13).

    Allowed while an encoder stays: the official procedures take a profile apart source first.
    """
    _change_profile(
        token,
        lambda _, found: replace(found, video_source_configuration=""),
        "media.remove_video_source",
        by,
    )


def remove_video_encoder(token: str, by: trail.Actor) -> None:
    """No effect where there is none (Media 5.2.14)."""
    _change_profile(
        token,
        lambda _, found: replace(found, video_encoder_configuration=""),
        "media.remove_video_encoder",
        by,
    )


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


def _change_profile(
    token: str,
    change: Callable[[MediaSettings, settings.Profile], settings.Profile],
    action: str,
    by: trail.Actor,
) -> None:
    before = after = settings.Profile(token=token)

    def apply(now: MediaSettings) -> MediaSettings:
        nonlocal before, after
        before = _found(now, token)
        after = change(now, before)
        return replace(now, profiles=tuple(after if one is before else one for one in now.profiles))

    def tell() -> Note:
        return Note(object=token, before=_told(before, after), after=_told(after, before))

    _update(apply, by, action, tell)
    if _configurations(before) != _configurations(after):
        changes.tell_profile(token)


def _update(
    change: Callable[[MediaSettings], MediaSettings],
    by: trail.Actor,
    action: str,
    tell: Callable[[], Note],
) -> None:
    """tell: asked once change was made, so it may speak of what that found."""
    state.update(
        MediaSettings,
        lambda now: change(settings.complete(now)),
        trail.noting(by, action, lambda _before, _after: tell()),
    )


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


def _given(one: settings.Profile) -> dict[str, str]:
    return {what: token for what, token in _configurations(one).items() if token}


def _told(one: settings.Profile, other: settings.Profile) -> dict[str, str]:
    """For the audit: the name only where it changed."""
    name = {"name": one.name} if one.name != other.name else {}
    return name | _configurations(one)


def _free_token(now: MediaSettings) -> str:
    number = 1
    while named(now.profiles, f"client{number}") is not None:
        number += 1
    return f"client{number}"
