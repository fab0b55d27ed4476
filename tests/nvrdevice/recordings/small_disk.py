"""A real small file system: filled by somebody else, made read-only, taken away and brought back.

Where this user may not mount one, a folder that refuses in the same way stands in for it.
"""

import contextlib
import errno
import subprocess
from collections.abc import Iterator
from pathlib import Path

from nvrdevice.recordings import index
from nvrdevice.recordings.folder import Folder
from tests.nvrdevice.recordings.stage import FailingFolder

SIZE = 12_000_000


class Disk:
    """A tmpfs at a folder."""

    def __init__(self, path: Path, size: int) -> None:
        self.folder = Folder(path)
        self.size = size
        path.mkdir()
        self._mount()

    def _mount(self) -> None:
        _run("mount", "-t", "tmpfs", "-o", f"size={self.size}", "tmpfs", str(self.folder.path))

    def full(self) -> None:
        with contextlib.suppress(OSError), (self.folder.path / "somebody's.bin").open("wb") as file:
            while True:
                file.write(bytes(65536))
                file.flush()

    def read_only(self) -> None:
        _run("mount", "-o", "remount,ro", str(self.folder.path))

    def gone(self) -> None:
        _run("umount", "--lazy", str(self.folder.path))

    def heal(self, kind: str) -> None:
        if kind == "full":
            (self.folder.path / "somebody's.bin").unlink()
        elif kind == "read-only":
            _run("mount", "-o", "remount,rw", str(self.folder.path))
        else:
            self._mount()
            (self.folder.path / ".nvrdevice-recordings").write_text(index.storage().mark + "\n")

    def close(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            _run("umount", "--lazy", str(self.folder.path))


class SmallFolder(FailingFolder):
    """As full as its files are long."""

    size = SIZE

    def usage(self) -> tuple[int, int]:
        self._refuse()
        used = sum(each.stat().st_size for each in self.path.rglob("*") if each.is_file())
        return self.size, self.size - used


class RefusingDisk(Disk):
    """The same for who may not mount."""

    def __init__(self, path: Path, size: int) -> None:
        self._refusing = SmallFolder(path)
        self._refusing.size = size
        self.folder = self._refusing

    def full(self) -> None:
        self._refusing.fails = errno.ENOSPC

    def read_only(self) -> None:
        self._refusing.fails = errno.EROFS

    def gone(self) -> None:
        self._refusing.fails = errno.ENODEV

    def heal(self, kind: str) -> None:
        self._refusing.fails = 0

    def close(self) -> None:
        pass


@contextlib.contextmanager
def small_disk(path: Path, size: int = SIZE) -> Iterator[Disk]:
    try:
        made = Disk(path / "disk", size)
    except (OSError, subprocess.CalledProcessError):
        made = RefusingDisk(path / "refusing", size)
    try:
        yield made
    finally:
        made.close()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
