"""Pieces of a segment for the browser: an initialisation segment and whole groups of pictures."""

import os
from dataclasses import dataclass

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.fmp4.writer import TICKS_S
from nvrdevice.recordings import index, segment_file
from nvrdevice.recordings.models import Segment

BYTES_LIMIT = 24_000_000
SECONDS_LIMIT = 30.0


@dataclass(frozen=True, kw_only=True)
class Piece:
    data: bytes
    codec: str
    base_s: float  # seconds since 1970 that the times in data count from
    start_ms: int
    end_ms: int
    last: bool  # nothing of the segment follows
    growing: bool  # and yet it is still being written


def read(segment: int, from_ms: int, seconds: float) -> Piece:
    """From the key picture before from_ms on, for about so many seconds."""
    one = Segment.objects.filter(pk=segment).first()
    if one is None:
        raise DeviceError(Kind.MISSING, "This recording was deleted to make room.")
    seconds = min(max(seconds, 0.0), SECONDS_LIMIT)
    try:
        path = index.folder().absolute(one.path)
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except (OSError, ValueError):
        raise DeviceError(Kind.MISSING, "The file of this recording is not there.") from None
    try:
        found = segment_file.read_open(handle, path)
        keys = [number for number, part in enumerate(found.parts) if part.key]
        if not keys:
            raise DeviceError(Kind.MISSING, "Nothing is in this recording yet.")
        wanted = from_ms * TICKS_S // 1000
        first = max((n for n in keys if found.parts[n].show_at <= wanted), default=keys[0])
        until = max(wanted, found.parts[first].show_at) + int(seconds * TICKS_S)
        begin = found.parts[first].offset
        end = next(
            (
                n
                for n in keys
                if n > first
                and (
                    found.parts[n].show_at >= until
                    or found.parts[n].offset - begin > BYTES_LIMIT // 2
                )
            ),
            len(found.parts),
        )
        last = found.parts[end - 1]
        data = os.pread(handle, min(last.end - begin, BYTES_LIMIT), begin)
    finally:
        os.close(handle)
    return Piece(
        data=found.init + data,
        codec=found.label.codec,
        base_s=found.label.base / TICKS_S,
        start_ms=found.parts[first].show_at * 1000 // TICKS_S,
        end_ms=(last.show_at + last.duration) * 1000 // TICKS_S,
        last=end == len(found.parts),
        growing=not found.closed,
    )
