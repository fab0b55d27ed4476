"""What goes when space or time is over: the oldest files first, by the order they were written.

A file of a protected span stays. Only what the index has is deleted, so nobody else's file is.
"""

import contextlib
import logging
from datetime import datetime, timedelta

from django.db.models import QuerySet, Sum

from nvrdevice.events import publish
from nvrdevice.recordings import index, topics
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.models import ProtectedClip, Segment
from nvrdevice.recordings.settings import Storage

log = logging.getLogger(__name__)

GB = 1_000_000_000
CHUNK = 200  # files deleted in one sweep, so that the recorder's thread is back soon


def sweep(place: Folder, wanted: Storage, now: datetime, *, limit: int = CHUNK) -> int:
    """Delete what is too old or too much; how many files went."""
    gone = 0
    used = _used(place)
    _, free = place.usage()
    for one in _unprotected(limit):
        too_old = wanted.max_days and one.end < now - timedelta(days=wanted.max_days)
        too_much = used > wanted.max_gb * GB or free < wanted.min_free_gb * GB
        if not too_old and not too_much:
            break
        place.delete(one.path)
        Segment.objects.filter(pk=one.pk).delete()
        used -= one.size
        free += one.size
        gone += 1
        _tell(one)
    if gone:
        log.info("recordings: %d old files deleted", gone)
    return gone


def has_room(place: Folder, wanted: Storage) -> bool:
    """Whether something more may be written now."""
    return place.usage()[1] >= wanted.min_free_gb * GB


def _used(place: Folder) -> int:
    used = int(Segment.objects.aggregate(total=Sum("size"))["total"] or 0)
    for path in Segment.objects.filter(closed=False).values_list("path", flat=True):
        with contextlib.suppress(OSError):  # it was closed and is noted in a moment
            used += place.absolute(path).stat().st_size
    return used


def _unprotected(limit: int) -> QuerySet[Segment]:
    rows = Segment.objects.filter(closed=True)
    for clip in ProtectedClip.objects.all():
        rows = rows.exclude(recording_id=clip.recording_id, start__lt=clip.end, end__gt=clip.start)
    return rows.order_by("sequence")[:limit]


def _tell(one: Segment) -> None:
    publish(
        topics.DELETED.name,
        {"RecordingToken": one.recording_id, "TrackToken": index.VIDEO},
        {"StartTime": one.start, "EndTime": one.end},
    )
