"""The oldest go first, whatever the clock said; what is protected or somebody else's stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.events.models import Event
from nvrdevice.lib.errors import DeviceError
from nvrdevice.recordings import index, protecting, retention
from nvrdevice.recordings.models import Segment
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
    assert retention.sweep(index.folder(), wanted, NOON) == 2
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
    assert retention.sweep(index.folder(), wanted, NOON + timedelta(days=2)) == 4
    assert retention.sweep(index.folder(), wanted, NOON + timedelta(days=2)) == 0


def test_what_is_protected_stays_until_it_is_let_go() -> None:
    filled(2)
    clip = protecting.protect(RECORDING, NOON - timedelta(hours=1), NOON, by=BY)
    wanted = Storage(max_gb=100, min_free_gb=0, max_days=1)
    later = NOON + timedelta(days=2)
    assert retention.sweep(index.folder(), wanted, later) == 1
    assert left() == [1]
    protecting.release(clip.pk, by=BY)
    assert retention.sweep(index.folder(), wanted, later) == 1
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
