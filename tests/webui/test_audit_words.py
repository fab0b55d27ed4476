"""What became another, as a person reads it."""

import json
from typing import Any

import pytest

from nvrdevice.schedules import book
from nvrdevice.schedules.settings import DAYS
from webui import schedule_form
from webui.audit_words import DASH, worded


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (["mon", "tue", "wed", "thu", "fri"], f"Mon{DASH}Fri 08:00{DASH}17:00"),
        (["sat", "sun"], f"Sat, Sun 08:00{DASH}17:00"),
        (["mon", "wed", "thu", "fri", "sun"], f"Mon, Wed{DASH}Fri, Sun 08:00{DASH}17:00"),
        ([*DAYS], f"every day 08:00{DASH}17:00"),
        ([], f"every day 08:00{DASH}17:00"),
        (["Montag"], f"Montag 08:00{DASH}17:00"),
    ],
)
def test_a_window(days: list[str], told: str) -> None:
    assert worded([{"start": "08:00", "end": "17:00", "days": days}]) == told


def test_a_date_with_and_without_times() -> None:
    dates = [
        {"date": "2026-12-24", "start": "", "end": ""},
        {"date": "2026-12-31", "start": "08:00", "end": "12:00"},
    ]
    assert worded({"exceptions": dates}) == {
        "exceptions": f"2026-12-24 nothing; 2026-12-31 08:00{DASH}12:00"
    }


def test_what_the_book_of_schedules_notes_of_every_preset_has_no_json_left() -> None:
    told = [
        worded(json.loads(json.dumps(book.plain("x", week))))
        for _, week in schedule_form.PRESETS.values()
    ]
    assert [each["windows"] for each in told] == [
        f"every day 00:00{DASH}24:00",
        f"Mon{DASH}Fri 08:00{DASH}17:00",
        f"every day 00:00{DASH}06:00; every day 20:00{DASH}24:00",
        f"Sat, Sun 00:00{DASH}24:00",
        [],
    ]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([{"name": "Hall", "low_light": True, "of": []}], "name Hall, low light yes, of none"),
        (["a", "b"], ["a", "b"]),
        ({"roles": []}, {"roles": []}),
        (None, None),
    ],
)
def test_other_values(value: Any, told: Any) -> None:
    assert worded(value) == told
