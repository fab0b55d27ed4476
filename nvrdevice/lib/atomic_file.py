"""Files that are whole after a power cut: the old bytes or the new, never a mix.

The order is temporary file, fsync, rename, fsync of the folder. Readers need no lock.
"""

import contextlib
import os
import tempfile
from pathlib import Path


def write_bytes(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Replace path by data.

    Raises OSError and leaves the old file untouched when the disk is full or read-only.
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)  # noqa: PTH105 - the name from mkstemp is a str
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames inside folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path, name: str) -> None:
    """Remove what a kill in the middle of write_bytes left of name's temporary files."""
    for leftover in folder.glob(f".{name}.*.new"):
        leftover.unlink(missing_ok=True)
