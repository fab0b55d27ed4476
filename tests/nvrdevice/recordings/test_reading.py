"""Pieces for the browser: whole groups of pictures behind an initialisation segment."""

from datetime import UTC, datetime

import pytest

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.recordings import index, reading
from tests.nvrdevice.recordings.shelf_of_files import add

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NOON_MS = round(NOON.timestamp() * 1000)


def test_a_piece_begins_with_the_key_picture_before() -> None:
    one = add(NOON, sequence=1)
    found = reading.read(one.pk, NOON_MS + 1500, 8)
    assert (found.start_ms, found.end_ms, found.last, found.growing) == (
        NOON_MS + 1000,
        NOON_MS + 2000,
        True,
        False,
    )
    assert found.data[4:8] == b"ftyp"
    assert found.data.count(b"moof") == 25


def test_a_piece_is_as_long_as_was_asked() -> None:
    found = reading.read(add(NOON, sequence=1).pk, NOON_MS, 0.5)
    assert (found.end_ms, found.last) == (NOON_MS + 1000, False)


def test_of_a_file_that_grows_there_is_what_there_is() -> None:
    found = reading.read(add(NOON, sequence=1, close=False).pk, NOON_MS, 30)
    assert (found.last, found.growing) == (True, True)


def test_a_deleted_one_is_told() -> None:
    one = add(NOON, sequence=1)
    index.folder().delete(one.path)
    with pytest.raises(DeviceError) as refusal:
        reading.read(one.pk, 0, 1)
    assert refusal.value.kind is Kind.MISSING
