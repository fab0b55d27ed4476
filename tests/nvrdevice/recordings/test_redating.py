"""What was recorded before the clock was set lies where it belongs once it is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nvrdevice.audit.models import AuditRow
from nvrdevice.lib.clock import ManualClock
from nvrdevice.recordings import index, recovery, redating, segment_file, settings
from nvrdevice.recordings.models import ProtectedClip, Segment
from nvrdevice.recordings.redating import Redating
from tests.nvrdevice.recordings import shelf_of_files, stage
from tests.nvrdevice.recordings.stage import Camera

pytestmark = pytest.mark.django_db(transaction=True)
UNSET = datetime(1970, 1, 1, 0, 10, tzinfo=UTC)
SHUT_DOWN = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = datetime(2026, 5, 4, 9, 30, 0, 250_000, tzinfo=UTC)


class Run:
    """A run that began at a moment, as its clock had it."""

    def __init__(self, at: datetime) -> None:
        self.clock, self.is_right = ManualClock(at), False
        self.clock.advance(100.0)
        self.writing: set[str] = set()
        self.redating = Redating(index.folder(), lambda: self.is_right, self.clock)
        self.sequence = 0

    def record(self) -> Segment:
        self.sequence += 1
        made = shelf_of_files.add(self.clock.now(), sequence=self.sequence)
        self.redating.opened(made.path)
        self.go_on(2.0)
        return made

    def go_on(self, seconds: float) -> None:
        for _ in range(int(seconds)):
            self.redating.turn(lambda: self.writing)
            self.clock.advance(1.0)
        self.redating.turn(lambda: self.writing)

    def set_clock(self, now: datetime) -> timedelta:
        """By how much it was wrong."""
        wrong = now - self.clock.now()
        self.clock._now = now
        return wrong


@pytest.mark.parametrize("began", [UNSET, SHUT_DOWN])
def test_files_go_to_the_time_they_were_made_at(began: datetime) -> None:
    run = Run(began)
    first, second = run.record(), run.record()
    wrong = run.set_clock(TODAY)
    third = run.record()
    run.is_right = True
    run.go_on(20)
    found = list(Segment.objects.order_by("sequence"))
    assert [one.start for one in found] == [
        first.start + wrong,
        second.start + wrong,
        third.start,
    ]
    assert [one.end - one.start for one in found] == [timedelta(seconds=2)] * 3
    assert [one.path for one in found] == list(index.folder().segments())
    assert run.redating.is_over
    (row,) = AuditRow.objects.filter(action="date recordings anew")
    assert row.after["files"] == 2


def test_the_index_made_from_the_files_says_the_same() -> None:
    run = Run(UNSET)
    run.record()
    run.set_clock(TODAY)
    run.is_right = True
    run.go_on(20)
    before = list(Segment.objects.values_list("path", "start", "end"))
    Segment.objects.all().delete()
    recovery.recover(index.folder())
    assert list(Segment.objects.values_list("path", "start", "end")) == before
    path = index.folder().absolute(before[0][0])
    assert (
        index.moment(segment_file.in_ns(segment_file.read(path).parts[0].show_at)) == before[0][1]
    )


def test_a_cut_between_the_rename_and_the_index_heals() -> None:
    run = Run(UNSET)
    run.record()
    wrong = run.set_clock(TODAY)
    one = Segment.objects.get()
    label = segment_file.read_label(index.folder().absolute(one.path))
    ms = round(wrong.total_seconds() * 1000)
    index.folder().move(one.path, segment_file.moved(label, ms * segment_file.MS_NS))
    recovery.recover(index.folder())
    assert Segment.objects.get().start == one.start + timedelta(milliseconds=ms)


def test_a_clock_that_was_right_from_the_start_moves_nothing_later() -> None:
    run = Run(TODAY)
    run.is_right = True
    before = run.record()
    run.set_clock(TODAY + timedelta(hours=5))
    run.go_on(30)
    assert (run.redating.is_over, Segment.objects.get().start) == (True, before.start)


def test_until_the_clock_can_be_believed_nothing_is_moved() -> None:
    run = Run(SHUT_DOWN)
    before = run.record()
    run.set_clock(SHUT_DOWN + timedelta(hours=5))  # by whomever
    run.go_on(60)
    assert Segment.objects.get().start == before.start


def test_what_is_written_waits_until_it_is_ended() -> None:
    run = Run(UNSET)
    one = run.record()
    run.writing = {one.path}
    wrong = run.set_clock(TODAY)
    run.go_on(30)
    assert (Segment.objects.get().start, run.redating.is_over) == (one.start, False)
    run.writing = set()
    run.go_on(1)
    assert (Segment.objects.get().start, run.redating.is_over) == (one.start + wrong, True)


def test_a_protected_span_goes_with_its_files() -> None:
    run = Run(UNSET)
    first, second = run.record(), run.record()
    clip = ProtectedClip.objects.create(
        recording_id=first.recording_id,
        start=first.start,
        end=second.end,
        created_at=run.clock.now(),
    )
    wrong = run.set_clock(TODAY)
    run.go_on(20)
    moved = ProtectedClip.objects.get()
    assert (moved.start, moved.end) == (clip.start + wrong, clip.end + wrong)


def test_a_file_whose_place_is_taken_keeps_its_date(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise OSError(30, "Read-only file system")

    run = Run(UNSET)
    one = run.record()
    run.set_clock(TODAY)
    monkeypatch.setattr(redating.Folder, "move", refuse)
    run.go_on(20)
    assert (Segment.objects.get().start, run.redating.is_over) == (one.start, True)


def test_a_recorder_dates_anew_what_it_wrote(tmp_path: Path, config_dir: Path) -> None:
    (config_dir / "media.yaml").write_text(
        "recording:\n  cameras:\n  - {source: source1, mode: continuous}\n"
    )
    camera = Camera(ManualClock(UNSET))
    camera.shift_ns = index.nanoseconds(UNSET) - index.nanoseconds(stage.START)
    recorder = stage.recorder(camera, tmp_path / "recordings")
    assert settings.camera("source1").mode == "continuous"
    recorder.turn()
    camera.play(3)
    stage.settled(recorder)
    assert Segment.objects.get().start.year == 1970
    wrong = TODAY - camera.clock.now()
    camera.clock._now = TODAY
    camera.shift_ns += round(wrong.total_seconds() * 1000) * segment_file.MS_NS
    for _ in range(15):
        camera.play(1)
        stage.settled(recorder)
    recorder.stop()
    recorder._finish()
    assert {one.start.date() for one in Segment.objects.all()} == {TODAY.date()}
    assert Segment.objects.count() >= 2
    recorder_paths = sorted(Segment.objects.values_list("path", flat=True))
    assert recorder_paths == sorted(recorder.shelf.folder.segments())
