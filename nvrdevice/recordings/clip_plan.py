"""Which pictures of which files make a span, in order, none twice: read before anything is copied.

A span begins with the key picture before it, for nothing else can be shown first. Where nothing
was recorded, the next picture follows at once.
"""

import itertools
import os
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.fmp4.writer import FRAGMENT_OVERHEAD, TICKS_S
from nvrdevice.recordings import index, mp4_file, segment_file
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.models import Segment
from nvrdevice.recordings.mp4_file import Samples
from nvrdevice.recordings.segment_file import NS_S, Part, in_ns, in_ticks

GAP = TICKS_S  # what is further apart was not recorded in between
PICTURES_LIMIT = 6_000_000  # of a day with 60 a second, and of 150 MB
ENTRIES_LIMIT = 255  # shapes of the picture in one file


@dataclass
class Plan:
    entries: list[bytes] = field(default_factory=list)
    samples: Samples = field(default_factory=Samples)
    paths: list[str] = field(default_factory=list)
    source: "array[int]" = field(default_factory=lambda: array("I"))  # of each: which path
    offset: "array[int]" = field(default_factory=lambda: array("Q"))
    decode_at: "array[int]" = field(default_factory=lambda: array("Q"))
    width: int = 0
    height: int = 0
    first_ns: int = 0
    head: bytes = b""

    @property
    def total(self) -> int:
        return len(self.head) + sum(self.samples.size)

    def add(self, part: Part, entry: int) -> None:
        """A picture of the last path."""
        size = part.size - FRAGMENT_OVERHEAD
        shift = part.show_at - part.decode_at
        self.samples.add(size=size, duration=part.duration, shift=shift, key=part.key, entry=entry)
        self.source.append(len(self.paths) - 1)
        self.offset.append(part.offset + FRAGMENT_OVERHEAD)
        self.decode_at.append(part.decode_at)

    def chunks(self, place: Folder) -> Iterator[bytes]:
        """The file, from front to back."""
        yield self.head
        now, handle = -1, -1
        try:
            for wanted, offset, size in zip(
                self.source, self.offset, self.samples.size, strict=True
            ):
                if wanted != now:
                    before, handle = handle, -1
                    if before >= 0:
                        os.close(before)
                    handle, now = os.open(place.absolute(self.paths[wanted]), os.O_RDONLY), wanted
                data = os.pread(handle, size, offset)
                if len(data) != size:
                    raise OSError(f"{self.paths[wanted]} is shorter than it was")
                yield data
        finally:
            if handle >= 0:
                os.close(handle)


def plan(segments: Iterable[Segment], place: Folder, start: datetime, end: datetime) -> Plan:
    """DeviceError(MISSING) where nothing of the span was recorded."""
    made = Plan()
    begin, stop = in_ticks(index.nanoseconds(start)), in_ticks(index.nanoseconds(end))
    last: Part | None = None
    for one in segments:
        try:
            found = segment_file.read(place.absolute(one.path))
        except (OSError, DeviceError):
            continue  # it went meanwhile
        entry = mp4_file.sample_entries(found.init)
        made.paths.append(one.path)
        for part in _of_span(found.parts, begin, stop, last):
            if entry not in made.entries:
                made.entries.append(entry)
            number = made.entries.index(entry) + 1
            if last is None:
                made.width, made.height = found.label.width, found.label.height
                made.first_ns = in_ns(part.show_at)
            made.add(part, number)
            last = part
            if len(made.samples) > PICTURES_LIMIT or number > ENTRIES_LIMIT - 1:
                raise DeviceError(Kind.LIMIT, "This span is too long for one file.", field="end")
    if last is None:
        raise DeviceError(
            Kind.MISSING, "Nothing was recorded in this span: choose another.", field="start"
        )
    _time(made)
    made.head = mp4_file.head(
        made.samples,
        made.entries,
        width=made.width,
        height=made.height,
        taken_s=made.first_ns // NS_S,
    )
    return made


def _of_span(parts: tuple[Part, ...], begin: int, stop: int, last: Part | None) -> Iterator[Part]:
    """From the key picture at or before begin on; behind last only, from a key picture on."""
    after = last.decode_at if last is not None else -1
    keys = [n for n, one in enumerate(parts) if one.key and one.decode_at > after]
    if not keys or max(one.show_at + one.duration for one in parts) <= begin:
        return  # it is still being written, and the span is yet to come
    first = max((n for n in keys if parts[n].show_at <= begin), default=keys[0])
    if last is not None:
        first = keys[0]
    for one in parts[first:]:
        if one.show_at < stop and (one.show_at >= begin or last is None):
            yield one


def _time(made: Plan) -> None:
    """Each picture lasts until the next one, but not over what was not recorded."""
    for number, (before, after) in enumerate(itertools.pairwise(made.decode_at)):
        if 0 < after - before <= GAP:
            made.samples.duration[number] = after - before
