"""A tape writes what the hub gives, whatever the disk does."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from nvrdevice.media.fmp4.boxer import Boxer, Fragment, Init, Unit
from nvrdevice.recordings import segment_file
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.segment_file import Label
from nvrdevice.recordings.tape import Closed, Opened, Tape, Trouble
from tests.nvrdevice.recordings.stage import Camera, FailingFolder, until


class Shelf:
    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.mark = folder.claim()
        self.segment_s = 3.0
        self.file_bytes = 200_000_000
        self.full = ""
        self._sequence = 0

    def next_sequence(self) -> int:
        self._sequence += 1
        return self._sequence


@pytest.fixture
def camera() -> Camera:
    return Camera()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(FailingFolder(tmp_path / "recordings"))


@pytest.fixture
def tape(camera: Camera, shelf: Shelf) -> Iterator[Tape]:
    made = Tape("recording-source1", "source1", shelf, clock=camera.clock)
    yield made
    made.record(None)
    drain(made)


def drain(tape: Tape) -> None:
    while tape.turn(0):
        pass


def lengths(tape: Tape, folder: Folder) -> list[int]:
    """Pictures in each file that was closed."""
    return [
        len(segment_file.read(folder.absolute(note.path)).parts)
        for note in tape.notes()
        if isinstance(note, Closed)
    ]


def test_it_writes_files_of_the_wanted_length(camera: Camera, shelf: Shelf, tape: Tape) -> None:
    tape.record(camera.stream, profile="profile1")
    camera.play(7)
    tape.record(None)
    drain(tape)
    assert lengths(tape, shelf.folder) == [75, 75, 25]


def test_the_seconds_before_come_first(camera: Camera, shelf: Shelf, tape: Tape) -> None:
    camera.stream.hub.remember(10)
    camera.play(8)
    tape.record(camera.stream, past_s=2.0)
    camera.play(1)
    tape.record(None)
    drain(tape)
    # Two seconds and what was between the key picture and them, then one second.
    assert sum(lengths(tape, shelf.folder)) == 100


def test_a_full_disk_costs_only_what_did_not_fit(camera: Camera, shelf: Shelf, tape: Tape) -> None:
    assert isinstance(shelf.folder, FailingFolder)
    tape.record(camera.stream)
    camera.play(3)
    drain(tape)
    shelf.folder.fails = errno.ENOSPC
    camera.play(4)
    drain(tape)
    assert tape.failing == "full"
    shelf.folder.fails = 0
    camera.play(4)
    tape.record(None)
    drain(tape)
    notes = tape.notes()
    assert [note.kind for note in notes if isinstance(note, Trouble)] == ["full", "ok"]
    assert tape.failing == ""
    assert len([note for note in notes if isinstance(note, Closed)]) >= 2


def test_a_clock_set_back_begins_a_file_and_keeps_the_order(
    camera: Camera, shelf: Shelf, tape: Tape
) -> None:
    tape.record(camera.stream)
    camera.play(2)
    camera.shift_ns = -3600 * 1_000_000_000
    camera.play(2)
    tape.record(None)
    drain(tape)
    opened = [note for note in tape.notes() if isinstance(note, Opened)]
    assert [note.label.sequence for note in opened] == [1, 2]
    assert opened[1].label.start_ns < opened[0].label.start_ns
    assert {len(segment_file.read(shelf.folder.absolute(note.path)).parts) for note in opened} == {
        50
    }


def test_a_slow_disk_drops_whole_groups_and_says_so(
    camera: Camera, shelf: Shelf, tape: Tape, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nvrdevice.recordings.tape.UNITS_LIMIT", 60)
    tape.record(camera.stream)
    camera.play(5)
    assert tape.dropped() == 65
    drain(tape)
    camera.play(1)
    tape.record(None)
    drain(tape)
    notes = [note for note in tape.notes() if isinstance(note, Opened)]
    for note in notes:
        assert segment_file.read(shelf.folder.absolute(note.path)).parts[0].key


def test_without_its_mark_a_folder_is_not_written(camera: Camera, shelf: Shelf, tape: Tape) -> None:
    (shelf.folder.path / ".nvrdevice-recordings").unlink()
    tape.record(camera.stream)
    camera.play(2)
    drain(tape)
    assert tape.failing == "gone"
    assert list(shelf.folder.segments()) == []


def test_a_file_that_could_not_be_begun_leaves_nothing(
    camera: Camera, shelf: Shelf, tape: Tape, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int, data: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    tape.record(camera.stream)
    with monkeypatch.context() as patched:
        patched.setattr("nvrdevice.recordings.segment_file.os.write", refuse)
        for _ in range(3):
            camera.play(3)
            drain(tape)
    assert tape.failing == "full"
    assert list(shelf.folder.segments()) == []
    camera.play(3)
    drain(tape)
    assert (tape.failing, len(list(shelf.folder.segments()))) == ("", 1)


def test_a_day_that_goes_with_its_last_file_is_made_again(
    camera: Camera, shelf: Shelf, tape: Tape, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, asked = shelf.folder.place, []

    def placed(label: Label) -> tuple[str, Path]:
        relative, path = place(label)
        if not asked:
            path.parent.rmdir()  # by retention, just now
        asked.append(label)
        return relative, path

    monkeypatch.setattr(shelf.folder, "place", placed)
    tape.record(camera.stream)
    camera.play(2)
    tape.record(None)
    drain(tape)
    assert lengths(tape, shelf.folder) == [50]


def test_a_picture_nobody_understands_costs_only_its_group(
    camera: Camera, shelf: Shelf, tape: Tape, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, seen = Boxer.take, []

    def odd(self: Boxer, unit: Unit) -> list[Init | Fragment]:
        seen.append(unit)
        if len(seen) == 30:
            raise ValueError("a picture that breaks the code that reads it")
        return take(self, unit)

    monkeypatch.setattr(Boxer, "take", odd)
    tape.start()
    tape.record(camera.stream)
    camera.play(1.6)
    until(lambda: tape.oddity)
    camera.play(1.4)
    tape.stop(30)
    assert lengths(tape, shelf.folder) == [29, 25]
    assert (tape.oddity, tape.failing) == ("", "")
