"""Exports: a span made into one MP4 to take away, one at a time, in a thread of the web process.

A file is kept for a day. One that was interrupted by a restart is begun anew.
"""

import hashlib
import logging
import secrets
import shutil
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction
from django.db.models import QuerySet

from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.recordings import index
from nvrdevice.recordings.clip_plan import plan
from nvrdevice.recordings.models import Export

log = logging.getLogger(__name__)

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
WAITING_LIMIT = 8
LONGEST = timedelta(hours=24)
KEPT = timedelta(hours=24)
LEFT_FREE = 500_000_000  # bytes: an export must not stop the recorder
STEP_S = 0.3

_lock = threading.Lock()
_worker: threading.Thread | None = None


def folder() -> Path:
    return Path(settings.NVR_DATA_DIR) / "exports"


def path_of(one: Export) -> Path:
    return folder() / f"{one.token}.mp4"


def create(
    recording: str, start: datetime, end: datetime, *, by: Actor, clock: Clock = SYSTEM_CLOCK
) -> Export:
    if not start < end:
        raise DeviceError(Kind.INVALID, "The end must be after the start.", field="end")
    if end - start > LONGEST:
        raise DeviceError(Kind.LIMIT, "At most 24 hours fit into one file.", field="end")
    if not index.between(recording, start, end):
        raise DeviceError(
            Kind.MISSING, "Nothing was recorded in this span: choose another.", field="start"
        )
    with transaction.atomic():
        same = under_way().filter(
            recording_id=recording, start=start, end=end, username=by.username
        )
        if (asked := same.first()) is not None:
            return asked  # a button pressed twice
        if under_way().count() >= WAITING_LIMIT:
            raise DeviceError(Kind.LIMIT, "Other downloads are being made: wait for one of them.")
        made = Export.objects.create(
            token=secrets.token_hex(16),
            recording_id=recording,
            start=start,
            end=end,
            username=by.username,
            created_at=clock.now(),
        )
        trail.record(by, "export recording", recording, after={"from": str(start), "to": str(end)})
    work()
    return made


def cancel(token: str, *, by: Actor) -> None:
    """One that is waiting or running; a finished one is deleted."""
    one = find(token)
    Export.objects.filter(pk=one.pk).update(state=CANCELLED)
    path_of(one).unlink(missing_ok=True)
    trail.record(by, "cancel export", one.recording_id, before={"token": one.token})


def find(token: str) -> Export:
    one = Export.objects.filter(token=token).first()
    if one is None:
        raise DeviceError(Kind.MISSING, "This download is not kept any more.")
    return one


def sweep(*, clock: Clock = SYSTEM_CLOCK) -> None:
    """Forget what is older than a day, and files that belong to none."""
    now = clock.now()
    for one in Export.objects.filter(created_at__lt=now - KEPT):
        if one.state == RUNNING and one.created_at > now - 2 * KEPT:
            continue  # one that was interrupted and nobody asked for is not kept for ever
        path_of(one).unlink(missing_ok=True)
        one.delete()
    known = set(Export.objects.values_list("token", flat=True))
    for file in folder().glob("*.mp4") if folder().is_dir() else ():
        if file.stem not in known:
            file.unlink(missing_ok=True)


def let_go(wanted: int, *, disk_of: Path) -> int:
    """Delete finished downloads of this disk, the oldest first and never the newest, which
    somebody is about to load: copies go before what they were made of. The bytes that are free."""
    gone = 0
    for one in list(Export.objects.filter(state=DONE).order_by("-created_at")[1:])[::-1]:
        path = path_of(one)
        try:
            if gone >= wanted or path.stat().st_dev != disk_of.stat().st_dev:
                break
            path.unlink()
        except OSError:
            continue  # the sweep forgets one that is gone
        one.delete()
        gone += one.total
        log.info("a finished download was deleted to make room for recordings")
    return gone


def under_way() -> QuerySet[Export]:
    """Those whose files are being read, or soon will be."""
    return Export.objects.filter(state__in=(WAITING, RUNNING))


def work() -> None:
    """Make what waits, in a thread of this process; harmless if one works already."""
    global _worker
    with _lock:
        if _worker is None or not _worker.is_alive():
            Export.objects.filter(state=RUNNING).update(state=WAITING)  # of another life
            _worker = threading.Thread(target=_run, name="exports", daemon=True)
            _worker.start()


def _run() -> None:
    try:
        while one := _next():
            make(one)
    except Exception:
        log.exception("exports failed")
    finally:
        connections["default"].close()


def _next() -> Export | None:
    """The one that waits longest. Where there is none this thread ends: the next one that is
    asked for begins another, since it cannot know whether this one would still look."""
    global _worker
    with _lock:
        found = Export.objects.filter(state=WAITING).order_by("created_at").first()
        if found is None:
            _worker = None
        return found


def make(one: Export) -> None:
    """The file of an export; what stands in the way is told in its row."""
    path = path_of(one)
    if not Export.objects.filter(pk=one.pk, state=WAITING).update(state=RUNNING):
        return  # it was cancelled
    one.state, one.done = RUNNING, 0
    try:
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        place = index.folder()
        found = plan(index.between(one.recording_id, one.start, one.end), place, one.start, one.end)
        one.total = found.total
        if shutil.disk_usage(path.parent).free < found.total + LEFT_FREE:
            raise DeviceError(
                Kind.UNAVAILABLE, "There is not room enough on the disk for this file."
            )
        digest, told_s = hashlib.sha256(), 0.0
        with path.open("wb") as stream:
            for data in found.chunks(place):
                stream.write(data)
                digest.update(data)
                one.done += len(data)
                if time.monotonic() - told_s > STEP_S:
                    told_s = time.monotonic()
                    if not _go_on(one):
                        path.unlink(missing_ok=True)
                        return
        one.sha256, one.state = digest.hexdigest(), DONE
    except DeviceError as error:
        one.state, one.error = FAILED, error.text
    except FileNotFoundError:
        one.state, one.error = FAILED, "A part of this span was deleted to make room: try again."
    except OSError as error:
        one.state, one.error = FAILED, f"The file could not be written: {error.strerror or error}."
    except Exception:  # the others that wait are made all the same
        log.exception("a download cannot be made of %s", one.recording_id)
        one.state, one.error = FAILED, "The recordings of this span cannot be read."
    if one.state == FAILED:
        path.unlink(missing_ok=True)
    with transaction.atomic():
        if Export.objects.filter(pk=one.pk, state=RUNNING).exists():
            one.save()
        else:
            path.unlink(missing_ok=True)


def _go_on(one: Export) -> bool:
    """Tell how far it is; False where it was cancelled."""
    running = Export.objects.filter(pk=one.pk, state=RUNNING)
    return bool(running.update(done=one.done, total=one.total))
