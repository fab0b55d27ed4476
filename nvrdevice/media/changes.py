"""Telling subscribers what changed of profiles and configurations (Media2, Events).

Numbers of a configuration also change when a source is measured or replaced; whoever does that
does it inside `told()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from nvrdevice import events
from nvrdevice.media import facts
from nvrdevice.media.facts import Facts
from nvrdevice.media.resolved import Media, Profile, media_of
from nvrdevice.media.topics import CONFIGURATION_CHANGED, PROFILE_CHANGED

Configuration = tuple[str, str]  # type as tr2:ConfigurationEnumeration has it, and token


def tell_profile(token: str) -> None:
    """Created, deleted, or its configurations are others."""
    events.publish(PROFILE_CHANGED, source={"Token": token})


def tell_configuration(type_: str, token: str) -> None:
    events.publish(CONFIGURATION_CHANGED, source={"Token": token, "Type": type_})


def measured(source: str, found: Facts) -> None:
    """Keep the facts of a source, and tell whose numbers they change."""
    with told():
        facts.write(source, found)


@contextmanager
def told() -> Iterator[None]:
    """Tell what is different afterwards; nothing if it fails."""
    before = media_of(facts.read())
    yield
    after = media_of(facts.read())
    for type_, token in changed_configurations(before, after):
        tell_configuration(type_, token)
    for token in changed_profiles(before, after):
        tell_profile(token)


def changed_configurations(before: Media, after: Media) -> list[Configuration]:
    """Those that came, went or have other values, in the order of their tokens."""
    old, new = _values(before), _values(after)
    return sorted(one for one in {*old, *new} if old.get(one) != new.get(one))


def changed_profiles(before: Media, after: Media) -> list[str]:
    old = {one.token: _tokens(one) for one in before.profiles}
    new = {one.token: _tokens(one) for one in after.profiles}
    return sorted(one for one in {*old, *new} if old.get(one) != new.get(one))


def _values(media: Media) -> dict[Configuration, object]:
    """What a client reads of each; how many profiles use it is the profiles' change."""
    pictures = {
        ("VideoSource", one.token): (
            one.name,
            one.source.token,
            one.source.width,
            one.source.height,
        )
        for one in media.video_sources
    }
    encoders = {
        ("VideoEncoder", one.token): replace(one, use_count=0) for one in media.video_encoders
    }
    return {**pictures, **encoders}


def _tokens(one: Profile) -> tuple[str, str]:
    return (
        one.video_source.token if one.video_source else "",
        one.video_encoder.token if one.video_encoder else "",
    )
