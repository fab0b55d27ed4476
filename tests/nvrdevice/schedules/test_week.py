"""Windows against an oracle that asks each minute: changes of the clock, and odd zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nvrdevice.schedules.week import ALWAYS, MIDNIGHT, NEVER, Period, Periods, Week, joined

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
# To summer time at 02:00, and back at 03:00.
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
# Half an hour of daylight saving; changes at midnight, forwards and backwards; none at all.
ZONES = ("Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Africa/Cairo", "Asia/Kathmandu")


def nightly(start: int, end: int) -> Week:
    return Week(((Period(start, end),),) * 7)


def at(day: date, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN, fold=fold)


def edges(week: Week, day: date) -> list[str]:
    """Wall clock and offset of each change of a day."""
    found, moment = [], at(day, 0) - timedelta(seconds=1)
    while (change := week.next_change(moment, BERLIN)) is not None:
        local = change.astimezone(BERLIN)
        if local.date() != day:
            break
        found.append(f"{local:%H:%M%z}")
        moment = change
    return found


def asked_each_minute(week: Week, moment: datetime, zone: ZoneInfo, days: int) -> datetime | None:
    now = week.active_at(moment, zone)
    each = moment.replace(second=0, microsecond=0) + MINUTE
    for _ in range(days * MIDNIGHT):
        if week.active_at(each, zone) != now:
            return each
        each += MINUTE
    return None


periods = st.lists(
    st.tuples(st.integers(0, MIDNIGHT - 1), st.integers(1, 300)).map(
        lambda each: Period(each[0], min(each[0] + each[1], MIDNIGHT))
    ),
    max_size=3,
).map(lambda found: joined(tuple(found)))
days = st.tuples(*[periods] * 7)


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Around the changes of the clock, and anywhere in the year."""
    around = draw(
        st.sampled_from(
            [datetime(2026, month, day, tzinfo=UTC) for month, day in
             ((3, 8), (3, 29), (4, 5), (4, 24), (10, 4), (10, 25), (10, 30), (11, 1), (6, 15))]
        )
    )  # fmt: skip
    return around + timedelta(seconds=draw(st.integers(-2 * 86400, 2 * 86400)))


@settings(max_examples=150, deadline=None)
@given(days, moments(), st.sampled_from(ZONES), st.integers(-1, 2), periods)
def test_the_next_change_is_the_one_found_minute_by_minute(
    days: tuple[Periods, ...], moment: datetime, name: str, later: int, special: Periods
) -> None:
    zone = ZoneInfo(name)
    day = moment.astimezone(zone).date() + timedelta(days=later)
    week = Week(days, {day: special})
    found = week.next_change(moment, zone)
    expected = asked_each_minute(week, moment, zone, days=3)
    if expected is not None or found is None:
        assert found == expected
    else:
        assert found > moment + timedelta(days=3)


def test_in_spring_a_window_begins_when_its_hour_is_left_out() -> None:
    assert edges(nightly(150, 240), SPRING) == ["03:00+0200", "04:00+0200"]


def test_in_spring_a_window_within_the_missing_hour_does_not_come_about() -> None:
    assert edges(nightly(125, 170), SPRING) == []


def test_in_autumn_a_window_within_the_repeated_hour_holds_twice() -> None:
    assert edges(nightly(135, 165), AUTUMN) == [
        "02:15+0200",
        "02:45+0200",
        "02:15+0100",
        "02:45+0100",
    ]


def test_in_autumn_a_window_over_the_repeated_hour_is_an_hour_longer() -> None:
    week = nightly(60, 240)
    assert edges(week, AUTUMN) == ["01:00+0200", "04:00+0100"]
    began, ended = at(AUTUMN, 1), at(AUTUMN, 4)
    assert ended.astimezone(UTC) - began.astimezone(UTC) == timedelta(hours=4)


def test_a_window_across_midnight_has_no_edge_there() -> None:
    week = Week(((Period(0, 360), Period(1320, MIDNIGHT)),) * 7)
    monday = at(date(2026, 6, 1), 23)
    assert week.active_at(monday, BERLIN)
    assert week.next_change(monday, BERLIN) == at(date(2026, 6, 2), 6)


def test_an_end_is_not_within() -> None:
    week = nightly(480, 1080)
    day = date(2026, 6, 1)
    assert week.active_at(at(day, 8), BERLIN)
    assert not week.active_at(at(day, 18), BERLIN)


@pytest.mark.parametrize("days", [ALWAYS, NEVER])
def test_what_always_or_never_holds_does_not_change(days: tuple[Periods, ...]) -> None:
    assert Week(days).next_change(at(SPRING, 1), BERLIN) is None


def test_a_date_months_away_is_the_next_change_of_always() -> None:
    christmas = date(2026, 12, 24)
    week = Week(ALWAYS, {christmas: ()})
    assert week.next_change(at(SPRING, 1), BERLIN) == at(christmas, 0)
    assert week.next_change(at(christmas, 12), BERLIN) == at(date(2026, 12, 25), 0)


def test_hours_of_a_week() -> None:
    assert Week((*((Period(480, 1020),),) * 5, (), ())).minutes() == 45 * 60


def test_periods_that_touch_or_overlap_are_one() -> None:
    found = joined((Period(60, 120), Period(0, 60), Period(100, 180), Period(300, 310)))
    assert found == (Period(0, 180), Period(300, 310))


@pytest.mark.parametrize("day", [date(9999, 12, 28), date(9999, 12, 31), date.max, date.min])
def test_a_date_at_the_end_of_time_is_no_error(day: date) -> None:
    now = at(SPRING, 1)
    holiday = Week(NEVER, {day: (Period(0, 60),)})
    found = holiday.next_change(now, BERLIN)
    assert found == (at(day, 0) if day == date(9999, 12, 28) else None)


def test_a_date_behind_many_others_is_seen() -> None:
    begin = date(2026, 6, 1)
    closed: dict[date, Periods] = {begin + timedelta(days=each): () for each in range(60)}
    week = Week(((Period(480, 1020),),) * 7, closed)
    assert week.next_change(at(begin, 12), BERLIN) == at(date(2026, 7, 31), 8)
    far = Week(((Period(480, 1020),),) * 7, {date(2030, 1, 1): ()})
    assert far.next_change(at(date(2029, 12, 31), 18), BERLIN) == at(date(2030, 1, 2), 8)
