"""/events/: a pull is a cursor into the journal; nothing is lost or told twice."""

import json
from dataclasses import asdict

import pytest

from nvrdevice import state
from nvrdevice.events import journal, publish
from nvrdevice.events.models import Event
from nvrdevice.events.pipeline import EventSwitches
from nvrdevice.motion.topics import ALARM
from tests.onvif_api.rest.rest_client import Rest


def alarms(*states: bool) -> None:
    for each in states:
        publish(ALARM.name, {"Source": "source1"}, {"State": each})


def numbers(rest: Rest, query: str = "") -> list[int]:
    return [event["id"] for event in rest.get("/events/pull" + query, as_="viewer")["events"]]


def test_an_event_is_told_with_its_items(rest: Rest) -> None:
    alarms(True)
    pulled = rest.get("/events/pull", as_="viewer")
    (row,) = Event.objects.all()
    (event,) = pulled["events"]
    assert event.pop("at").endswith("Z")
    assert event == {
        "id": row.pk,
        "topic": "tns1:VideoSource/MotionAlarm",
        "operation": "Initialized",
        "source": {"Source": "source1"},
        "key": {},
        "data": {"State": "true"},
    }
    assert (pulled["after"], pulled["more"], pulled["missed"]) == (row.pk, False, False)


def test_pulling_on_loses_nothing_and_tells_nothing_twice(rest: Rest) -> None:
    after = rest.get("/events/subscription", as_="viewer")["after"]
    alarms(*[bool(turn % 2) for turn in range(7)])
    told: list[int] = []
    more = True
    while more:
        pulled = rest.get(f"/events/pull?after={after}&limit=3", as_="viewer")
        told += [event["id"] for event in pulled["events"]]
        after, more = pulled["after"], pulled["more"]
    assert told == list(Event.objects.order_by("id").values_list("id", flat=True))
    assert numbers(rest, f"?after={after}") == []
    alarms(True)
    assert numbers(rest, f"?after={after}") == [journal.head()]


def test_a_bare_pull_tells_the_newest_and_where_to_go_on(rest: Rest) -> None:
    alarms(*[bool(turn % 2) for turn in range(5)])
    newest = list(Event.objects.order_by("id").values_list("id", flat=True))[-2:]
    pulled = rest.get("/events/pull?limit=2", as_="viewer")
    assert [event["id"] for event in pulled["events"]] == newest
    assert pulled["after"] == newest[-1]


def test_who_comes_too_late_is_told_so(rest: Rest) -> None:
    alarms(True, False, True)
    first = Event.objects.order_by("id")[0].pk
    Event.objects.filter(id=first).delete()
    assert rest.get(f"/events/pull?after={first - 1}")["missed"] is True
    assert rest.get(f"/events/pull?after={first}")["missed"] is False


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        "after=99999999999999999999",
        "after=1000000",
        "limit=0",
        "limit=501",
        "limt=5",
    ],
)
def test_what_is_no_cursor_is_refused_by_name(rest: Rest, query: str) -> None:
    field = query.partition("=")[0]
    assert rest.refusal("GET", f"/events/pull?{query}") == (400, "invalid", field)


@pytest.mark.parametrize("timeout_s", ["-1", "61", "nan", "inf", "soon"])
def test_what_is_no_time_to_wait_is_refused_by_name(rest: Rest, timeout_s: str) -> None:
    refused = rest.refusal("GET", f"/events/pull?timeout_s={timeout_s}")
    assert refused == (400, "invalid", "timeout_s")


def test_the_subscription_says_where_to_pull(rest: Rest) -> None:
    alarms(True)
    found = rest.get("/events/subscription", as_="viewer")
    assert found["pull_address"] == "http://testserver/events/pull"
    assert found["onvif_address"] == "http://testserver/onvif/event_service"
    assert found["after"] == journal.head()
    assert found["modes"] == ["event", "motion", "alarm"]
    topic = next(each for each in found["topics"] if each["name"] == ALARM.name)
    assert topic == {
        "name": ALARM.name,
        "is_property": True,
        "source": {"Source": "tt:ReferenceToken"},
        "key": {},
        "data": {"State": "xs:boolean"},
        "sent": True,
    }


@pytest.mark.parametrize("mode", ["motion", "event", "alarm"])
def test_the_mode_is_chosen_by_path(rest: Rest, mode: str) -> None:
    answer = rest.ask("POST", f"/events/mode/{mode}", as_="operator")
    assert json.loads(answer.content) == asdict(EventSwitches(event_pipeline_mode=mode))
    assert state.read(EventSwitches).event_pipeline_mode == mode
    assert rest.get("/events/subscription")["event_pipeline_mode"] == mode


def test_another_mode_there_is_not(rest: Rest) -> None:
    assert rest.refusal("POST", "/events/mode/panic") == (404, "missing", "mode")


def test_the_switches_are_those_of_the_document(rest: Rest) -> None:
    answer = rest.ask("PUT", "/api/v1/events/switches", {"alarms_enabled": False}, as_="operator")
    assert answer.status_code == 200
    assert state.read(EventSwitches) == EventSwitches(alarms_enabled=False)
    assert rest.get("/api/v1/events/switches", as_="viewer")["alarms_enabled"] is False
