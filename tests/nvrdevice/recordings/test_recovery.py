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


def test_what_leads_elsewhere_is_no_recording_and_stays(tmp_path: Path) -> None:
    place = index.folder()
    one = add(NOON, sequence=1)
    day = place.absolute(one.path).parent
    (tmp_path / "empty").touch()
    (day / "130000000Z-000000002.mp4").symlink_to(place.absolute(one.path))
    (day / "130000000Z-000000003.mp4").symlink_to(tmp_path / "empty")
    os.mkfifo(day / "130000000Z-000000004.mp4")
    before = sorted(place.segments())
    assert recovery.recover(place).passed_over == 3
    assert list(Segment.objects.values_list("path", flat=True)) == [one.path]
    assert sorted(place.segments()) == before


def test_a_file_that_says_an_impossible_time_costs_the_others_nothing() -> None:
    place = index.folder()
    broken, good = add(NOON, sequence=1), add(NOON.replace(hour=13), sequence=2)
    path = place.absolute(broken.path)
    data = bytearray(path.read_bytes())
    data[data.index(b"mehd") + 8] = 0xFF  # a bit that a card lost
    path.write_bytes(data)
    Segment.objects.all().delete()
    assert recovery.recover(place).passed_over == 1
    assert list(Segment.objects.values_list("path", flat=True)) == [good.path]


def test_a_number_that_is_none_of_ours_is_not_counted_from() -> None:
    place = index.folder()
    path = place.absolute(add(NOON, sequence=7).path)
    for digits in (18, 30):
        path.with_name(f"130000000Z-{'9' * digits}.mp4").write_bytes(b"somebody's")
    recovery.recover(place)
    assert index.last_sequence(place) == 7
