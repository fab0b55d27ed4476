"""What goes when space or time is over: the oldest files first, by the order they were written.

A file of a protected span stays, and one that is being made into a download goes last. Only what
the index has is deleted, so nobody else's file is.
"""

import contextlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet, Sum

from nvrdevice.events import publish
from nvrdevice.recordings import exporting, index, topics
from nvrdevice.recordings.calendar import UNSET
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.models import Export, ProtectedClip, Segment
from nvrdevice.recordings.settings import Storage

log = logging.getLogger(__name__)

GB = 1_000_000_000
CHUNK = 200  # files deleted in one sweep, so that the recorder's thread is back soon
SHARE_LEFT = 20  # of the room: where protected clips leave less than this part, it is full
SPARE_SHARE = 10  # of the room, at most, is kept for what is written until the next sweep


@dataclass(frozen=True, kw_only=True)
class Swept:
    """Bytes; before: used when the sweep began. room: what files that are not protected may use."""

    gone: int
    before: int
    used: int
    room: int
    more: bool = False  # it was cut short: the next one goes on
    full: str = ""  # why nothing more may be written


class _Deleting:
    """One sweep; what cannot be deleted is left, and told at the end."""

    def __init__(self, place: Folder, limit: int) -> None:
        self.place, self.limit = place, limit
        self.gone = self.freed = 0
        self.error: OSError | None = None

    @property
    def is_over(self) -> bool:
        return self.gone >= self.limit

    def delete(self, one: Segment) -> None:
        try:
            # Who protects a span waits for this, or this sees that it is protected.
            with transaction.atomic():
                if Segment.objects.filter(_within(ProtectedClip.objects.all()), pk=one.pk).exists():
                    return
                # The file first: a disk that is full has no room for the change of the index.
                self.place.delete(one.path)
                Segment.objects.filter(pk=one.pk).delete()
        except OSError as error:
            self.error = error
            return
        self.gone += 1
        self.freed += one.size
        _tell(one)


def sweep(
    place: Folder,
    wanted: Storage,
    now: datetime,
    *,
    spare: int = 0,
    by_age: bool = True,
    limit: int = CHUNK,
) -> Swept:
    """Delete what is too old or too much. spare: bytes that will be written until the next
    sweep. OSError where files refuse to go."""
    before, (_, free) = _used(place), place.usage()
    most, least = int(wanted.max_gb * GB), int(wanted.min_free_gb * GB)
    spare = min(spare, most // SPARE_SHARE)
    if (short := least + spare - free) > 0:
        free += exporting.let_go(short, disk_of=place.path)
    work = _Deleting(place, limit)
    protected, exported = _within(ProtectedClip.objects.all()), _within(exporting.under_way())
    may_go = Segment.objects.filter(closed=True).exclude(protected).order_by("sequence")
    if by_age and wanted.max_days:
        oldest = now - timedelta(days=wanted.max_days)
        for one in _too_old(may_go.exclude(exported), oldest)[:limit]:
            work.delete(one)

    def too_much() -> bool:
        return before - work.freed + spare > most or free + work.freed - spare < least

    for rows in (may_go.exclude(exported), may_go.filter(exported)):
        for one in rows[: limit - work.gone] if too_much() else ():
            if not too_much():
                break
            work.delete(one)
    if work.gone:
        log.info("recordings: %d old files deleted", work.gone)
    if work.error is not None and not work.gone:
        raise work.error
    kept = _size(Segment.objects.filter(protected, closed=True))
    free = place.usage()[1]
    used = before - work.freed
    return Swept(
        gone=work.gone,
        before=before,
        used=used,
        room=max(0, min(most, used + free - least) - kept),
        more=work.is_over,
        full="" if work.is_over else _full(wanted, free=free, kept=kept),
    )


def _too_old(rows: QuerySet[Segment], oldest: datetime) -> QuerySet[Segment]:
    """By their date; what was recorded before the clock was set goes with the next that was
    written behind it."""
    dated = rows.filter(end__lt=oldest, start__gte=UNSET)
    last = dated.aggregate(last=Max("sequence"))["last"] or 0
    return rows.filter(Q(end__lt=oldest, start__gte=UNSET) | Q(start__lt=UNSET, sequence__lt=last))


def _full(wanted: Storage, *, free: int, kept: int) -> str:
    most = wanted.max_gb * GB
    if kept > most - most / SHARE_LEFT:
        return (
            f"Protected recordings take the {wanted.max_gb:g} GB that recordings may take: let "
            "some of them go, or allow more."
        )
    if free < wanted.min_free_gb * GB:
        return (
            f"Less than the {wanted.min_free_gb:g} GB to be left free are free, "
            "and no recording is left that may go."
        )
    return ""


def _used(place: Folder) -> int:
    used = _size(Segment.objects.filter(closed=True))
    for path in Segment.objects.filter(closed=False).values_list("path", flat=True):
        with contextlib.suppress(OSError):  # it was closed and is noted in a moment
            used += place.absolute(path).stat().st_size
    return used


def _size(rows: QuerySet[Segment]) -> int:
    return int(rows.aggregate(total=Sum("size"))["total"] or 0)


def _within(spans: Iterable[ProtectedClip | Export]) -> Q:
    """In one of these spans; of none where there is none."""
    found = Q(pk__in=())
    for one in spans:
        found |= Q(recording_id=one.recording_id, start__lt=one.end, end__gt=one.start)
    return found


def _tell(one: Segment) -> None:
    publish(
        topics.DELETED.name,
        {"RecordingToken": one.recording_id, "TrackToken": index.VIDEO},
        {"StartTime": one.start, "EndTime": one.end},
    )
