"""/events/schedules and /recording/schedules: the owner's form in, and what it made."""

from typing import Any

import pytest

from nvrdevice.schedules.settings import ENTRIES_LIMIT, EXCEPTIONS_LIMIT
from tests.onvif_api.rest.rest_client import Rest

OFFICE = {"name": "office", "start": "08:00", "end": "18:00", "days": ["mon", "fri"]}
PATHS = ("/events/schedules", "/recording/schedules")


@pytest.mark.parametrize("path", PATHS)
def test_the_owners_form_makes_a_schedule(rest: Rest, path: str) -> None:
    answer = rest.ask("POST", path, OFFICE, as_="operator")
    assert answer.status_code == 201
    assert answer.json()["windows"] == [{"start": "08:00", "end": "18:00", "days": ["mon", "fri"]}]
    for each in PATHS:
        assert rest.get(each, as_="viewer")["recording_schedules"] == [OFFICE]


def test_another_window_of_one_name(rest: Rest) -> None:
    rest.ask("POST", PATHS[0], OFFICE)
    more = {**OFFICE, "start": "20:00", "end": "22:00", "days": ["mon"]}
    assert rest.ask("POST", PATHS[1], more).status_code == 201
    found = rest.get("/api/v1/schedules/office")
    assert found["windows"] == [
        {"start": "08:00", "end": "18:00", "days": ["mon", "fri"]},
        {"start": "20:00", "end": "22:00", "days": ["mon"]},
    ]
    assert found["minutes_a_week"] == 22 * 60


def test_a_window_that_overlaps_is_refused(rest: Rest) -> None:
    rest.ask("POST", PATHS[0], OFFICE)
    other = {**OFFICE, "start": "17:00", "end": "19:00"}
    assert rest.refusal("POST", PATHS[0], other) == (400, "invalid", "periods")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": ""}, "name"), ({"start": "dawn"}, "start"), ({"days": ["moonday"]}, "days")],
)
def test_what_is_no_schedule(rest: Rest, change: dict[str, Any], field: str) -> None:
    status, _, named = rest.refusal("POST", PATHS[0], {**OFFICE, **change})
    assert (status, named) == (400, field)


def test_windows_and_dates_are_replaced(rest: Rest) -> None:
    rest.ask("POST", PATHS[0], OFFICE)
    wanted = {
        "windows": [{"start": "22:00", "end": "06:00", "days": ["sun"]}],
        "exceptions": [{"date": "2026-12-24", "start": "", "end": ""}],
    }
    found = rest.ask("PUT", "/api/v1/schedules/office", wanted).json()
    assert found["exceptions"] == wanted["exceptions"]
    # A window across midnight is two.
    assert found["windows"] == [
        {"start": "00:00", "end": "06:00", "days": ["mon"]},
        {"start": "22:00", "end": "24:00", "days": ["sun"]},
    ]


def test_a_used_schedule_stays(rest: Rest) -> None:
    rest.ask("POST", PATHS[0], OFFICE)
    rest.ask("PUT", "/api/v1/events/switches", {"alarms_schedule": "office"})
    assert rest.get("/api/v1/schedules/office")["used_for"] == ["sending alarms"]
    assert rest.refusal("DELETE", "/api/v1/schedules/office") == (409, "conflict", "name")


def test_a_schedule_that_is_not_there(rest: Rest) -> None:
    for method in ("GET", "DELETE"):
        assert rest.refusal(method, "/api/v1/schedules/x") == (404, "missing", "name")


def test_a_date_in_the_year_9999_is_no_trouble(rest: Rest) -> None:
    rest.ask("POST", PATHS[0], OFFICE)
    wanted = {"windows": [], "exceptions": [{"date": "9999-12-31", "start": "", "end": ""}]}
    assert rest.ask("PUT", "/api/v1/schedules/office", wanted).json()["until"] is None
    assert rest.get(PATHS[0])["schedules"][0]["active"] is False


@pytest.mark.parametrize(
    ("field", "one", "most"),
    [("windows", {}, ENTRIES_LIMIT), ("exceptions", {"date": "2026-12-24"}, EXCEPTIONS_LIMIT)],
)
def test_more_windows_than_a_file_may_have_are_not_looked_at(
    rest: Rest, field: str, one: dict[str, str], most: int
) -> None:
    rest.ask("POST", PATHS[0], OFFICE)
    wanted = {"windows": [], "exceptions": []} | {field: [one] * (most + 1)}
    assert rest.refusal("PUT", "/api/v1/schedules/office", wanted) == (400, "invalid", field)


def test_a_date_with_a_window_into_the_next_day_is_refused_and_not_cut(rest: Rest) -> None:
    rest.ask("POST", PATHS[0], OFFICE)
    night = {"date": "2026-12-31", "start": "22:00", "end": "02:00"}
    wanted = {"windows": [], "exceptions": [night]}
    assert rest.refusal("PUT", "/api/v1/schedules/office", wanted) == (400, "invalid", "end")
    assert rest.get("/api/v1/schedules/office")["minutes_a_week"] == 20 * 60
