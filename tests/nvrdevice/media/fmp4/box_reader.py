"""Reads MP4 boxes back, by the standard and not by our writer."""

import struct
from dataclasses import dataclass

HOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"mvex", b"moof", b"traf"}


@dataclass(frozen=True)
class Box:
    path: str
    start: int
    body: bytes


def boxes(data: bytes, path: str = "", start: int = 0) -> list[Box]:
    """Every box, those inside of others too; AssertionError where lengths do not add up."""
    found = []
    at = 0
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        assert 8 <= length <= len(data) - at, f"{path}/{kind!r} of {length} bytes"
        here = f"{path}/{kind.decode()}"
        body = data[at + 8 : at + length]
        found.append(Box(here, start + at, body))
        if kind in HOLDERS:
            found += boxes(body, here, start + at + 8)
        at += length
    return found


def body(data: bytes, path: str) -> bytes:
    (found,) = [each.body for each in boxes(data) if each.path == path]
    return found


@dataclass(frozen=True)
class Sample:
    sequence: int
    decode_at: int
    duration: int
    show_at: int
    sync: bool
    data: bytes


def sample(fragment: bytes) -> Sample:
    """The one sample of a fragment, found by the offset that the fragment tells."""
    (sequence,) = struct.unpack(">4xI", body(fragment, "/moof/mfhd"))
    (decode_at,) = struct.unpack(">4xQ", body(fragment, "/moof/traf/tfdt"))
    version_flags, count, offset, duration, size, flags, later = struct.unpack(
        ">IIIIIIi", body(fragment, "/moof/traf/trun")
    )
    assert (version_flags, count) == (0x01000F01, 1)
    data = fragment[offset : offset + size]
    assert body(fragment, "/mdat") == data
    return Sample(sequence, decode_at, duration, decode_at + later, not flags & 0x00010000, data)
