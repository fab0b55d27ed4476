"""Settings of recording: what of each source is recorded and when, and how much is kept.

The owner's recording triggers are tokens pushed by /recording/jobs (user.yaml).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor, Note
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import settings as media_settings
from nvrdevice.media.settings import MAX_SOURCES, NAME_LIMIT, TOKEN_LIMIT
from nvrdevice.schedules import book, uses

OFF, CONTINUOUS, SCHEDULE, MOTION, INPUT = "off", "continuous", "schedule", "motion", "input"
MODES = (OFF, CONTINUOUS, SCHEDULE, MOTION, INPUT)
MODE_WORDS = {
    OFF: "Only by hand or trigger",
    CONTINUOUS: "All the time",
    SCHEDULE: "By schedule",
    MOTION: "On motion",
    INPUT: "On a digital input",
}
PRE_LIMIT_S = 30.0
TRIGGERS_LIMIT = 1000
LONGEST = timedelta(hours=24)  # that a trigger with an end holds


@state.section("user.yaml")
@dataclass(frozen=True, kw_only=True)
class RecordingTriggers:
    recording_triggers: tuple[str, ...] = state.setting(
        factory=tuple, title="Recording triggers", most=TRIGGERS_LIMIT, low=1, high=200
    )


@dataclass(frozen=True, kw_only=True)
class CameraRecording:
    source: str = state.setting(title="Camera", low=1, high=TOKEN_LIMIT)
    # On motion: a card in a Pi is neither filled nor worn out by a picture in which nothing is.
    mode: str = state.setting(MOTION, title="When to record", choices=MODES)
    profile: str = state.setting(
        "main",
        title="Stream",
        help="main: as the camera gives it; sub: the small one, for little space.",
        choices=("main", "sub"),
    )
    schedule: str = state.setting(
        "",
        title="Schedule",
        help="When recording by schedule; else motion and inputs count only while it is active.",
        high=NAME_LIMIT,
    )
    inputs: tuple[str, ...] = state.setting(
        factory=tuple,
        title="Digital inputs",
        help="Their tokens, as input1. None: any of them.",
        most=64,
        low=1,
        high=TOKEN_LIMIT,
    )
    pre_s: float = state.setting(
        5.0, title="Before", help="Recorded too.", unit="seconds", low=0, high=PRE_LIMIT_S
    )
    post_s: float = state.setting(
        10.0, title="After", help="Recorded too.", unit="seconds", low=0, high=600
    )

    def __post_init__(self) -> None:
        if self.mode == SCHEDULE and not self.schedule:
            raise DeviceError(
                Kind.INVALID, "schedule: name the schedule to record by.", field="schedule"
            )


@dataclass(frozen=True, kw_only=True)
class Storage:
    max_gb: float = state.setting(
        4.0,
        title="At most for recordings",
        help="The oldest go first. Protected clips count and stay.",
        unit="GB",
        low=0.01,
        high=100_000,
    )
    min_free_gb: float = state.setting(
        1.0,
        title="Left free on the disk",
        help="Below it the oldest go, and where there are none recording stops.",
        unit="GB",
        low=0.0,
        high=10_000,
    )
    max_days: int = state.setting(
        30, title="Kept at most", help="0: as long as there is room.", unit="days", low=0, high=3650
    )
    segment_s: int = state.setting(60, title="Length of a file", unit="seconds", low=5, high=600)


@dataclass(frozen=True, kw_only=True)
class Recordings:
    cameras: tuple[CameraRecording, ...] = state.setting(
        factory=tuple,
        title="Cameras",
        help="One that is not named here records on motion.",
        most=4 * MAX_SOURCES,
    )
    storage: Storage = state.setting(factory=Storage, title="Storage")  # noqa: RUF009


@state.section("media.yaml")
@dataclass(frozen=True, kw_only=True)
class RecordingSettings:
    recording: Recordings = state.setting(factory=Recordings, title="Recording")  # noqa: RUF009


def read() -> Recordings:
    return state.read(RecordingSettings).recording


def camera(source: str, now: Recordings | None = None) -> CameraRecording:
    found = (now or read()).cameras
    return next((one for one in found if one.source == source), CameraRecording(source=source))


def counting(setting: CameraRecording) -> CameraRecording:
    """As it counts: a schedule that is not there holds always, for what is not recorded is lost."""
    if setting.schedule and book.find(setting.schedule) is None:
        return replace(setting, schedule="")
    return setting


def change_camera(source: str, *, by: Actor, **changes: Any) -> CameraRecording:
    """Give one camera's recording other settings."""
    _check_source(source)
    name = changes.get("schedule")
    if name and book.find(str(name)) is None:
        raise DeviceError(Kind.INVALID, f"There is no schedule {name[:64]!r}.", field="schedule")

    def apply(now: RecordingSettings) -> RecordingSettings:
        changed = replace(camera(source, now.recording), **changes)
        known = {one.token for one in media_settings.read().sources}
        others = (one for one in now.recording.cameras if one.source != source)
        kept = (*(one for one in others if one.source in known), changed)
        return replace(now, recording=replace(now.recording, cameras=kept))

    def tell(before: RecordingSettings, after: RecordingSettings) -> Note | None:
        return trail.differences(source)(
            camera(source, before.recording), camera(source, after.recording)
        )

    noting = trail.noting(by, "set recording", tell)
    return camera(source, state.update(RecordingSettings, apply, noting).recording)


def change_storage(*, by: Actor, **changes: Any) -> Storage:
    def apply(now: RecordingSettings) -> RecordingSettings:
        changed = replace(now.recording.storage, **changes)
        return replace(now, recording=replace(now.recording, storage=changed))

    def tell(before: RecordingSettings, after: RecordingSettings) -> Note | None:
        return trail.differences("recordings")(before.recording.storage, after.recording.storage)

    noting = trail.noting(by, "set recording storage", tell)
    return state.update(RecordingSettings, apply, noting).recording.storage


def _check_source(source: str) -> None:
    if source not in {one.token for one in media_settings.read().sources}:
        raise DeviceError(
            Kind.MISSING, f"There is no camera {source[:64]!r}.", subcode="InvalidArgVal/NoSource"
        )


def _renamed(now: RecordingSettings, old: str, new: str) -> RecordingSettings:
    cameras = tuple(
        replace(one, schedule=new) if one.schedule == old else one for one in now.recording.cameras
    )
    return replace(now, recording=replace(now.recording, cameras=cameras))


@uses.declare(RecordingSettings, _renamed)
def _of_schedules(name: str) -> Iterator[uses.Use]:
    called = {one.token: one.name for one in media_settings.read().sources}
    for one in read().cameras:
        if one.schedule == name:
            words = f"recording {called.get(one.source, one.source)}"
            page = f"/recording/camera/{one.source}/" if one.source in called else "/recording/"
            yield uses.Use(words, page)
