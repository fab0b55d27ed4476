"""When a schedule changes next, in the words of somebody at the device."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from webui import schedule_words

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)  # Monday noon in Berlin


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (timedelta(hours=6), "18:00"),
        (timedelta(hours=18), "tomorrow 06:00"),
        (timedelta(days=3), "Thursday 12:00"),
        (timedelta(days=206), "24 December 2026 11:00"),
    ],
)
def test_moments(later: timedelta, words: str) -> None:
    assert schedule_words.moment(NOW + later, NOW, BERLIN) == words


def test_the_zone() -> None:
    assert schedule_words.zone_words(NOW, BERLIN) == "CEST, UTC+02:00"


def test_hours() -> None:
    assert [schedule_words.hours(minutes) for minutes in (0, 3780, 45)] == [
        "0 h a week",
        "63 h a week",
        "0 h 45 min a week",
    ]
