"""A span becomes one MP4 that plays everywhere, without a picture being encoded anew."""

import hashlib
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import ManualClock
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.recordings import exporting
from nvrdevice.recordings.clip_plan import Plan
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.models import Export
from tests.nvrdevice.recordings.shelf_of_files import RECORDING, add

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor("oscar", "127.0.0.1", "web")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "work", lambda: None)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def made(start: float, end: float) -> Export:
    one = exporting.create(RECORDING, at(start), at(end), by=BY)
    exporting.make(one)
    return Export.objects.get(pk=one.pk)


def probe(path: Path) -> dict[str, Any]:
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", "-show_entries",
         "stream=nb_read_frames,duration,codec_name:format_tags=creation_time", "-of", "json",
         str(path)],
        capture_output=True, check=True,
    )  # fmt: skip
    assert done.stderr == b""
    found = json.loads(done.stdout)
    stream = found["streams"][0]
    return {
        "frames": int(stream["nb_read_frames"]),
        "length": round(float(stream["duration"]), 2),
        "taken": found["format"]["tags"]["creation_time"],
    }


def test_several_files_become_one(data_dir: Path) -> None:
    for number in range(3):
        add(at(2 * number), sequence=number + 1)
    one = made(0, 6)
    assert (one.state, one.error) == ("done", "")
    path = exporting.path_of(one)
    assert probe(path) == {"frames": 150, "length": 6.0, "taken": "2026-01-01T12:00:00.000000Z"}
    assert (path.stat().st_size, one.done) == (one.total, one.total)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == one.sha256
    assert AuditRow.objects.filter(action="export recording", username="oscar").count() == 1


def test_it_begins_with_the_key_picture_before_and_ends_with_the_span() -> None:
    add(NOON, sequence=1)
    assert probe(exporting.path_of(made(1.4, 1.6)))["frames"] == 15


def test_what_was_not_recorded_takes_no_time() -> None:
    add(NOON, sequence=1)
    add(at(3600), sequence=2)
    assert probe(exporting.path_of(made(0, 7200))) == {
        "frames": 100,
        "length": 4.0,
        "taken": "2026-01-01T12:00:00.000000Z",
    }


def test_pictures_recorded_twice_are_in_it_once() -> None:
    add(NOON, sequence=1)
    add(at(1), sequence=2)
    assert probe(exporting.path_of(made(0, 10)))["frames"] == 75


def test_a_stream_that_changed_its_size_is_still_one_file() -> None:
    add(NOON, sequence=1)
    add(at(2), sequence=2, size="160x90")
    assert probe(exporting.path_of(made(0, 10)))["frames"] == 100


def test_the_file_being_written_counts() -> None:
    add(NOON, sequence=1, close=False)
    assert probe(exporting.path_of(made(0, 10)))["frames"] == 50


def test_what_is_yet_to_come_is_not_in_the_file_being_written() -> None:
    add(NOON, sequence=1, close=False)
    one = made(60, 120)
    words = "Nothing was recorded in this span: choose another."
    assert (one.state, one.error) == ("failed", words)


@pytest.mark.parametrize("kind", ["H264 reordered", "H265"])
def test_pictures_that_are_shown_in_another_order(kind: str) -> None:
    add(NOON, sequence=1, kind=kind)
    assert probe(exporting.path_of(made(0, 10)))["frames"] == 50


def test_a_cancelled_one_leaves_no_file() -> None:
    add(NOON, sequence=1)
    one = exporting.create(RECORDING, at(0), at(2), by=BY)
    exporting.cancel(one.token, by=BY)
    exporting.make(one)
    assert not exporting.path_of(one).exists()


def test_after_a_day_it_is_gone(data_dir: Path) -> None:
    add(NOON, sequence=1)
    one = made(0, 2)
    stray = exporting.folder() / "stray.mp4"
    stray.touch()
    exporting.sweep(clock=ManualClock(datetime.now(UTC) + timedelta(hours=25)))
    assert not Export.objects.exists()
    assert not exporting.path_of(one).exists()


@pytest.mark.parametrize(
    ("start", "end", "kind"),
    [(5, 5, Kind.INVALID), (0, 90_000, Kind.LIMIT), (-600, -300, Kind.MISSING)],
)
def test_what_cannot_be_is_refused(start: float, end: float, kind: Kind) -> None:
    add(NOON, sequence=1)
    with pytest.raises(DeviceError) as refusal:
        exporting.create(RECORDING, at(start), at(end), by=BY)
    assert refusal.value.kind is kind
    assert not Export.objects.exists()


def test_what_went_while_it_was_made_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    add(NOON, sequence=1)
    second = add(at(2), sequence=2)
    chunks = Plan.chunks

    def and_delete(found: Plan, place: Folder) -> Iterator[bytes]:
        place.delete(second.path)
        return chunks(found, place)

    monkeypatch.setattr(Plan, "chunks", and_delete)
    one = made(0, 4)
    assert one.error == "A part of this span was deleted to make room: try again."
    assert not exporting.path_of(one).exists()


def test_who_comes_as_the_worker_ends_finds_that_it_ended() -> None:
    assert exporting._next() is None
    assert exporting._worker is None


def test_one_that_breaks_the_code_fails_and_is_not_tried_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add(NOON, sequence=1)

    def broken(found: Plan, place: Folder) -> Iterator[bytes]:
        raise ValueError("nobody thought of this")

    monkeypatch.setattr(Plan, "chunks", broken)
    one = made(0, 2)
    assert (one.state, one.error) == ("failed", "The recordings of this span cannot be read.")
