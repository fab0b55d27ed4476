"""A change of several documents while it is written: what each of them was before.

Each document is whole whatever happens, but a power cut between two of them would leave half of
a change. Nobody was told that it is made, so it is taken back: by the next start, or the next
change. All of this is done by who holds the lock of the documents.
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from nvrdevice.lib import atomic_file

log = logging.getLogger(__name__)

NAME = ".unfinished.json"
LEFT = ".unfinished"  # behind the name of a document: its text that was taken back


def begin(folder: Path, before: Mapping[str, bytes | None]) -> None:
    """before: the text of each document that is to be written; None where it has no file."""
    told = {name: None if text is None else text.decode() for name, text in before.items()}
    atomic_file.write_bytes(folder / NAME, json.dumps(told).encode(), mode=0o600)


def end(folder: Path) -> None:
    try:
        (folder / NAME).unlink()
    except FileNotFoundError:
        return
    atomic_file.sync_folder(folder)


def take_back(folder: Path) -> tuple[str, ...]:
    """The documents that are again what they were. OSError where the folder cannot be written."""
    try:
        told: dict[str, str | None] = json.loads((folder / NAME).read_bytes())
    except FileNotFoundError:
        return ()
    except ValueError:  # none of ours: those are whole
        end(folder)
        return ()
    found: list[str] = []
    for name, before in told.items():
        path = folder / name
        now = path.read_bytes() if path.exists() else None
        old = None if before is None else before.encode()
        if now == old:
            continue
        if now is not None:  # whoever wrote it
            atomic_file.write_bytes(path.with_name(name + LEFT), now, mode=0o600)
        if old is None:
            path.unlink(missing_ok=True)
        else:
            atomic_file.write_bytes(path, old, mode=0o600)
        found.append(name)
    end(folder)
    if found:
        log.warning("A change of settings was cut off, and is taken back: %s", ", ".join(found))
    return tuple(found)
