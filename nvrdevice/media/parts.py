"""Putting configurations into a profile and taking them out: what fits together. Pure.

Subcodes are those of the Media and Media2 specifications.
"""

import enum
from collections.abc import Collection
from dataclasses import replace

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import settings
from nvrdevice.media.settings import MediaSettings, named


class Part(enum.Enum):
    """A kind of configuration that a profile can hold; the values are for people."""

    VIDEO_SOURCE = "video source"
    VIDEO_ENCODER = "video encoder"


Parts = Collection[tuple[Part, str]]  # a configuration's token with its kind


def with_parts(one: settings.Profile, parts: Parts, now: MediaSettings) -> settings.Profile:
    """The profile with all these configurations, its encoder not left without its source."""
    changed = without(one, {part for part, _ in parts})
    for part, configuration in parts:
        changed = placed(changed, part, configuration, now)
    adds_encoder = any(part is Part.VIDEO_ENCODER for part, _ in parts)
    if adds_encoder and not changed.video_source_configuration:
        raise conflict(
            "A video encoder configuration needs the video source configuration of its source: "
            "add that first, or both at once."
        )
    return changed


def without(one: settings.Profile, parts: Collection[Part]) -> settings.Profile:
    for part in parts:
        one = _holding(one, part, "")
    return one


def _holding(one: settings.Profile, part: Part, configuration: str) -> settings.Profile:
    if part is Part.VIDEO_SOURCE:
        return replace(one, video_source_configuration=configuration)
    return replace(one, video_encoder_configuration=configuration)


def placed(
    one: settings.Profile, part: Part, configuration: str, now: MediaSettings
) -> settings.Profile:
    changed = _holding(one, part, configuration)
    picture = named(now.video_source_configurations, changed.video_source_configuration)
    encoder = named(now.video_encoder_configurations, changed.video_encoder_configuration)
    if (picture if part is Part.VIDEO_SOURCE else encoder) is None:
        raise no_configuration(part.value, configuration)
    if picture is not None and encoder is not None and encoder.source != picture.source:
        raise conflict(
            f"The profile {one.token!r} would show {picture.source!r} and encode "
            f"{encoder.source!r}: give it configurations of one source."
        )
    return changed


def conflict(text: str) -> DeviceError:
    return DeviceError(Kind.CONFLICT, text, subcode="Action/ConfigurationConflict")


def no_configuration(what: str, token: str) -> DeviceError:
    return DeviceError(
        Kind.MISSING,
        f"There is no {what} configuration {token[:64]!r} on this device.",
        subcode="InvalidArgVal/NoConfig",
        field="ConfigurationToken",
    )
