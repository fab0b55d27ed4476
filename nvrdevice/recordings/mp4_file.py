"""An MP4 as everybody's player knows it, made of pictures that lie elsewhere. Pure.

All tables come first, the pictures after them in one box, so that a file of any length is
written from front to back and needs no more memory than its tables.
"""

import itertools
import struct
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from nvrdevice.media.fmp4.boxes import box, full_box
from nvrdevice.media.fmp4.writer import TICKS_S, TRACK, UNIT_MATRIX

CHUNK = 100  # pictures
SINCE_1904_S = 2_082_844_800
MDAT_HEAD = 16


@dataclass(frozen=True)
class Samples:
    """Of each picture a few bytes, in columns: a day has two millions of them."""

    size: "array[int]" = field(default_factory=lambda: array("I"))
    duration: "array[int]" = field(default_factory=lambda: array("I"))  # ticks
    shift: "array[int]" = field(default_factory=lambda: array("i"))  # from decoding to showing
    key: bytearray = field(default_factory=bytearray)
    entry: bytearray = field(default_factory=bytearray)  # which sample description, from 1

    def __len__(self) -> int:
        return len(self.size)

    def add(self, *, size: int, duration: int, shift: int, key: bool, entry: int) -> None:
        self.size.append(size)
        self.duration.append(duration)
        self.shift.append(shift)
        self.key.append(key)
        self.entry.append(entry)


def head(
    samples: Samples, entries: Sequence[bytes], *, width: int, height: int, taken_s: int
) -> bytes:
    """Everything before the first byte of the first picture. taken_s: unix time of the first."""
    size = sum(samples.size)
    brands = box(b"ftyp", struct.pack(">4sI4s4s", b"isom", 512, b"isom", b"mp42"))
    shape = _movie(samples, entries, width=width, height=height, taken_s=taken_s, begin=0)
    begin = len(brands) + len(shape) + MDAT_HEAD
    movie = _movie(samples, entries, width=width, height=height, taken_s=taken_s, begin=begin)
    return brands + movie + struct.pack(">I4sQ", 1, b"mdat", size + MDAT_HEAD)


def sample_entries(init: bytes) -> bytes:
    """The sample description of an initialisation segment of ours."""
    at = init.index(b"stsd")
    size = int.from_bytes(init[at - 4 : at])
    return init[at + 12 : at - 4 + size]


def _movie(
    samples: Samples,
    entries: Sequence[bytes],
    *,
    width: int,
    height: int,
    taken_s: int,
    begin: int,
) -> bytes:
    length = sum(samples.duration)
    made = taken_s + SINCE_1904_S
    return box(
        b"moov",
        full_box(
            b"mvhd", 1, 0,
            struct.pack(">QQIQIH10x", made, made, TICKS_S, length, 0x10000, 0x100),
            UNIT_MATRIX,
            struct.pack(">24xI", TRACK + 1),
        ),
        box(
            b"trak",
            full_box(
                b"tkhd", 1, 3,
                struct.pack(">QQIIQ8xhhhxx", made, made, TRACK, 0, length, 0, 0, 0),
                UNIT_MATRIX,
                struct.pack(">II", width << 16, height << 16),
            ),
            box(b"edts", full_box(b"elst", 1, 0, struct.pack(
                ">IQqI", 1, length, max(0, samples.shift[0]), 0x10000))),
            box(
                b"mdia",
                full_box(
                    b"mdhd", 1, 0, struct.pack(">QQIQHH", made, made, TICKS_S, length, 0x55C4, 0)
                ),
                full_box(b"hdlr", 0, 0, struct.pack(">4x4s12x", b"vide"), b"Video\0"),
                box(
                    b"minf",
                    full_box(b"vmhd", 0, 1, bytes(8)),
                    box(
                        b"dinf",
                        full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1)),
                    ),
                    box(b"stbl", *_tables(samples, entries, begin)),
                ),
            ),
        ),
    )  # fmt: skip


def _tables(samples: Samples, entries: Sequence[bytes], begin: int) -> list[bytes]:
    keys = array("I", (number for number, key in enumerate(samples.key, 1) if key))
    counts, places, first = [], array("Q"), 0
    for count, entry in _chunks(samples.entry):
        counts.append((count, entry))
        places.append(begin)
        begin += sum(samples.size[first : first + count])
        first += count
    return [
        full_box(b"stsd", 0, 0, struct.pack(">I", len(entries)), *entries),
        _runs(b"stts", 0, samples.duration, ">II"),
        _runs(b"ctts", 1, samples.shift, ">Ii"),
        full_box(b"stss", 0, 0, struct.pack(">I", len(keys)), _big_endian(keys)),
        _chunk_table(counts),
        full_box(
            b"stsz", 0, 0, struct.pack(">II", 0, len(samples)), _big_endian(samples.size)
        ),
        full_box(b"co64", 0, 0, struct.pack(">I", len(places)), _big_endian(places)),
    ]  # fmt: skip


def _chunks(entries: Iterable[int]) -> Iterator[tuple[int, int]]:
    """How many pictures, all of one sample description."""
    for entry, group in itertools.groupby(entries):
        left = sum(1 for _ in group)
        while left > 0:
            yield min(left, CHUNK), entry
            left -= CHUNK


def _chunk_table(chunks: list[tuple[int, int]]) -> bytes:
    rows, before = [], (0, 0)
    for number, now in enumerate(chunks, 1):
        if now != before:
            rows.append(struct.pack(">III", number, *now))
            before = now
    return full_box(b"stsc", 0, 0, struct.pack(">I", len(rows)), *rows)


def _runs(kind: bytes, version: int, values: Iterable[int], form: str) -> bytes:
    rows, count = bytearray(), 0
    for value, group in itertools.groupby(values):
        rows += struct.pack(form, sum(1 for _ in group), value)
        count += 1
    return full_box(kind, version, 0, struct.pack(">I", count), bytes(rows))


def _big_endian(values: "array[int]") -> bytes:
    if sys.byteorder == "little":
        values = values[:]
        values.byteswap()
    return values.tobytes()
