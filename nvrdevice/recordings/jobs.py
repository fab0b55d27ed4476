"""The recording jobs: one a source, always there, told as ONVIF's properties."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from nvrdevice.events import publish
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.media import presence
from nvrdevice.recordings import index, topics
from nvrdevice.recordings.models import RecordingJob

DELETED = "Deleted"


@dataclass(frozen=True, kw_only=True)
class Job:
    """How the recording of a source goes just now."""

    token: str
    source: str
    recording: str
    profile: str
    state: str  # "Idle", "Active" or "Error", as tt:RecordingJobState has them
    reasons: tuple[str, ...]
    error: str
    since: datetime | None


def job_token(source: str) -> str:
    return f"job-{source}"


def everything() -> tuple[Job, ...]:
    rows = RecordingJob.objects.select_related("recording").order_by("token")
    gone = presence.away()
    found = (
        Job(
            token=row.token,
            source=row.recording.source,
            recording=row.recording_id,
            profile=row.profile,
            state=row.state,
            reasons=tuple(row.reasons),
            error=row.error,
            since=row.since,
        )
        for row in rows
    )
    return tuple(one if gone is None else _without_recorder(one, gone) for one in found)


def _without_recorder(one: Job, gone: presence.Away) -> Job:
    """What was said last is not so while nobody records."""
    if one.state != "Active":
        return one
    return replace(one, state="Error", error=gone.reason, since=gone.since)


def of(source: str) -> Job | None:
    return next((one for one in everything() if one.source == source), None)


def ensure(source: str, name: str = "", *, clock: Clock = SYSTEM_CLOCK) -> None:
    """The recording of a source, its tracks, and the job that fills it."""
    recording = index.ensure_recording(index.recording_token(source), source, name, clock=clock)
    RecordingJob.objects.get_or_create(
        token=job_token(source), defaults={"recording": recording, "since": clock.now()}
    )


def remove(source: str, *, clock: Clock = SYSTEM_CLOCK) -> None:
    """Of a source that is gone; what was recorded of it stays."""
    tell(source, state="Idle", reasons=(), error="", clock=clock)
    RecordingJob.objects.filter(token=job_token(source)).delete()
    publish(
        topics.JOB_STATE.name,
        {"RecordingJobToken": job_token(source)},
        {"State": "Idle"},
        at=clock.now(),
        operation=DELETED,
    )


def tell(
    source: str,
    *,
    state: str,
    reasons: Collection[str],
    error: str,
    profile: str | None = None,
    clock: Clock = SYSTEM_CLOCK,
) -> None:
    """Keep how it goes, and publish what changed."""
    row = RecordingJob.objects.filter(token=job_token(source)).first()
    if row is None:
        return
    recording, at, active = row.recording_id, clock.now(), state == "Active"
    publish(topics.JOB_STATE.name, {"RecordingJobToken": row.token}, {"State": state}, at=at)
    publish(
        topics.RECORDING_STATE.name,
        {"RecordingToken": recording},
        {"IsRecording": active},
        at=at,
    )
    publish(
        topics.TRACK_STATE.name,
        {"RecordingToken": recording, "Track": index.VIDEO},
        {"IsDataPresent": active},
        at=at,
    )
    after = (state, list(reasons), error[:300], row.profile if profile is None else profile)
    if (row.state, row.reasons, row.error, row.profile) != after:
        if row.state != state:
            row.since = at
        row.state, row.reasons, row.error, row.profile = after
        row.save()
