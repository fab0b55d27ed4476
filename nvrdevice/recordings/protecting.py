"""Spans that no retention touches, until somebody lets them go."""

from datetime import datetime

from django.db import transaction

from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.recordings import index
from nvrdevice.recordings.models import ProtectedClip

CLIPS_LIMIT = 200


def everything() -> list[ProtectedClip]:
    return list(ProtectedClip.objects.select_related("recording").order_by("start"))


def protect(
    recording: str,
    start: datetime,
    end: datetime,
    *,
    by: Actor,
    note: str = "",
    clock: Clock = SYSTEM_CLOCK,
) -> ProtectedClip:
    if not start < end:
        raise DeviceError(Kind.INVALID, "The end must be after the start.", field="end")
    with transaction.atomic():  # retention deletes within one too: what is seen here stays
        if not index.between(recording, start, end):
            raise DeviceError(
                Kind.MISSING, "Nothing was recorded in this span: choose another.", field="start"
            )
        if ProtectedClip.objects.count() >= CLIPS_LIMIT:
            raise DeviceError(
                Kind.LIMIT, f"At most {CLIPS_LIMIT} spans are protected: let one of them go first."
            )
        made = ProtectedClip.objects.create(
            recording_id=recording,
            start=start,
            end=end,
            note=note[:200],
            username=by.username,
            created_at=clock.now(),
        )
        trail.record(by, "protect recording", recording, after={"from": str(start), "to": str(end)})
    return made


def release(number: int, *, by: Actor) -> None:
    """Retention may delete it again."""
    one = ProtectedClip.objects.filter(pk=number).first()
    if one is None:
        raise DeviceError(Kind.MISSING, "This span is not protected any more.")
    one.delete()
    told = {"from": str(one.start), "to": str(one.end)}
    trail.record(by, "release recording", one.recording_id, before=told)
