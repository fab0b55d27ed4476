"""The owner's entries and schedules: what a file may say, and what is written back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nvrdevice.lib.errors import DeviceError
from nvrdevice.schedules import book, entries
from nvrdevice.schedules.week import DAY_NAMES, MIDNIGHT, Period, Week, joined

DAY = (Period(480, 1080),)


def written(config_dir: Path, text: str) -> None:
    (config_dir / "user.yaml").write_text(text)


def days(name: str) -> dict[str, list[str]]:
    week = book.get(name).week
    found = zip(DAY_NAMES, week.days, strict=True)
    return {day: [str(one) for one in periods] for day, periods in found if periods}


def test_a_time_without_quotes_is_a_number_to_yaml(config_dir: Path) -> None:
    written(
        config_dir,
        "recording_schedules:\n- {name: office, start: 08:00, end: 18:00, days: [Mon, Friday]}\n",
    )
    hours = ["08:00\N{EN DASH}18:00"]
    assert days("office") == {"Monday": hours, "Friday": hours}


def test_seconds_are_understood(config_dir: Path) -> None:
    written(config_dir, "recording_schedules:\n- {name: a, start: 10:00:00, end: '11:30:00'}\n")
    assert days("a")["Sunday"] == ["10:00\N{EN DASH}11:30"]


@pytest.mark.parametrize("text", ["[1, 7]", "[mon, sun]", "mon sun", "['1', '0']"])
def test_days_as_people_write_them(config_dir: Path, text: str) -> None:
    written(config_dir, f"recording_schedules:\n- {{name: a, days: {text}}}\n")
    assert list(days("a")) == ["Monday", "Sunday"]


@pytest.mark.parametrize("text", ["[]", "null", "''"])
def test_no_days_are_all_days(config_dir: Path, text: str) -> None:
    written(config_dir, f"recording_schedules:\n- {{name: a, days: {text}}}\n")
    assert list(days("a")) == list(DAY_NAMES)


def test_a_minute_before_midnight_is_the_end_of_the_day(config_dir: Path) -> None:
    written(config_dir, "recording_schedules:\n- {name: a}\n")
    assert book.get("a").week.minutes() == 7 * 24 * 60


def test_a_window_across_midnight_reaches_into_the_next_day(config_dir: Path) -> None:
    written(
        config_dir, "recording_schedules:\n- {name: a, start: 22:00, end: 06:00, days: [sun]}\n"
    )
    assert days("a") == {"Monday": ["00:00\N{EN DASH}06:00"], "Sunday": ["22:00\N{EN DASH}24:00"]}


def test_entries_of_one_name_are_one_schedule(config_dir: Path) -> None:
    written(
        config_dir,
        "recording_schedules:\n"
        "- {name: shop, start: '09:00', end: '12:00', days: [sat]}\n"
        "- {name: other, start: '01:00', end: '02:00', days: [sun]}\n"
        "- {name: shop, start: '14:00', end: '18:00', days: [sat]}\n",
    )
    assert [one.name for one in book.everything()] == ["shop", "other"]
    assert days("shop") == {"Saturday": ["09:00\N{EN DASH}12:00", "14:00\N{EN DASH}18:00"]}


def test_dates_of_their_own(config_dir: Path) -> None:
    written(
        config_dir,
        "recording_schedules:\n- {name: a, start: '08:00', end: '18:00'}\n"
        "schedule_exceptions:\n- {name: a, date: 2026-12-24}\n"
        "- {name: a, date: '2026-12-31', start: 10:00, end: 12:00}\n",
    )
    found = book.get("a").week.exceptions
    assert {day.isoformat(): [str(one) for one in own] for day, own in found.items()} == {
        "2026-12-24": [],
        "2026-12-31": ["10:00\N{EN DASH}12:00"],
    }


def test_an_entry_nobody_understands_never_holds_and_says_why(config_dir: Path) -> None:
    written(config_dir, "recording_schedules:\n- {name: a, start: dawn}\n")
    assert book.get("a").week == Week()
    assert book.problems() == (
        "user.yaml: the schedule 'a' never holds. 'dawn' is not a time of day: "
        "give hours and minutes, such as 08:30 or 24:00.",
    )


@pytest.mark.parametrize("text", ["24:01", "8", "12:60", "noon", "25:00", "-1:00"])
def test_what_is_no_time_of_day(text: str) -> None:
    with pytest.raises(DeviceError, match="is not a time of day"):
        entries.minute_of(text, "start")


@pytest.mark.parametrize(
    ("text", "minute"), [("8:05", 485), ("12:00 am", 0), ("1:30 PM", 810), ("24:00", MIDNIGHT)]
)
def test_times_of_day(text: str, minute: int) -> None:
    assert entries.minute_of(text, "start") == minute


windows = st.lists(
    st.tuples(st.integers(0, 95), st.integers(1, 20)).map(
        lambda each: Period(each[0] * 15, min((each[0] + each[1]) * 15, MIDNIGHT))
    ),
    max_size=8,
).map(lambda found: joined(tuple(found)))


@given(st.tuples(*[windows] * 7), st.dictionaries(st.dates(), windows, max_size=3))
def test_what_is_written_reads_as_it_was(days: tuple, exceptions: dict) -> None:
    week = Week(days, exceptions)
    own, special = entries.entries_of("a", week), entries.exceptions_of("a", week)
    assert entries.week_of(own, special) == week


def test_a_schedule_may_be_called_by_a_number(config_dir: Path) -> None:
    written(config_dir, "recording_schedules:\n- {name: 1}\nschedule_exceptions: []\n")
    assert [one.name for one in book.everything()] == ["1"]
