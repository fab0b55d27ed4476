"""What the overview shows, gathered once for the page and for what is pushed to it later."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse

from nvrdevice import health
from nvrdevice.accounts.levels import Level
from nvrdevice.digital_io import channels
from nvrdevice.events.models import Event, PropertyState
from nvrdevice.media import facts, presence, profiles, settings
from nvrdevice.media.resolved import Media, VideoEncoder, VideoSource
from nvrdevice.recordings import index, jobs
from webui import event_words, recording_parts

ROWS = 20  # of events that the page starts with
LOOKED_BACK = 200  # rows, for the last motion
# The alarm can be switched off while the rule goes on: either tells of motion.
MOTION = ("tns1:VideoSource/MotionAlarm", "tns1:RuleEngine/CellMotionDetector/Motion")
LARGEST = 1920  # a wider picture costs more than an overview shows
TIMES = "\N{MULTIPLICATION SIGN}"

CODECS = {"H264": "H.264", "H265": "H.265", "JPEG": "JPEG"}
ROLES = {"main": "Main stream", "sub": "Sub stream"}
LINKS = {
    "schedules": ("schedules", "Look at the schedules"),
    "digital_channels": ("io", "Look at the channels"),
    "rules": ("rules", "Look at the rules"),
    "first_password": ("account", "Change it"),
    "certificate": ("system-certificates", "Look at the certificate"),
    "https": ("system-certificates", "Look at HTTPS"),
    "clock": ("system-time", "Set the time"),
    "sources": ("sources", "Look at the cameras"),
    "recordings": ("recording", "Look at recording"),
}


@dataclass(frozen=True)
class Stream:
    name: str
    words: str
    profile: str
    role: str
    width: int


@dataclass(frozen=True, kw_only=True)
class Camera:
    token: str
    name: str
    kind: str
    words: str
    since: datetime | None
    reason: str
    streams: tuple[Stream, ...]
    picture: str  # its address, "" where there is no profile to take it from
    width: int
    height: int

    @property
    def main(self) -> Stream | None:
        return self._of_role("main")

    @property
    def sub(self) -> Stream | None:
        return self._of_role("sub")

    def _of_role(self, role: str) -> Stream | None:
        return next((stream for stream in self.streams if stream.role == role), None)

    @property
    def short(self) -> str:
        return self.words.removeprefix("Camera ").capitalize()

    @property
    def why_no_picture(self) -> str:
        if not self.picture:
            return "No profile shows this camera."
        return "" if self.kind == "ok" else self.reason or "There is no picture yet."


@dataclass(frozen=True)
class Motion:
    moving: bool
    at: datetime | None


@dataclass(frozen=True)
class Attention:
    kind: str
    text: str
    fix: str
    url: str
    link: str


def cameras() -> list[Camera]:
    media, known, away = profiles.media(), facts.read(), presence.away()
    return [_camera(source, media, known.get(source.token), away) for source in media.sources]


def chosen(found: list[Camera], token: str) -> Camera:
    """The camera asked for, else the first; the device always has one."""
    return next((camera for camera in found if camera.token == token), found[0])


def motion(source: str) -> Motion:
    tokens = {token for token, owner in _owners().items() if owner == source}
    for state in PropertyState.objects.filter(topic__in=MOTION):
        if "true" in state.data.values() and not tokens.isdisjoint(state.source.values()):
            return Motion(moving=True, at=state.at)
    for event in Event.objects.filter(topic__in=MOTION).order_by("-id")[:LOOKED_BACK]:
        if "true" in event.data.values() and not tokens.isdisjoint(event.source.values()):
            return Motion(moving=False, at=event.at)
    return Motion(moving=False, at=None)


def attention(checks: Iterable[health.Check], level: Level) -> list[Attention]:
    found = []
    for check in checks:
        if check.level is health.Level.OK:
            continue
        page, link = LINKS.get(check.name, ("", ""))
        url = reverse(page) if page and level >= Level.ADMINISTRATOR else ""
        found.append(Attention(check.level.word, check.text, check.fix, url, link))
    return sorted(found, key=lambda entry: entry.kind != "danger")


def recent_rows() -> list[event_words.Row]:
    return rows(Event.objects.order_by("-id")[:ROWS])


def rows(events: Iterable[Event]) -> list[event_words.Row]:
    called = names()
    return [event_words.row(event, called) for event in events]


def names() -> dict[str, str]:
    """What people call each token that events name: cameras, recordings, inputs and outputs."""
    called = {camera.token: camera.name or camera.token for camera in settings.read().sources}
    of_recording = {index.recording_token(token): name for token, name in called.items()}
    of_job = {jobs.job_token(token): name for token, name in called.items()}
    of_camera = {token: called[source] for token, source in _owners().items()}
    parts = {index.STORAGE: "All cameras", index.VIDEO: "Video", index.METADATA: "Metadata"}
    return parts | of_camera | of_recording | of_job | channels.names()


def source_of(event: Event) -> str:
    """The camera an event tells of; empty where it is of none."""
    owners = _owners()
    return next((owners[value] for value in event.source.values() if value in owners), "")


def _owners() -> dict[str, str]:
    """Every token that events name a camera by, and the source it means."""
    found = settings.read()
    own = {one.token: one.token for one in found.sources}
    return own | {one.token: one.source for one in found.video_source_configurations}


def parts(source: str, level: Level) -> dict[str, str]:
    """The parts of the page that change by themselves, by the id of their place."""
    camera = chosen(cameras(), source)
    context: dict[str, Any] = {
        "camera": camera,
        "motion": motion(camera.token),
        "attention": attention(health.recent(), level),
        **recording_parts.shown(camera.token, level),
    }
    return {
        name: render_to_string(f"partials/{name.replace('-', '_')}.html", context)
        for name in ("camera-facts", "motion", "recording", "attention")
    }


def _camera(
    source: VideoSource, media: Media, known: facts.Facts | None, away: presence.Away | None
) -> Camera:
    streams = tuple(
        Stream(
            _stream_name(encoder),
            _stream_words(encoder, source),
            profile.token,
            encoder.role,
            encoder.width,
        )
        for profile in media.profiles
        if profile.fixed
        and (encoder := profile.video_encoder) is not None
        and encoder.source == source.token
    )
    shown = next(
        (
            profile
            for profile in media.profiles
            if profile.video_encoder is not None
            and profile.video_encoder.source == source.token
            and profile.video_encoder.width <= LARGEST
        ),
        None,
    )
    if away is not None:  # the camera itself may be well
        kind, words, since, reason = "danger", "No picture", away.since, away.reason
    elif known is not None and known.online:
        kind, words, since, reason = "ok", "Live", None, ""
    elif known is not None and known.since is not None:
        kind, words, since, reason = "danger", "Camera offline", known.since, known.reason
    else:
        kind, words, since, reason = "unknown", "Camera not seen yet", None, ""
    return Camera(
        token=source.token,
        name=source.name,
        kind=kind,
        words=words,
        since=since,
        reason=reason,
        streams=streams,
        picture=reverse("snapshot", args=[shown.token]) if shown else "",
        width=source.width,
        height=source.height,
    )


def _stream_name(encoder: VideoEncoder) -> str:
    return ROLES.get(encoder.role, encoder.name)


def _stream_words(encoder: VideoEncoder, source: VideoSource) -> str:
    if not source.measured:
        return "Not measured yet"
    codec = CODECS.get(encoder.encoding, encoder.encoding)
    words = f"{encoder.width} {TIMES} {encoder.height}, {encoder.fps:.3g} fps, {codec}"
    return f"{words}, as the camera sends it" if encoder.pass_through else words
