"""After a start: what a power cut left is made whole, and the index is made to match the files.

Files that are not ours are passed over and never touched.
"""

import logging
import stat
import struct
from collections.abc import Callable, Collection
from dataclasses import dataclass

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.recordings import index, segment_file
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.models import Segment
from nvrdevice.recordings.segment_file import Label

log = logging.getLogger(__name__)


@dataclass
class Outcome:
    repaired: int = 0
    found: int = 0  # files the index did not know
    lost: int = 0  # entries without a file
    passed_over: int = 0


def recover(place: Folder, *, being_written: Callable[[], Collection[str]] = lambda: ()) -> Outcome:
    """OSError where the folder itself cannot be read.

    being_written: asked for each file, since tapes begin others meanwhile. A tape names its file
    before it makes it, and until it has ended it.
    """
    outcome = Outcome()
    known = dict(Segment.objects.values_list("path", "closed"))
    there = set()
    for path in place.segments():
        there.add(path)
        if known.get(path) or path in being_written():
            continue
        try:
            _take_in(place, path, outcome, is_known=path in known)
        except (OSError, ValueError, OverflowError, struct.error, DeviceError) as error:
            outcome.passed_over += 1
            log.warning("%s is passed over: %s", path, error)
    for path in sorted(set(known) - there - set(being_written())):
        index.forget(path)
        outcome.lost += 1
    if outcome != Outcome():
        log.info(
            "recordings: %d files ended, %d found, %d lost, %d passed over",
            outcome.repaired,
            outcome.found,
            outcome.lost,
            outcome.passed_over,
        )
    return outcome


def _take_in(place: Folder, path: str, outcome: Outcome, *, is_known: bool) -> None:
    absolute = place.absolute(path)
    facts = absolute.lstat()
    if not stat.S_ISREG(facts.st_mode):
        raise DeviceError(Kind.INVALID, "it is no file but leads to one, or is a folder")
    if not facts.st_size:
        place.delete(path)  # the power went before anything was in it
        index.forget(path)
        return
    ended = segment_file.read_ended(absolute)
    if ended is not None:
        label, end_ns = ended
        _check_place(path, label)
        outcome.found += not is_known
        index.note_closed(path, label, end_ns=end_ns, size=absolute.stat().st_size)
        return
    found = segment_file.read(absolute)
    _check_place(path, found.label)
    if not found.parts:
        place.delete(path)  # cut off before its first picture
        index.forget(path)
        return
    if not found.closed:
        found = segment_file.repair(absolute)
        outcome.repaired += 1
    if not is_known:
        outcome.found += 1
    index.note_contents(path, found, absolute.stat().st_size)


def _check_place(path: str, label: Label) -> None:
    if label.recording != path.partition("/")[0]:
        raise DeviceError(Kind.INVALID, "it lies in another recording's folder")
