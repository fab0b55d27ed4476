"""One file of a recording: fragments of one picture each behind an initialisation segment.

Pure but for the file itself. Invariant: whatever happens, a file is whole up to some fragment;
what follows that is cut off by `repair`. A file that was ended has an index of its key pictures
(`mfra`) behind its last fragment and says how long it is. Each says whose it is and since when
in a box of its own (`uuid`), so that the index of all files can be made from the files. Times in
a file count from its own start: players would take a time since 1970 for its length. Where the
name of a file says another time, that counts: so a file is dated anew whole, by one rename.
"""

import contextlib
import json
import os
import re
import struct
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.fmp4.boxer import Fragment
from nvrdevice.media.fmp4.boxes import box, full_box
from nvrdevice.media.fmp4.picture import Picture
from nvrdevice.media.fmp4.writer import FRAGMENT_OVERHEAD, TICKS_S, TRACK, init_segment

LABEL = uuid.UUID("5a1d3c1e-6f0b-4c55-9c0e-0d6b7f0f3a51").bytes
NS_S = 1_000_000_000
HEAD_LIMIT = 64_000  # initialisation segment and label
TIME_AT = 60  # of a fragment's decoding time, in it
MOOF_SIZE = FRAGMENT_OVERHEAD - 8
NOT_SYNC = 0x00010000
ENTRY = struct.Struct(">QQBBB")  # of tfra: time, offset, and three ones
MODE = 0o640
MS_NS = 1_000_000
SEQUENCES = 10**15  # no device counts so far: a larger number is not ours
NAMED = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{6})(\d{3})Z-\d{9,}\.mp4", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Label:
    recording: str
    source: str
    profile: str
    sequence: int  # rises by one with each file, whatever the clock does
    start_ns: int
    base: int  # ticks since 1970 that the file's own times count from
    codec: str
    width: int
    height: int


class Part(NamedTuple):
    """A fragment as it lies in a file; times in ticks since 1970."""

    offset: int
    size: int
    decode_at: int
    show_at: int
    duration: int
    key: bool

    @property
    def end(self) -> int:
        return self.offset + self.size


@dataclass(frozen=True, kw_only=True)
class Contents:
    label: Label
    init: bytes
    parts: tuple[Part, ...]
    whole_to: int  # bytes, up to the end of the last whole fragment
    closed: bool

    @property
    def end_ns(self) -> int:
        if not self.parts:
            return self.label.start_ns
        return max(
            self.label.start_ns, in_ns(max(part.show_at + part.duration for part in self.parts))
        )


def in_ns(ticks: int) -> int:
    return ticks * NS_S // TICKS_S


def in_ticks(ns: int) -> int:
    return ns * TICKS_S // NS_S


class SegmentWriter:
    """A file that grows. OSError where the disk refuses; `give_up` then leaves it whole."""

    def __init__(self, path: Path, label: Label, picture: Picture) -> None:
        init = init_segment(picture, duration=0)
        told = json.dumps(asdict(label), separators=(",", ":")).encode()
        head = init + box(b"uuid", LABEL, told)
        self.path, self.label = path, label
        self.size = self.end_ns = 0
        self._keys: list[tuple[int, int]] = []
        self._first: int | None = None
        self._last = 0
        self._length_at = init.index(b"mehd") + 8
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        self._handle = os.open(path, flags, MODE)
        try:
            self._write(head)
            os.fdatasync(self._handle)
        except OSError:
            self.give_up()
            with contextlib.suppress(OSError):  # nothing is in it
                path.unlink()
            raise

    def append(self, fragment: Fragment) -> None:
        """Before a key picture, what is there is brought onto the disk."""
        part = read_part(fragment.data, self.size, base=0)
        assert part is not None
        own = struct.pack(">Q", max(0, part.decode_at - self.label.base))
        if fragment.key:
            if self._first is not None:
                os.fdatasync(self._handle)
            self._keys.append((part.show_at - self.label.base, self.size))
        self._first = part.decode_at if self._first is None else self._first
        self._write(fragment.data[:TIME_AT] + own + fragment.data[TIME_AT + len(own) :])
        self._last = max(self._last, part.show_at + part.duration)
        self.end_ns = in_ns(self._last)

    def close(self) -> None:
        """The file as players and people want it: indexed, and with its true length."""
        try:
            self._write(_index(self._keys))
            length = max(0, self._last - (self._first or 0))
            os.pwrite(self._handle, struct.pack(">Q", length), self._length_at)
            os.fdatasync(self._handle)
        except OSError:
            self.give_up()
            raise
        self._close()

    def give_up(self) -> None:
        """Leave what is whole; the rest is done by `repair` when the disk is well again."""
        if self._handle >= 0:
            with contextlib.suppress(OSError):  # repair cuts it off
                os.ftruncate(self._handle, self.size)
        self._close()

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(self._handle, left) :]
        self.size += len(data)

    def _close(self) -> None:
        handle, self._handle = self._handle, -1
        if handle >= 0:
            with contextlib.suppress(OSError):  # of a disk that is gone
                os.close(handle)


def read_part(header: bytes, offset: int, *, base: int) -> Part | None:
    """From the first bytes of a fragment; None where there is no whole header of ours."""
    if len(header) < FRAGMENT_OVERHEAD:
        return None
    moof, kind = struct.unpack_from(">I4s", header)
    mdat, data_kind = struct.unpack_from(">I4s", header, MOOF_SIZE)
    decode_at = struct.unpack_from(">Q", header, TIME_AT)[0] + base
    duration, sample, flags, shift = struct.unpack_from(">IIIi", header, 88)
    if (moof, kind, data_kind) != (MOOF_SIZE, b"moof", b"mdat") or mdat != sample + 8:
        return None
    return Part(
        offset,
        FRAGMENT_OVERHEAD + sample,
        decode_at,
        decode_at + shift,
        duration,
        not flags & NOT_SYNC,
    )


def read(path: Path) -> Contents:
    """All of a file but its pictures. DeviceError(INVALID) where it is none of ours."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        return read_open(handle, path)
    finally:
        os.close(handle)


def read_open(handle: int, path: Path) -> Contents:
    init, label, begin = _read_head(os.pread(handle, HEAD_LIMIT, 0), path)
    total = os.fstat(handle).st_size
    parts = tuple(_parts(handle, begin, total, label.base))
    whole_to = parts[-1].end if parts else begin
    closed = os.pread(handle, 8, whole_to)[4:] == b"mfra" and _index_ends(handle, whole_to, total)
    return Contents(label=label, init=init, parts=parts, whole_to=whole_to, closed=closed)


def read_label(path: Path) -> Label:
    with path.open("rb") as stream:
        return _read_head(stream.read(HEAD_LIMIT), path)[1]


def read_ended(path: Path) -> tuple[Label, int] | None:
    """Label and end_ns of a file that was ended, from its head and its index alone; None for
    any other. Thousands of files are taken in so, not read through."""
    with path.open("rb") as stream:
        init, label, begin = _read_head(stream.read(HEAD_LIMIT), path)
        total = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, total - 4))
        at = total - int.from_bytes(stream.read(4))
        if not begin < at < total - 8:
            return None  # with no picture, or no index
        stream.seek(at)
        if int.from_bytes(stream.read(4)) != total - at or stream.read(4) != b"mfra":
            return None
        length = struct.unpack_from(">Q", init, init.index(b"mehd") + 8)[0]
    return label, max(label.start_ns, in_ns(label.base + length))


def repair(path: Path) -> Contents:
    """Cut a file that was not ended behind its last whole fragment, and end it."""
    handle = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        found = read_open(handle, path)
        if found.closed:
            return found
        os.ftruncate(handle, found.whole_to)
        keys = [(part.show_at - found.label.base, part.offset) for part in found.parts if part.key]
        os.pwrite(handle, _index(keys), found.whole_to)
        if found.parts:
            last = max(part.show_at + part.duration for part in found.parts)
            length = last - found.parts[0].decode_at
            place = found.init.index(b"mehd") + 8
            os.pwrite(handle, struct.pack(">Q", max(0, length)), place)
        os.fdatasync(handle)
        return read_open(handle, path)
    finally:
        os.close(handle)


def moved(label: Label, shift_ns: int) -> Label:
    """As of a clock that was wrong by so much, in whole milliseconds: names have no more."""
    return replace(label, start_ns=label.start_ns + shift_ns, base=label.base + in_ticks(shift_ns))


def _dated(label: Label, path: Path) -> Label:
    found = NAMED.fullmatch(f"{path.parent.name}/{path.name}")
    if found is None:
        return label
    try:
        at = datetime.strptime(f"{found[1]} {found[2]}", "%Y-%m-%d %H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return label
    apart_ms = int(at.timestamp()) * 1000 + int(found[3]) - label.start_ns // MS_NS
    return moved(label, apart_ms * MS_NS) if abs(apart_ms) > 1 else label  # rounding is no date


def _read_head(head: bytes, path: Path) -> tuple[bytes, Label, int]:
    offset = 0
    while offset + 24 <= len(head):
        size, kind = struct.unpack_from(">I4s", head, offset)
        if size < 8:
            break
        if kind == b"uuid" and head[offset + 8 : offset + 24] == LABEL:
            label = _label(head[offset + 24 : offset + size])
            if label is None or offset + size > len(head) or b"mehd" not in head[:offset]:
                break
            return head[:offset], _dated(label, path), offset + size
        offset += size
    raise DeviceError(Kind.INVALID, "This file is no segment of a recording of this device.")


def _label(told: bytes) -> Label | None:
    try:
        values: dict[str, Any] = json.loads(told)
        label = Label(**values)
    except (ValueError, TypeError):
        return None
    right = all(type(getattr(label, name)) is kind for name, kind in Label.__annotations__.items())
    return label if right and 0 <= label.sequence < SEQUENCES else None


def _parts(handle: int, offset: int, total: int, base: int) -> Iterator[Part]:
    while offset + FRAGMENT_OVERHEAD <= total:
        part = read_part(os.pread(handle, FRAGMENT_OVERHEAD, offset), offset, base=base)
        if part is None or part.end > total:
            return
        yield part
        offset = part.end


def _index_ends(handle: int, offset: int, total: int) -> bool:
    size = int.from_bytes(os.pread(handle, 4, offset))
    return offset + size == total and int.from_bytes(os.pread(handle, 4, total - 4)) == size


def _index(keys: list[tuple[int, int]]) -> bytes:
    """The box mfra: when each key picture is shown and where its fragment begins."""
    entries = b"".join(ENTRY.pack(at, offset, 1, 1, 1) for at, offset in keys)
    table = full_box(b"tfra", 1, 0, struct.pack(">III", TRACK, 0, len(keys)), entries)
    return box(b"mfra", table, full_box(b"mfro", 0, 0, struct.pack(">I", 8 + len(table) + 16)))
