"""Nothing goes for its age by a clock that has just jumped."""

from datetime import UTC, datetime, timedelta

from nvrdevice.recordings.calendar import Calendar

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR_S = 3600.0
YEARS = timedelta(days=3650)


def believed(*looks: tuple[float, timedelta], newest: datetime | None = NOON) -> list[bool]:
    """At each look, hours after the start, by a clock that is wrong by so much."""
    calendar = Calendar()
    return [
        calendar.is_believed(NOON + timedelta(hours=hours) + wrong, hours * HOUR_S, newest=newest)
        for hours, wrong in looks
    ]


def test_an_even_clock_is_believed() -> None:
    right = timedelta()
    assert believed((0, right), (1, right), (100, right)) == [True, True, True]


def test_a_clock_that_jumped_is_believed_a_day_later() -> None:
    looks = (0, timedelta()), (1, YEARS), (24.9, YEARS), (25, YEARS)
    assert believed(*looks) == [True, False, False, True]


def test_a_start_long_behind_the_last_recording_is_doubted_for_a_day() -> None:
    assert believed((0, YEARS), (23, YEARS), (24, YEARS)) == [False, False, True]


def test_without_a_recording_there_is_nothing_to_doubt() -> None:
    assert believed((0, YEARS), newest=None) == [True]


def test_small_steps_and_steps_back_are_no_matter() -> None:
    looks = (0, timedelta()), (1, timedelta(minutes=10)), (2, -YEARS)
    assert believed(*looks) == [True, True, True]


def test_a_clock_that_is_set_after_each_start_is_believed() -> None:
    unset = datetime(1970, 1, 1, tzinfo=UTC) - NOON
    assert believed((0, unset), (0.1, timedelta(hours=3))) == [True, True]
