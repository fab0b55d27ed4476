"""Which pictures of which files make a span, in order, none twice: read before anything is copied.

A span begins with the key picture before it, for nothing else can be shown first. Where nothing
was recorded, the next picture follows at once.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.fmp4.writer import FRAGMENT_OVERHEAD, TICKS_S
from nvrdevice.recordings import index, mp4_file, segment_file
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.models import Segment
from nvrdevice.recordings.mp4_file import Sample
from nvrdevice.recordings.segment_file import NS_S, Part, in_ns, in_ticks

GAP = TICKS_S  # what is further apart was not recorded in between
PICTURES_LIMIT = 10_000_000


@dataclass
class Plan:
    entries: list[bytes] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    pieces: list[tuple[str, int, int]] = field(default_factory=list)  # path, offset, size
    width: int = 0
    height: int = 0
    first_ns: int = 0
    head: bytes = b""

    @property
    def total(self) -> int:
        return len(self.head) + sum(one.size for one in self.samples)

    def chunks(self, place: Folder) -> Iterator[bytes]:
        """The file, from front to back."""
        yield self.head
        path, handle = "", -1
        try:
            for wanted, offset, size in self.pieces:
                if wanted != path:
                    before, handle = handle, -1
                    if before >= 0:
                        os.close(before)
                    handle, path = os.open(place.absolute(wanted), os.O_RDONLY), wanted
                data = os.pread(handle, size, offset)
                if len(data) != size:
                    raise OSError(f"{wanted} is shorter than it was")
                yield data
        finally:
            if handle >= 0:
                os.close(handle)


def plan(segments: Iterable[Segment], place: Folder, start: datetime, end: datetime) -> Plan:
    """DeviceError(MISSING) where nothing of the span was recorded."""
    made = Plan()
    begin, stop = in_ticks(index.nanoseconds(start)), in_ticks(index.nanoseconds(end))
    last: Part | None = None
    times: list[tuple[int, int, int]] = []  # decode, duration, shift
    for one in segments:
        try:
            found = segment_file.read(place.absolute(one.path))
        except (OSError, DeviceError):
            continue  # it went meanwhile
        entry = mp4_file.sample_entries(found.init)
        for part in _of_span(found.parts, begin, stop, last):
            if entry not in made.entries:
                made.entries.append(entry)
            number = made.entries.index(entry) + 1
            if not made.samples:
                made.width, made.height = found.label.width, found.label.height
                made.first_ns = in_ns(part.show_at)
            size = part.size - FRAGMENT_OVERHEAD
            made.samples.append(Sample(size, 0, 0, part.key, number))
            made.pieces.append((one.path, part.offset + FRAGMENT_OVERHEAD, size))
            times.append((part.decode_at, part.duration, part.show_at - part.decode_at))
            last = part
            if len(made.samples) > PICTURES_LIMIT:
                raise DeviceError(Kind.LIMIT, "This span is too long for one file.", field="end")
    if not made.samples:
        raise DeviceError(
            Kind.MISSING, "Nothing was recorded in this span: choose another.", field="start"
        )
    _time(made, times)
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
    if not keys:
        return
    first = max((n for n in keys if parts[n].show_at <= begin), default=keys[0])
    if last is not None:
        first = keys[0]
    for one in parts[first:]:
        if one.show_at < stop and (one.show_at >= begin or last is None):
            yield one


def _time(made: Plan, times: list[tuple[int, int, int]]) -> None:
    for number, (decode_at, duration, shift) in enumerate(times):
        apart = times[number + 1][0] - decode_at if number + 1 < len(times) else duration
        one = made.samples[number]
        right = apart if 0 < apart <= GAP else duration
        made.samples[number] = Sample(one.size, right, shift, one.key, one.entry)
