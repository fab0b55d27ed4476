"""Settings and facts together: the true numbers, with no zero left in them. Pure.

The engine builds its encoders from the same numbers as the faces announce, so they agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nvrdevice.media import settings
from nvrdevice.media.facts import Facts, second
from nvrdevice.media.multicast_groups import with_groups
from nvrdevice.system import identity

# What is announced of a source that no one has seen yet; `test:` really has these.
NOMINAL_WIDTH, NOMINAL_HEIGHT, NOMINAL_FPS = 1280, 720, 25.0
KEY_FRAME_S = 2  # distance of key frames where none is set
BITS_PER_PIXEL = 0.09  # what x264's fast presets need for a clean picture
JPEG_BITS_PER_PIXEL = 1.2  # a picture with much in it, at the middle quality
LEAST_KBPS, MOST_KBPS = 128, 16_384
JPEG_GRID, JPEG_LARGEST = 8, 2040  # RFC 2435 tells sizes in eights of pixels, in one octet


@dataclass(frozen=True, kw_only=True)
class VideoSource:
    token: str
    name: str
    width: int
    height: int
    fps: float
    measured: bool  # False: nominal numbers, the source was never seen
    online: bool


@dataclass(frozen=True, kw_only=True)
class VideoSourceConfiguration:
    token: str
    name: str
    use_count: int
    source: VideoSource  # the whole picture of it


@dataclass(frozen=True, kw_only=True)
class Multicast:
    address: str
    port: int
    ttl: int
    streaming: bool  # without RTSP, over restarts too


@dataclass(frozen=True, kw_only=True)
class VideoEncoder:
    token: str
    name: str
    use_count: int
    source: str
    role: str  # "main", "sub" or "jpeg"
    encoding: str  # "H264" or "JPEG"; "H265" where a camera's own stream is passed through
    pass_through: bool
    width: int
    height: int
    fps: float
    bitrate_kbps: int
    gop_frames: int  # 1 for JPEG
    h264_profile: str
    quality: int
    multicast: Multicast


@dataclass(frozen=True, kw_only=True)
class Profile:
    token: str
    name: str
    fixed: bool
    video_source: VideoSourceConfiguration | None
    video_encoder: VideoEncoder | None

    @property
    def complete(self) -> bool:
        """Has what a stream and a snapshot need."""
        return self.video_source is not None and self.video_encoder is not None


@dataclass(frozen=True, kw_only=True)
class Media:
    """Everything at one moment; the order is that of media.yaml, fixed profiles first."""

    sources: tuple[VideoSource, ...]
    video_sources: tuple[VideoSourceConfiguration, ...]
    video_encoders: tuple[VideoEncoder, ...]
    profiles: tuple[Profile, ...]


def media_of(facts: Mapping[str, Facts]) -> Media:
    """What is configured just now, with these facts."""
    return resolve(with_groups(settings.read(), identity.device_uuid()), facts)


def resolve(found: settings.MediaSettings, facts: Mapping[str, Facts]) -> Media:
    measured = {
        one.token: facts[one.token] if _counts(one, facts) else Facts(uri=one.uri)
        for one in found.sources
    }
    sources = {one.token: _source(one, measured[one.token]) for one in found.sources}
    seconds = {
        one.token: _second(one, sources[one.token], facts) for one in found.sources if one.sub_uri
    }
    uses = [
        token
        for one in found.profiles
        for token in {
            ("picture", one.video_source_configuration),
            ("encoder", one.video_encoder_configuration),
        }
    ]
    pictures = {
        one.token: VideoSourceConfiguration(
            token=one.token,
            name=one.name or one.token,
            use_count=uses.count(("picture", one.token)),
            source=sources[one.source],
        )
        for one in found.video_source_configurations
    }
    encoders = {
        one.token: encoder(
            one,
            sources[one.source],
            measured[one.source],
            seconds.get(one.source),
            use_count=uses.count(("encoder", one.token)),
        )
        for one in found.video_encoder_configurations
    }
    profiles = tuple(
        Profile(
            token=one.token,
            name=one.name,
            fixed=one.fixed,
            video_source=pictures.get(one.video_source_configuration),
            video_encoder=encoders.get(one.video_encoder_configuration),
        )
        for one in found.profiles
    )
    return Media(
        sources=tuple(sources.values()),
        video_sources=tuple(pictures.values()),
        video_encoders=tuple(encoders.values()),
        profiles=profiles,
    )


def encoder(
    one: settings.VideoEncoderConfiguration,
    source: VideoSource,
    facts: Facts,
    small: tuple[VideoSource, Facts] | None,
    *,
    use_count: int,
) -> VideoEncoder:
    """One encoder's true numbers; a stream passed through has its camera's, whatever is set.

    small: the stream of the source's second address, which all but the main one come from.
    """
    passed = facts.pass_through and one.role == "main"
    if small is not None and one.role != "main":
        source, facts = small
        passed = one.role == "sub"
    width, height = _size(one, source) if not passed else (source.width, source.height)
    fps = source.fps if passed or not one.fps else min(float(one.fps), source.fps)
    bitrate = facts.bitrate_kbps if passed else one.bitrate_kbps
    gop = facts.gop_frames if passed else one.gop_frames
    profile = facts.h264_profile if passed and facts.h264_profile else one.h264_profile
    return VideoEncoder(
        token=one.token,
        name=one.name or one.token,
        use_count=use_count,
        source=one.source,
        role=one.role,
        encoding=facts.codec if passed and facts.codec else one.encoding,
        pass_through=passed,
        width=width,
        height=height,
        fps=fps,
        bitrate_kbps=bitrate or _fitting_bitrate(width, height, fps, one.encoding),
        gop_frames=1 if one.encoding == "JPEG" else gop or max(1, round(fps * KEY_FRAME_S)),
        h264_profile=profile,
        quality=one.quality,
        multicast=Multicast(
            address=one.multicast_address,
            port=one.multicast_port,
            ttl=one.multicast_ttl,
            streaming=one.multicast_streaming,
        ),
    )


def _second(
    one: settings.Source, source: VideoSource, facts: Mapping[str, Facts]
) -> tuple[VideoSource, Facts]:
    """The picture of the second address; small and of the source's shape until it was seen."""
    found = facts.get(second(one.token))
    if found is None or found.uri != one.sub_uri:
        found = Facts(uri=one.sub_uri)
    width = min(source.width, settings.SMALL_WIDTH)
    return (
        VideoSource(
            token=one.token,
            name=source.name,
            width=found.width or width,
            height=found.height or _even(source.height * width / source.width, 2),
            fps=found.fps or source.fps,
            measured=bool(found.width and found.height),
            online=found.online,
        ),
        found,
    )


def _source(one: settings.Source, facts: Facts) -> VideoSource:
    seen = bool(facts.width and facts.height)
    return VideoSource(
        token=one.token,
        name=one.name or one.token,
        width=facts.width if seen else NOMINAL_WIDTH,
        height=facts.height if seen else NOMINAL_HEIGHT,
        fps=facts.fps or NOMINAL_FPS,
        measured=seen,
        online=facts.online,
    )


def _counts(one: settings.Source, facts: Mapping[str, Facts]) -> bool:
    return one.token in facts and facts[one.token].uri == one.uri


def _size(one: settings.VideoEncoderConfiguration, source: VideoSource) -> tuple[int, int]:
    """Even numbers, never larger than the source; one side alone keeps the source's shape."""
    width, height = one.width, one.height
    if width and not height:
        height = round(source.height * width / source.width)
    elif height and not width:
        width = round(source.width * height / source.height)
    if not width or width > source.width or height > source.height:
        width, height = source.width, source.height
    if one.encoding == "JPEG":
        fitting = min(1.0, JPEG_LARGEST / max(width, height))
        return _even(width * fitting, JPEG_GRID), _even(height * fitting, JPEG_GRID)
    return _even(width, 2), _even(height, 2)


def _even(side: float, grid: int) -> int:
    return max(grid, int(side) // grid * grid)


def _fitting_bitrate(width: int, height: int, fps: float, encoding: str) -> int:
    bits = JPEG_BITS_PER_PIXEL if encoding == "JPEG" else BITS_PER_PIXEL
    fitting = round(width * height * fps * bits / 1000 / 64) * 64
    return min(MOST_KBPS, max(LEAST_KBPS, fitting))
