"""media.yaml: sources, configurations and media profiles, and how a source gets its own.

Invariant of what `read` gives: every source has one video source configuration, a main and a
sub encoder configuration and a fixed profile for each. Zero in a size, rate or GOP means "as
the source has it"; `media.resolved` turns zeros into the true numbers.
"""

import functools
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from typing import TypeVar

from nvrdevice import state
from nvrdevice.lib.errors import DeviceError, Kind

MAX_SOURCES = 8
MAX_PROFILES = 32  # announced as MaximumNumberOfProfiles; fixed ones count
ROLES = ("main", "sub", "jpeg")
NAME_LIMIT = TOKEN_LIMIT = 64  # characters, as tt:Name and tt:ReferenceToken have them
SMALL_WIDTH = 640  # narrow enough for a wall of pictures; the height follows the source
JPEG_FPS = 5
NAMES = {"main": "Main", "sub": "Sub", "jpeg": "JPEG"}
ENCODINGS = ("H264", "JPEG")

# Media 5.2.1 wants A-Z a-z 0-9 - . at least; a token is also the path of a stream.
TOKENS = r"(?!\.{1,2}$)[A-Za-z0-9._-]+"
CHARACTERS = "letters, digits, '.', '-' and '_'"


def _token(title: str) -> str:
    made: str = state.setting(
        title=title, low=1, high=TOKEN_LIMIT, pattern=TOKENS, pattern_words=CHARACTERS
    )
    return made


def _reference(title: str) -> str:
    made: str = state.setting("", title=title, low=0, high=TOKEN_LIMIT)
    return made


@dataclass(frozen=True, kw_only=True)
class Source:
    token: str = _token("Token")
    name: str = state.setting("", title="Name", high=NAME_LIMIT)
    uri: str = state.setting(
        title="Address",
        help="test:, file:///clip.mp4, rtsp://host/path, v4l2:/dev/video0 or libcamera:",
        low=1,
        high=1024,
    )
    sealed_login: str = state.setting("", title="Sealed login", high=2048, secret=True)
    sub_uri: str = state.setting(
        "",
        title="Second address",
        help="rtsp:// of the camera's own small stream; the sub profile, motion and snapshots "
        "then come from it",
        high=1024,
    )
    sealed_sub_login: str = state.setting(
        "", title="Sealed login of the second address", high=2048, secret=True
    )

    def same_picture(self, other: "Source") -> bool:
        """Whether what runs for the other serves this one: a name changes nothing of it."""
        return replace(self, name=other.name) == other


@dataclass(frozen=True, kw_only=True)
class VideoSourceConfiguration:
    token: str = _token("Token")
    name: str = state.setting("", title="Name", high=NAME_LIMIT)
    source: str = _token("Source")


@dataclass(frozen=True, kw_only=True)
class VideoEncoderConfiguration:
    token: str = _token("Token")
    name: str = state.setting("", title="Name", high=NAME_LIMIT)
    source: str = _token("Source")
    role: str = state.setting("main", title="Role", choices=ROLES)
    encoding: str = state.setting("H264", title="Encoding", choices=ENCODINGS)
    width: int = state.setting(
        0, title="Width", help="0: as the source", unit="pixels", low=0, high=7680
    )
    height: int = state.setting(
        0, title="Height", help="0: as the source's shape gives", unit="pixels", low=0, high=4320
    )
    fps: int = state.setting(
        0, title="Frame rate", help="0: as the source", unit="per second", low=0, high=120
    )
    bitrate_kbps: int = state.setting(
        0, title="Bit rate", help="0: what the size needs", unit="kbit/s", low=0, high=50_000
    )
    gop_frames: int = state.setting(
        0, title="Key frame distance", help="0: two seconds", unit="frames", low=0, high=600
    )
    h264_profile: str = state.setting(
        "Baseline", title="H.264 profile", choices=("Baseline", "Main", "High")
    )
    quality: int = state.setting(5, title="Quality", low=1, high=10)
    multicast_address: str = state.setting(
        "", title="Multicast group", help="empty: one of the device's own", high=15
    )
    multicast_port: int = state.setting(
        0, title="Multicast port", help="0: one of the device's own", low=0, high=65534
    )
    multicast_ttl: int = state.setting(
        5, title="Multicast TTL", help="how many routers it passes, plus one", low=1, high=255
    )
    multicast_streaming: bool = state.setting(
        default=False, title="Streams to its group", help="all the time, without RTSP"
    )


@dataclass(frozen=True, kw_only=True)
class Profile:
    token: str = _token("Token")
    name: str = state.setting("", title="Name", high=NAME_LIMIT)
    fixed: bool = state.setting(default=False, title="Cannot be deleted")
    source: str = _reference("The source a fixed profile was made for")
    role: str = state.setting("", title="Its role there", choices=("", *ROLES))
    video_source_configuration: str = _reference("Video source configuration")
    video_encoder_configuration: str = _reference("Video encoder configuration")


@state.section("media.yaml")
@dataclass(frozen=True, kw_only=True)
class MediaSettings:
    sources: tuple[Source, ...] = state.setting(
        factory=lambda: (Source(token=_numbered("source", 1), name="Test picture", uri="test:"),),
        title="Sources",
        most=MAX_SOURCES,
    )
    video_source_configurations: tuple[VideoSourceConfiguration, ...] = state.setting(
        factory=tuple, title="Video source configurations", most=MAX_SOURCES
    )
    video_encoder_configurations: tuple[VideoEncoderConfiguration, ...] = state.setting(
        factory=tuple, title="Video encoder configurations", most=4 * MAX_SOURCES
    )
    profiles: tuple[Profile, ...] = state.setting(
        factory=tuple, title="Media profiles", most=MAX_PROFILES + 2 * MAX_SOURCES
    )

    def __post_init__(self) -> None:
        if not self.sources:
            raise DeviceError(Kind.INVALID, "sources: name at least one, such as test:.")
        sources = _unique(self.sources, "sources")
        pictures = _unique(self.video_source_configurations, "video_source_configurations")
        encoders = _unique(self.video_encoder_configurations, "video_encoder_configurations")
        _unique(self.profiles, "profiles")
        for picture in self.video_source_configurations:
            _known(picture.source, sources, f"{picture.token}: source")
        for encoder in self.video_encoder_configurations:
            _known(encoder.source, sources, f"{encoder.token}: source")
            _check_encoding(encoder)
            _check_group(encoder)
        for profile in self.profiles:
            place = f"{profile.token}: video_source_configuration"
            _known(profile.video_source_configuration, {"", *pictures}, place)
            place = f"{profile.token}: video_encoder_configuration"
            _known(profile.video_encoder_configuration, {"", *encoders}, place)


Tokened = TypeVar("Tokened", Source, VideoSourceConfiguration, VideoEncoderConfiguration, Profile)


def read() -> MediaSettings:
    """The settings as they are now, complete for each source."""
    return complete(state.read(MediaSettings))


@functools.lru_cache(maxsize=8)
def complete(found: MediaSettings) -> MediaSettings:
    """Add what a source lacks: after a first start, a new --source or an edit by hand."""
    pictures = list(found.video_source_configurations)
    encoders = list(found.video_encoder_configurations)
    profiles = list(found.profiles)
    for position, source in enumerate(found.sources):
        label = f" {position + 1}" if position else ""
        picture = next((one for one in pictures if one.source == source.token), None)
        if picture is None:
            token = _free(pictures, "video", position + 1)
            picture = VideoSourceConfiguration(
                token=token, name=f"Picture{label}", source=source.token
            )
            pictures.append(picture)
        for step, role in enumerate(ROLES):
            is_jpeg = role == "jpeg"
            encoder = next(
                (one for one in encoders if (one.source, one.role) == (source.token, role)), None
            )
            if encoder is None:
                encoder = VideoEncoderConfiguration(
                    token=_free(encoders, role, position + 1),
                    name=f"{NAMES[role]}{label}",
                    source=source.token,
                    role=role,
                    encoding="JPEG" if is_jpeg else "H264",
                    width=0 if role == "main" else SMALL_WIDTH,
                    fps=JPEG_FPS if is_jpeg else 0,
                )
                encoders.append(encoder)
            if not any(
                one.fixed and (one.source, one.role) == (source.token, role) for one in profiles
            ):
                token = (
                    _free(profiles, "jpeg", position + 1)  # profile3 is the second source's
                    if is_jpeg
                    else _free(profiles, "profile", 2 * position + 1 + step)
                )
                profile = Profile(
                    token=token,
                    name=f"{NAMES[role]}{label}",
                    fixed=True,
                    source=source.token,
                    role=role,
                    video_source_configuration=picture.token,
                    video_encoder_configuration=encoder.token,
                )
                profiles.append(profile)
    # NVRs take the first two as HQ and LQ, and many can do nothing with JPEG.
    profiles.sort(key=lambda one: (not one.fixed, one.fixed and one.role == "jpeg"))
    return replace(
        found,
        video_source_configurations=tuple(pictures),
        video_encoder_configurations=tuple(encoders),
        profiles=tuple(profiles),
    )


def without_strays(found: MediaSettings, sources: tuple[Source, ...]) -> MediaSettings:
    """The settings with these sources, less what belonged to a source that is gone.

    A profile a client made stays and loses only the configurations that went.
    """
    tokens = {source.token for source in sources}
    pictures = tuple(one for one in found.video_source_configurations if one.source in tokens)
    encoders = tuple(one for one in found.video_encoder_configurations if one.source in tokens)
    kept = {one.token for one in pictures}, {one.token for one in encoders}
    profiles = tuple(
        replace(
            one,
            video_source_configuration=_kept(one.video_source_configuration, kept[0]),
            video_encoder_configuration=_kept(one.video_encoder_configuration, kept[1]),
        )
        for one in found.profiles
        if not one.fixed or one.source in tokens
    )
    return MediaSettings(
        sources=sources,
        video_source_configurations=pictures,
        video_encoder_configurations=encoders,
        profiles=profiles,
    )


def named(items: tuple[Tokened, ...], token: str) -> Tokened | None:
    return next((item for item in items if item.token == token), None)


def _kept(token: str, tokens: set[str]) -> str:
    return token if token in tokens else ""


def _free(items: list[Tokened], stem: str, number: int) -> str:
    taken = {item.token for item in items}
    while _numbered(stem, number) in taken:
        number += 1
    return _numbered(stem, number)


def _numbered(stem: str, number: int) -> str:
    return f"{stem}{number}"


def _check_encoding(encoder: VideoEncoderConfiguration) -> None:
    """A role is what a stream is for: the JPEG one is JPEG, and no other is."""
    right = "JPEG" if encoder.role == "jpeg" else "H264"
    if encoder.encoding != right:
        raise DeviceError(
            Kind.INVALID,
            f"{encoder.token}: encoding: expected {right} for the role {encoder.role}, "
            f"found {encoder.encoding}.",
        )


def _check_group(encoder: VideoEncoderConfiguration) -> None:
    try:
        right = not encoder.multicast_address or IPv4Address(encoder.multicast_address).is_multicast
    except ValueError:
        right = False
    if not right:
        raise DeviceError(
            Kind.INVALID,
            f"{encoder.token}: multicast_address: expected an address from 224.0.0.0 to "
            f"239.255.255.255 or none, found {encoder.multicast_address!r}.",
        )


def _unique(items: tuple[Tokened, ...], place: str) -> set[str]:
    tokens = [item.token for item in items]
    twice = next((token for token in tokens if tokens.count(token) > 1), None)
    if twice is not None:
        raise DeviceError(
            Kind.INVALID, f"{place}: the token {twice!r} stands there twice, give each its own."
        )
    return set(tokens)


def _known(token: str, tokens: set[str], place: str) -> None:
    if token not in tokens:
        choices = ", ".join(sorted(tokens - {""})) or "none"
        raise DeviceError(
            Kind.INVALID, f"{place}: there is no {token!r} here, expected one of: {choices}."
        )
