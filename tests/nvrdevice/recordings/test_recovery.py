"""What is made whole after a start, and what is left alone."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nvrdevice.recordings import index, recovery, segment_file
from nvrdevice.recordings.models import Segment
from tests.nvrdevice.recordings.shelf_of_files import RECORDING, add

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_file_that_is_begun_meanwhile_is_left_alone() -> None:
    place = index.folder()
    left = add(NOON, sequence=1, close=False)
    begun = add(NOON.replace(hour=13), sequence=2, close=False)
    asked = []

    def being_written() -> set[str]:
        asked.append(1)
        return {begun.path} if len(asked) > 1 else set()  # begun after the first was asked for

    before = place.absolute(begun.path).read_bytes()
    assert recovery.recover(place, being_written=being_written).repaired == 1
    assert segment_file.read(place.absolute(left.path)).closed
    assert place.absolute(begun.path).read_bytes() == before
    assert list(Segment.objects.filter(closed=True).values_list("path", flat=True)) == [left.path]


def test_an_empty_file_goes() -> None:
    place = index.folder()
    one = add(NOON, sequence=1)
    empty = place.absolute(one.path).with_name("130000000Z-000000002.mp4")
    empty.touch()
    recovery.recover(place)
    assert list(place.segments()) == [one.path]


def test_folders_that_are_not_ours_are_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    place = index.folder()
    one = add(NOON, sequence=1)
    scandir = os.scandir
    (place.path / "lost+found").mkdir()
    (place.path / RECORDING / "private").mkdir()

    def refusing(path: Path) -> Any:
        if Path(path).name in ("lost+found", "private"):
            raise PermissionError(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert list(place.segments()) == [one.path]


def test_an_opening_that_is_noted_late_does_not_undo_the_end() -> None:
    one = add(NOON, sequence=1)
    label = segment_file.read_label(index.folder().absolute(one.path))
    index.note_opened(one.path, label)
    assert Segment.objects.get().closed
