"""An MP4 as everybody's player knows it, made of pictures that lie elsewhere. Pure.

All tables come first, the pictures after them in one box, so that a file of any length is
written from front to back and needs no more memory than its tables.
"""

import itertools
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nvrdevice.media.fmp4.boxes import box, full_box
from nvrdevice.media.fmp4.writer import TICKS_S, TRACK, UNIT_MATRIX

CHUNK = 100  # pictures
SINCE_1904_S = 2_082_844_800
MDAT_HEAD = 16
LAST = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Sample:
    size: int
    duration: int  # ticks
    shift: int  # from decoding to showing
    key: bool
    entry: int  # which sample description, from 1


def head(
    samples: Sequence[Sample], entries: Sequence[bytes], *, width: int, height: int, taken_s: int
) -> bytes:
    """Everything before the first byte of the first picture. taken_s: unix time of the first."""
    size = sum(one.size for one in samples)
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
    samples: Sequence[Sample],
    entries: Sequence[bytes],
    *,
    width: int,
    height: int,
    taken_s: int,
    begin: int,
) -> bytes:
    length = sum(one.duration for one in samples)
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
                ">IQqI", 1, length, max(0, samples[0].shift), 0x10000))),
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


def _tables(samples: Sequence[Sample], entries: Sequence[bytes], begin: int) -> list[bytes]:
    keys = [number for number, one in enumerate(samples, 1) if one.key]
    chunks = _chunks(samples)
    places, sizes = [], [sum(one.size for one in chunk) for chunk in chunks]
    for size in sizes:
        places.append(begin)
        begin += size
    return [
        full_box(b"stsd", 0, 0, struct.pack(">I", len(entries)), *entries),
        _runs(b"stts", 0, (one.duration for one in samples), ">II"),
        _runs(b"ctts", 1, (one.shift for one in samples), ">Ii"),
        full_box(b"stss", 0, 0, struct.pack(f">I{len(keys)}I", len(keys), *keys)),
        _chunk_table(chunks),
        full_box(
            b"stsz", 0, 0,
            struct.pack(f">II{len(samples)}I", 0, len(samples), *(one.size for one in samples)),
        ),
        full_box(b"co64", 0, 0, struct.pack(f">I{len(places)}Q", len(places), *places)),
    ]  # fmt: skip


def _chunks(samples: Sequence[Sample]) -> list[list[Sample]]:
    found: list[list[Sample]] = []
    for _, group in itertools.groupby(samples, key=lambda one: one.entry):
        found += [list(each) for each in _batched(group)]
    return found


def _batched(samples: Iterable[Sample]) -> Iterable[list[Sample]]:
    left = iter(samples)
    while batch := list(itertools.islice(left, CHUNK)):
        yield batch


def _chunk_table(chunks: list[list[Sample]]) -> bytes:
    rows = []
    before = (0, 0)
    for number, chunk in enumerate(chunks, 1):
        now = len(chunk), chunk[0].entry
        if now != before:
            rows.append(struct.pack(">III", number, *now))
            before = now
    return full_box(b"stsc", 0, 0, struct.pack(">I", len(rows)), *rows)


def _runs(kind: bytes, version: int, values: Iterable[int], form: str) -> bytes:
    rows = [
        struct.pack(form, len(list(group)), value) for value, group in itertools.groupby(values)
    ]
    return full_box(kind, version, 0, struct.pack(">I", len(rows)), *rows)
