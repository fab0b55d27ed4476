"""The oldest go first, whatever the clock said; what is protected or somebody else's stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.events.models import Event
from nvrdevice.lib.clock import ManualClock
from nvrdevice.lib.errors import DeviceError
from nvrdevice.recordings import exporting, index, protecting, retention
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.models import Export, ProtectedClip, Segment
from nvrdevice.recordings.settings import Storage
from tests.nvrdevice.recordings.shelf_of_files import RECORDING, add

pytestmark = pytest.mark.django_db
BY = Actor("oscar", "127.0.0.1", "web")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def left() -> list[int]:
    return list(Segment.objects.order_by("sequence").values_list("sequence", flat=True))


def filled(count: int = 4) -> int:
    """That many files, the later written ones of an earlier hour: the clock was set back."""
    return max(
        add(NOON - timedelta(hours=number), sequence=number).size for number in range(1, count + 1)
    )


def test_too_much_goes_in_the_order_it_was_written() -> None:
    size = filled()
    wanted = Storage(max_gb=2.5 * size / retention.GB, min_free_gb=0, max_days=0)
    assert retention.sweep(index.folder(), wanted, NOON).gone == 2
    assert left() == [3, 4]
    assert len(list(index.folder().segments())) == 2
    told = Event.objects.filter(topic="tns1:RecordingConfig/DeleteTrackData").first()
    assert told is not None
    assert told.data == {
        "StartTime": "2026-01-01T11:00:00.000Z",
        "EndTime": "2026-01-01T11:00:02.000Z",
    }


def test_too_old_goes() -> None:
    filled()
    wanted = Storage(max_gb=100, min_free_gb=0, max_days=1)
    assert retention.sweep(index.folder(), wanted, NOON + timedelta(days=2)).gone == 4
    assert retention.sweep(index.folder(), wanted, NOON + timedelta(days=2)).gone == 0


def test_what_is_protected_stays_until_it_is_let_go() -> None:
    filled(2)
    clip = protecting.protect(RECORDING, NOON - timedelta(hours=1), NOON, by=BY)
    wanted = Storage(max_gb=100, min_free_gb=0, max_days=1)
    later = NOON + timedelta(days=2)
    assert retention.sweep(index.folder(), wanted, later).gone == 1
    assert left() == [1]
    protecting.release(clip.pk, by=BY)
    assert retention.sweep(index.folder(), wanted, later).gone == 1
    assert left() == []
    actions = AuditRow.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["protect recording", "release recording"]


def test_other_peoples_files_stay(data_dir: Path) -> None:
    one = add(NOON, sequence=1)
    folder = index.folder().absolute(one.path).parent
    (folder / "holiday.mp4").write_bytes(b"mine")
    wanted = Storage(max_gb=100, min_free_gb=0, max_days=1)
    retention.sweep(index.folder(), wanted, NOON + timedelta(days=2))
    assert [path.name for path in folder.iterdir()] == ["holiday.mp4"]


@pytest.mark.parametrize("path", ["../../etc/passwd", "a/2026-01-01/x.mp4", "/etc/passwd", ""])
def test_nothing_outside_is_ever_named(path: str) -> None:
    with pytest.raises(ValueError, match="is no segment's path"):
        index.folder().absolute(path)


def test_nothing_recorded_cannot_be_protected() -> None:
    with pytest.raises(DeviceError):
        protecting.protect(RECORDING, NOON, NOON + timedelta(hours=1), by=BY)


def test_as_much_is_left_as_will_be_written_meanwhile() -> None:
    size = filled()
    wanted = Storage(max_gb=20 * size / retention.GB, min_free_gb=0, max_days=0)
    assert retention.sweep(index.folder(), wanted, NOON, spare=0).gone == 0
    small = Storage(max_gb=4.1 * size / retention.GB, min_free_gb=0, max_days=0)
    assert retention.sweep(index.folder(), small, NOON, spare=size // 5).gone == 1


def test_a_clock_that_jumped_takes_nothing() -> None:
    filled()
    wanted = Storage(max_gb=100, min_free_gb=0, max_days=1)
    later = NOON + timedelta(days=3650)
    assert retention.sweep(index.folder(), wanted, later, by_age=False).gone == 0
    assert left() == [1, 2, 3, 4]


def test_a_file_from_the_future_keeps_no_other_from_going_for_its_age() -> None:
    add(NOON + timedelta(days=365), sequence=1)
    add(NOON, sequence=2)
    wanted = Storage(max_gb=100, min_free_gb=0, max_days=1)
    assert retention.sweep(index.folder(), wanted, NOON + timedelta(days=2)).gone == 1
    assert left() == [1]


def test_what_is_made_into_a_download_goes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "work", lambda: None)
    size = filled()
    oldest = NOON - timedelta(hours=1)
    exporting.create(RECORDING, oldest, oldest + timedelta(seconds=2), by=BY)
    wanted = Storage(max_gb=1.5 * size / retention.GB, min_free_gb=0, max_days=0)
    assert retention.sweep(index.folder(), wanted, NOON).gone == 3
    assert left() == [1]
    none = Storage(max_gb=0.01, min_free_gb=100_000 / 10, max_days=0)
    assert retention.sweep(index.folder(), none, NOON).gone == 1


def test_what_is_protected_during_a_sweep_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    filled()
    delete = Folder.delete

    def and_protect(place: Folder, path: str) -> None:
        delete(place, path)
        if not ProtectedClip.objects.exists():
            protecting.protect(RECORDING, NOON - timedelta(hours=2), NOON, by=BY)

    monkeypatch.setattr(Folder, "delete", and_protect)
    wanted = Storage(max_gb=100, min_free_gb=0, max_days=1)
    retention.sweep(index.folder(), wanted, NOON + timedelta(days=2))
    assert left() == [2]


def test_a_file_that_refuses_to_go_keeps_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    filled()
    delete = Folder.delete

    def refusing(place: Folder, path: str) -> None:
        if path.endswith("000000001.mp4"):
            raise PermissionError(path)
        delete(place, path)

    monkeypatch.setattr(Folder, "delete", refusing)
    wanted = Storage(max_gb=100, min_free_gb=0, max_days=1)
    later = NOON + timedelta(days=2)
    assert retention.sweep(index.folder(), wanted, later).gone == 3
    assert left() == [1]
    with pytest.raises(PermissionError):
        retention.sweep(index.folder(), wanted, later)


def test_where_protected_clips_take_all_it_is_full_and_says_so() -> None:
    size = filled(2)
    protecting.protect(RECORDING, NOON - timedelta(hours=3), NOON, by=BY)
    wanted = Storage(max_gb=2.01 * size / retention.GB, min_free_gb=0, max_days=0)
    assert retention.sweep(index.folder(), wanted, NOON).full.startswith("Protected recordings")
    more = Storage(max_gb=3 * size / retention.GB, min_free_gb=0, max_days=0)
    assert retention.sweep(index.folder(), more, NOON).full == ""
    assert left() == [1, 2]


def test_what_was_recorded_before_the_clock_was_set_goes_with_what_followed() -> None:
    for number, day in enumerate((datetime(1970, 1, 1, tzinfo=UTC), NOON), 1):
        add(day, sequence=number)
    wanted = Storage(max_gb=100, min_free_gb=0, max_days=1)
    assert retention.sweep(index.folder(), wanted, NOON + timedelta(hours=23)).gone == 0
    assert retention.sweep(index.folder(), wanted, NOON + timedelta(hours=25)).gone == 2


class AlmostFull(Folder):
    def usage(self) -> tuple[int, int]:
        return 100 * retention.GB, retention.GB


def test_finished_downloads_go_before_what_they_were_made_of_but_the_newest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exporting, "work", lambda: None)
    filled(2)
    made = []
    for minutes in range(3):
        clock = ManualClock(NOON + timedelta(minutes=minutes))
        one = exporting.create(RECORDING, NOON - timedelta(hours=2), NOON, by=BY, clock=clock)
        exporting.make(one)
        made.append(one)
    place = AlmostFull(index.folder().path)
    for short, kept in ((1, made[1:]), (made[0].total + 1, made[2:])):
        wanted = Storage(max_gb=100, min_free_gb=1 + short / retention.GB, max_days=0)
        retention.sweep(place, wanted, NOON, limit=0)
        rows = Export.objects.order_by("created_at")
        assert [one.token for one in rows] == [one.token for one in kept]
        assert {path.stem for path in exporting.folder().iterdir()} == {one.token for one in kept}
    assert left() == [1, 2]
