"""The index of segments in the database: written by the recorder alone, read by every face."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError
from nvrdevice.recordings import calendar, segment_file
from nvrdevice.recordings.folder import Folder, sequence_of
from nvrdevice.recordings.models import Recording, Segment, StorageFacts, Track
from nvrdevice.recordings.segment_file import NS_S, Contents, Label

STORAGE = "recordings"
VIDEO, METADATA = "VIDEO001", "META001"  # tracks of every recording


def folder() -> Folder:
    return Folder(Path(settings.NVR_DATA_DIR) / "recordings")


def recording_token(source: str) -> str:
    return f"recording-{source}"


def without_source(known: Collection[str]) -> list[Recording]:
    """What was recorded of sources that are there no more, for as long as any of it is."""
    any_of_it = Segment.objects.filter(recording_id=OuterRef("pk"))
    return list(Recording.objects.exclude(source__in=known).filter(Exists(any_of_it)))


def moment(ns: int) -> datetime:
    seconds, rest = divmod(ns, NS_S)
    return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=rest // 1000)


def nanoseconds(at: datetime) -> int:
    whole = at.replace(microsecond=0)
    return int(whole.timestamp()) * NS_S + at.microsecond * 1000


def ensure_recording(
    token: str, source: str, name: str = "", *, clock: Clock = SYSTEM_CLOCK
) -> Recording:
    with transaction.atomic():
        found, made = Recording.objects.get_or_create(
            token=token, defaults={"source": source, "name": name, "created_at": clock.now()}
        )
        if name and found.name != name:
            found.name = name
            found.save(update_fields=["name"])
        if made:
            Track.objects.create(recording=found, token=VIDEO, kind="Video")
            Track.objects.create(recording=found, token=METADATA, kind="Metadata")
    return found


def note_opened(path: str, label: Label) -> None:
    """A file is opened once: what is known of it already is newer."""
    ensure_recording(label.recording, label.source)
    Segment.objects.get_or_create(
        path=path,
        defaults=_of_label(label) | {"end": moment(label.start_ns), "size": 0, "closed": False},
    )


def note_closed(path: str, label: Label, *, end_ns: int, size: int) -> None:
    """Also of one whose opening was never noted."""
    ensure_recording(label.recording, label.source)
    Segment.objects.update_or_create(
        path=path,
        defaults=_of_label(label) | {"end": moment(end_ns), "size": size, "closed": True},
    )


def note_contents(path: str, found: Contents, size: int) -> None:
    note_closed(path, found.label, end_ns=found.end_ns, size=size)


def forget(path: str) -> None:
    Segment.objects.filter(path=path).delete()


def last_sequence(place: Folder) -> int:
    known = Segment.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    return max([known, *(sequence_of(path) for path in place.segments())])


def newest_end() -> datetime | None:
    """When the file ended that was written last; those from before the clock was set count not."""
    rows = Segment.objects.filter(closed=True, start__gte=calendar.UNSET).order_by("-sequence")
    return rows.values_list("end", flat=True).first()


def between(recording: str, start: datetime, end: datetime) -> list[Segment]:
    """Those that may hold pictures of the span, oldest first. An open one knows no end yet."""
    rows = Segment.objects.filter(recording_id=recording, start__lt=end).exclude(
        closed=True, end__lte=start
    )
    return list(rows.order_by("start", "sequence"))


def end_of(one: Segment, place: Folder) -> datetime:
    """How far a segment reaches, which of an open one only its file knows."""
    if one.closed:
        return one.end
    try:
        return moment(segment_file.read(place.absolute(one.path)).end_ns)
    except (OSError, ValueError, DeviceError):
        return one.end


def storage() -> StorageFacts:
    return StorageFacts.objects.filter(token=STORAGE).first() or StorageFacts(token=STORAGE)


def _of_label(label: Label) -> dict[str, object]:
    return {
        "recording_id": label.recording,
        "sequence": label.sequence,
        "profile": label.profile,
        "codec": label.codec,
        "width": label.width,
        "height": label.height,
        "start": moment(label.start_ns),
    }
