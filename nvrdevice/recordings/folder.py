"""The folder of the recordings: the only place the recorder writes, and deletes its own files.

A mark in it says that it is ours. Where recordings were and the mark is missing, a disk was
taken away, and what lies under its mount point must not be filled instead.
"""

import contextlib
import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from nvrdevice.lib import atomic_file
from nvrdevice.recordings.segment_file import NS_S, SEQUENCES, Label

MARK = ".nvrdevice-recordings"
TOKEN = re.compile(r"[A-Za-z0-9._-]{1,80}", re.ASCII)
PATH = re.compile(
    r"(?P<recording>[A-Za-z0-9._-]{1,80})/\d{4}-\d\d-\d\d/\d{9}Z-(?P<sequence>\d{9,18})\.mp4",
    re.ASCII,
)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
FULL, READ_ONLY, GONE, BROKEN = "full", "read-only", "gone", "broken"
KINDS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.ENOENT: GONE,
    errno.ENOTDIR: GONE,
    errno.ENODEV: GONE,
    errno.ENXIO: GONE,
    errno.ESTALE: GONE,
    errno.ENOTCONN: GONE,
}


def kind_of(error: OSError) -> str:
    return KINDS.get(error.errno or 0, BROKEN)


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path

    def mark(self) -> str:
        """What the mark says; "" where there is none. OSError where it may not be read: the disk
        is there, and who mends it must not look for another."""
        try:
            return (self.path / MARK).read_text(encoding="ascii").strip()
        except PermissionError:
            raise
        except (OSError, ValueError):
            return ""

    def claim(self) -> str:
        """Make the folder ours, and its mark where it has none; the mark."""
        self.path.mkdir(parents=True, exist_ok=True)
        found = self.mark()
        if not found:
            found = secrets.token_hex(8)
            atomic_file.write_bytes(self.path / MARK, found.encode() + b"\n")
        return found

    def check(self, mark: str) -> None:
        """OSError where the folder is not the one with this mark."""
        if self.mark() != mark:
            raise OSError(errno.ENODEV, "the disk of the recordings is not there", str(self.path))

    def usage(self) -> tuple[int, int]:
        """Bytes of the disk in all, and free for us."""
        found = shutil.disk_usage(self.path)
        return found.total, found.free

    def place(self, label: Label) -> tuple[str, Path]:
        """Where a new segment goes: its path below the folder, whose folders are made."""
        assert TOKEN.fullmatch(label.recording), label.recording
        at = datetime.fromtimestamp(label.start_ns / NS_S, UTC)
        name = f"{at:%H%M%S}{at.microsecond // 1000:03d}Z-{label.sequence:09d}.mp4"
        relative = f"{label.recording}/{at:%Y-%m-%d}/{name}"
        path = self.path / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        return relative, path

    def absolute(self, relative: str) -> Path:
        """Of a segment's path as the index has it; nothing outside the folder has one."""
        if not PATH.fullmatch(relative) or ".." in relative.split("/"):
            raise ValueError(f"{relative!r} is no segment's path")
        return self.path / relative

    def delete(self, relative: str) -> None:
        """A segment, and its day's folder with the last one. One that is gone is no error."""
        path = self.absolute(relative)
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # other files of the day are there
            path.parent.rmdir()

    def move(self, relative: str, label: Label) -> str:
        """Where a segment lies from now on, which label dates anew. OSError: it stays."""
        before = self.absolute(relative)
        after, path = self.place(label)
        if path.exists():
            raise FileExistsError(errno.EEXIST, "another file has its place", str(path))
        before.rename(path)
        for each in {path.parent, before.parent}:
            atomic_file.sync_folder(each)
        with contextlib.suppress(OSError):
            before.parent.rmdir()
        return after

    def segments(self) -> Iterator[str]:
        """The paths of all files that are named like segments."""
        for recording in _folders(self.path, TOKEN):
            for day in _folders(recording, DAY):
                for entry in sorted(os.listdir(day)):  # noqa: PTH208 - names alone, of thousands
                    relative = f"{recording.name}/{day.name}/{entry}"
                    if PATH.fullmatch(relative):
                        yield relative


def sequence_of(relative: str) -> int:
    found = PATH.fullmatch(relative)
    number = int(found["sequence"]) if found else 0
    return number if number < SEQUENCES else 0  # what somebody put there is not counted from


def _folders(path: Path, named: re.Pattern[str]) -> list[Path]:
    """Those named like ours: a disk has others (lost+found) that this user may not read."""
    with os.scandir(path) as found:
        return sorted(
            Path(one.path)
            for one in found
            if named.fullmatch(one.name) and one.is_dir(follow_symlinks=False)
        )


def try_writing(folder: Folder, *, size: int = 1_000_000) -> float:
    """Write, sync, read back and delete a file; megabytes a second. OSError says what fails."""
    import time

    data = secrets.token_bytes(size)
    path = folder.path / f".test-{secrets.token_hex(6)}"
    began_s = time.monotonic()
    try:
        with path.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        took_s = time.monotonic() - began_s
        if path.read_bytes() != data:
            raise OSError(errno.EIO, "what was written reads back differently", str(path))
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
    return size / 1e6 / max(took_s, 1e-6)
