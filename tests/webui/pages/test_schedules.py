"""/schedules/ without scripts: made, typed, refused, renamed, copied, deleted; and for whom."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from nvrdevice import state
from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.events.pipeline import EventSwitches
from nvrdevice.schedules import arming, book
from nvrdevice.schedules.week import Period, Week
from tests.webui.conftest import Browser
from webui import schedule_form

pytestmark = pytest.mark.django_db(transaction=True)

BY = Actor("tests", "", "cli")
DASH = "\N{EN DASH}"
OFFICE = Week((*((Period(480, 1080),),) * 5, (), ()))


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


@pytest.fixture
def oscar(browser: Browser) -> Client:
    return browser("oscar")


def test_for_operators_and_above(browser: Browser) -> None:
    assert browser("vera").get("/schedules/").status_code == 403
    assert browser("").get("/schedules/").status_code == 302
    assert browser("oscar").get("/schedules/").status_code == 200


def test_a_schedule_begins_with_a_preset(oscar: Client) -> None:
    answer = oscar.post("/schedules/", {"what": "create", "name": "office", "preset": "work-hours"})
    assert answer["Location"] == "/schedules/office/"
    assert book.get("office").week.minutes() == 45 * 60
    assert AuditRow.objects.get(action="create schedule").username == "oscar"


def test_what_was_typed_is_the_week(oscar: Client) -> None:
    book.create("office", OFFICE, by=BY)
    oscar.post(
        "/schedules/office/",
        {
            "what": "save",
            "days-0": ["mon", "wed"],
            "start-0": "8:15",
            "end-0": "17:00",
            "days-3": ["sun"],
            "start-3": "22:00",
            "end-3": "06:00",
            "date-0": "2026-12-24",
            "date-1": "2026-12-31",
            "date-start-1": "10:00",
            "date-end-1": "12:00",
        },
    )
    week = book.get("office").week
    assert [[str(one) for one in day] for day in week.days] == [
        [f"00:00{DASH}06:00", f"08:15{DASH}17:00"],
        [],
        [f"08:15{DASH}17:00"],
        [],
        [],
        [],
        [f"22:00{DASH}24:00"],
    ]
    assert [[str(one) for one in day] for day in week.exceptions.values()] == [
        [],
        [f"10:00{DASH}12:00"],
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"start-0": "08:00", "end-0": "9:00"}, "08:00 to 9:00: Choose at least one day"),
        ({"days-0": "mon", "start-0": "08:00"}, "Give both times of this window"),
        ({"days-0": "mon", "start-0": "08:00", "end-0": "8:00"}, "This window has no length"),
        ({"days-0": "mon", "start-0": "dawn", "end-0": "8:00"}, "&#x27;dawn&#x27; is not a time"),
        ({"date-0": "2026-12-24", "date-start-0": "8:00"}, "Give both times, or none"),
        ({"date-start-0": "8:00", "date-end-0": "9:00"}, "Give the date of these times"),
    ],
)
def test_what_cannot_be_understood_is_kept_and_told_of(
    oscar: Client, typed: dict[str, str], said: str
) -> None:
    book.create("office", OFFICE, by=BY)
    answer = oscar.post("/schedules/office/", {"what": "save", **typed})
    assert said in text(answer)
    for typed_text in typed.values():
        assert f'value="{typed_text}"' in answer.content.decode()
    assert book.get("office").week == OFFICE


def test_a_preset_is_shown_and_not_yet_saved(oscar: Client) -> None:
    book.create("office", OFFICE, by=BY)
    answer = oscar.post("/schedules/office/", {"what": "preset-nights"})
    assert 'value="20:00"' in answer.content.decode()
    assert book.get("office").week == OFFICE


def test_renamed_copied_and_deleted(oscar: Client) -> None:
    book.create("office", OFFICE, by=BY)
    oscar.post("/schedules/office/", {"what": "rename", "rename-name": "work"})
    oscar.post("/schedules/work/", {"what": "copy", "copy-name": "work two"})
    assert [one.name for one in book.everything()] == ["work", "work two"]
    answer = oscar.post("/schedules/work/", {"what": "delete"})
    assert answer["Location"] == "/schedules/"
    assert [one.name for one in book.everything()] == ["work two"]


def test_a_name_that_is_taken_is_refused_beside_its_field(oscar: Client) -> None:
    for name in ("a", "b"):
        book.create(name, OFFICE, by=BY)
    answer = oscar.post("/schedules/a/", {"what": "rename", "rename-name": "b"})
    assert "There is a schedule &#x27;b&#x27; already" in text(answer)


def test_a_used_schedule_is_not_deleted(oscar: Client) -> None:
    book.create("office", OFFICE, by=BY)
    arming.arm(events="", alarms="office", by=BY)
    assert "Delete this schedule" not in text(oscar.get("/schedules/office/"))
    answer = oscar.post("/schedules/office/", {"what": "delete"})
    assert "is used for sending alarms: choose another one there first" in text(answer)


def test_what_is_armed(oscar: Client) -> None:
    book.create("nights", OFFICE, by=BY)
    oscar.post("/schedules/", {"what": "arm", "events_schedule": "", "alarms_schedule": "nights"})
    assert state.read(EventSwitches).alarms_schedule == "nights"
    assert "sending alarms" in text(oscar.get("/schedules/"))


def test_a_schedule_that_is_not_there(oscar: Client) -> None:
    assert oscar.get("/schedules/nothing/").status_code == 404


def test_saving_keeps_every_date_however_many_rows_they_take(oscar: Client) -> None:
    twice = (Period(480, 720), Period(780, 1020))
    dates = {date(2027, 1, 1) + timedelta(days=each): twice for each in range(90)}
    book.create("office", Week(OFFICE.days, dates), by=BY)
    typed = {"what": "save", "days-0": "mon", "start-0": "08:00", "end-0": "17:00"}
    for number, one in enumerate(schedule_form.rows_of(book.get("office").week).dates):
        typed |= {
            f"date-{number}": one.date,
            f"date-start-{number}": one.start,
            f"date-end-{number}": one.end,
        }
    assert oscar.post("/schedules/office/", typed).status_code == 302
    assert book.get("office").week.exceptions == dates
