"""How full the storage is, and for how many days it will do at today's rate."""

import os
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Min, Sum

from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.recordings import index, settings
from nvrdevice.recordings.folder import try_writing
from nvrdevice.recordings.models import Segment, StorageFacts
from nvrdevice.recordings.retention import GB

LEAST_S = 600.0  # with less than this no rate can be told


@dataclass(frozen=True, kw_only=True)
class Space:
    """Bytes; days is None where too little was recorded to say."""

    used: int
    may_use: int  # in all, by the settings and the disk
    free: int
    disk: int
    days: float | None

    @property
    def share(self) -> float:
        return min(1.0, self.used / self.may_use) if self.may_use else 1.0


def read(*, clock: Clock = SYSTEM_CLOCK) -> Space:
    wanted = settings.read().storage
    used = int(Segment.objects.aggregate(total=Sum("size"))["total"] or 0)
    try:
        disk, free = index.folder().usage()
    except OSError:
        return Space(used=used, may_use=0, free=0, disk=0, days=None)
    may_use = max(0, min(int(wanted.max_gb * GB), used + free - int(wanted.min_free_gb * GB)))
    return Space(used=used, may_use=may_use, free=free, disk=disk, days=_days(may_use, clock))


def _days(may_use: int, clock: Clock) -> float | None:
    now = clock.now()
    found = Segment.objects.filter(closed=True, start__gt=now - timedelta(days=1)).aggregate(
        size=Sum("size"), since=Min("start")
    )
    if not found["size"] or (now - found["since"]).total_seconds() < LEAST_S:
        return None
    share_of_day = (now - found["since"]) / timedelta(days=1)
    return float(may_use / (found["size"] / share_of_day))


def try_disk(*, by: Actor) -> float:
    """Megabytes a second; DeviceError says what the disk refuses."""
    place = index.folder()
    try:
        place.path.mkdir(parents=True, exist_ok=True)
        rate = try_writing(place)
    except OSError as error:
        trail.record(by, "test recording storage", result=os.strerror(error.errno or 0))
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"The disk of the recordings cannot be written: {error.strerror or error}. "
            f"It is the one that holds {place.path}.",
        ) from error
    trail.record(by, "test recording storage", after={"megabytes_per_s": round(rate, 1)})
    return rate


def use_this_disk(*, by: Actor) -> None:
    """Take the disk that is there now for the recordings; what lies on another is forgotten."""
    StorageFacts.objects.filter(token=index.STORAGE).update(mark="")
    trail.record(by, "use this disk for recordings")
