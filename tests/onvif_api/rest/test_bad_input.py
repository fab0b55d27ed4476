"""Whatever a client sends is answered by a refusal in JSON that says what was wrong."""

import json
from typing import Any

import pytest

from nvrdevice.audit.trail import Actor
from nvrdevice.ptz import control
from nvrdevice.schedules import book
from nvrdevice.schedules.week import Week
from onvif_api.rest import throttles
from tests.onvif_api.rest.rest_client import Rest
from tests.onvif_api.rest.test_fuzzed import Boundless
from tests.onvif_api.rest.test_table import TABLE

HUGE = "1" + "0" * 400
# As they stand in a body, in the place of a value.
VALUES = {
    "no number": "NaN",
    "infinite": "Infinity",
    "infinite in the end": "1e999",
    "negative and infinite in the end": "-1e999",
    "huge": HUGE,
    "hugely negative": "-" + HUGE,
    "longer than Python reads": "1" * 5000,
    "null": "null",
    "a list": "[1]",
    "a list in a list": "[[[]]]",
    "a group": '{"a": {"b": []}}',
    "half a character": '"\\ud800"',
    "NUL": '"a\\u0000b"',
    "long": json.dumps("x" * 50_000),
}
WRITING = [row for row in TABLE if TABLE[row][1] is not None]
GOOD: dict[str, Any] = {
    "users/": {"username": "alice", "password": "s3cret-1", "roles": ["viewer"],
               "onvif_access": True},
    "users/<str:username>": {"password": "s3cret-1", "roles": ["viewer"], "active": True},
    "ptz/move": {"pan": 0.5, "tilt": 0.5, "zoom": 0.5, "timeout_s": 1.5, "mode": "relative",
                 "profile_token": "profile1"},
    "recording/jobs": {"token": "a", "source": "source1", "duration_s": 5},
    "events/schedules": {"name": "a", "start": "08:00", "end": "09:00", "days": ["mon"]},
    "recording/schedules": {"name": "a", "start": "08:00", "end": "09:00", "days": ["mon"]},
    "api/v1/schedules/<str:name>": {
        "windows": [{"start": "08:00", "end": "09:00", "days": ["mon"]}],
        "exceptions": [{"date": "2026-01-01", "start": "08:00", "end": "09:00"}],
    },
    "api/v1/events/switches": {"event_pipeline_mode": "event", "events_enabled": True,
                               "alarms_enabled": True, "events_schedule": "nights",
                               "alarms_schedule": ""},
    "api/v1/ptz/presets": {"name": "Gate", "profile_token": "profile1"},
    "api/v1/ptz/presets/<str:preset>": {"name": "Gate", "profile_token": "profile1"},
    "events/digital/<str:direction>/<str:channel_id>": {"state": True, "pulse": False},
}  # fmt: skip


@pytest.fixture(autouse=True)
def what_there_is(people: None, device_process: None) -> None:
    throttles.use(Boundless())
    book.create("nights", Week(), by=Actor("tests", "", "cli"))
    control.create_preset("source1", "Door", by=Actor("tests", "", "cli"))


def bodies(body: dict[str, Any], value: str) -> list[str]:
    """body, once with this value in the place of each of its own, and once as a further field."""
    mark = "@here@"
    made = []
    for name in [*body, "further"]:
        made.append(json.dumps({**body, name: mark}).replace(f'"{mark}"', value))
        inner = body.get(name)
        if isinstance(inner, list) and inner:
            made.append(json.dumps({**body, name: [mark]}).replace(f'"{mark}"', value))
            if isinstance(inner[0], dict):
                for each in [*inner[0], "further"]:
                    one = {**inner[0], each: mark}
                    made.append(json.dumps({**body, name: [one]}).replace(f'"{mark}"', value))
    return [*made, value]


@pytest.mark.parametrize("row", WRITING, ids=lambda row: " ".join(row))
def test_values_that_are_none(rest: Rest, row: tuple[str, str]) -> None:
    path, usual, _ = TABLE[row]
    wrong = {}
    for what, value in VALUES.items():
        for body in bodies(GOOD.get(row[1], usual), value):
            answer = rest.ask(row[0], path, body)
            if not 400 <= answer.status_code < 500:
                wrong[what, body[:120]] = (answer.status_code, answer.content[:200])
            elif not json.loads(answer.content)["error"]["text"].isprintable():
                wrong[what, body[:120]] = answer.content[:200]
    assert wrong == {}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"pan": 0.5, "pan": 1}', "'pan' is there twice"),
        (
            '{"pan": 0.5, "profile_token": "a", "profile_token": "a"}',
            "'profile_token' is there twi",
        ),
        ('{"a": {"b": 1, "b": 1}}', "'b' is there twice"),
        ('{"\\ud800": 1}', "half of a character"),
        ('{"\\ud800": 1, "\\ud800": 1}', "is there twice"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": ' * 100_000, "nested too deeply"),
        ("{'pan': 1}", "Expecting property name"),
        ("1" * 5000, "The body is no JSON"),
        ('{"pan": 1} {"pan": 1}', "Extra data"),
        ("\ufeff[]", "Send a JSON object."),
        ("null", "Send a JSON object."),
        ("[]", "Send a JSON object."),
        ('"pan"', "Send a JSON object."),
    ],
)
def test_what_is_no_json_or_no_object(rest: Rest, body: str, words: str) -> None:
    answer = rest.ask("POST", "/ptz/move", body)
    assert answer.status_code == 400
    assert words in answer.json()["error"]["text"]


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e999", "x", "61", "-1", "0x1"])
def test_a_time_to_wait_that_is_none(rest: Rest, value: str) -> None:
    assert rest.refusal("GET", f"/events/pull?timeout_s={value}") == (400, "invalid", "timeout_s")


@pytest.mark.parametrize(
    ("name", "value"),
    [("after", "-1"), ("after", "9" * 30), ("after", "1.5"), ("limit", "0"), ("limit", "501"),
     ("further", "1")],
)  # fmt: skip
def test_a_query_that_is_wrong(rest: Rest, name: str, value: str) -> None:
    assert rest.refusal("GET", f"/events/pull?{name}={value}") == (400, "invalid", name)


@pytest.mark.parametrize("value", ["true", 1, 0, None, "yes", []])
def test_a_truth_that_is_none(rest: Rest, value: Any) -> None:
    for method, path, name in (
        ("PUT", "/api/v1/ptz/presets/preset1", "here"),
        ("POST", "/events/digital/output/1", "state"),
        ("POST", "/recording/jobs", "state"),
        ("PUT", "/api/v1/events/switches", "events_enabled"),
    ):
        body = {"token": "a", name: value} if "jobs" in path else {name: value}
        assert rest.refusal(method, path, body) == (400, "invalid", name)


PLACES = ["%00", "a%00b", "%0A", "%ED%A0%80", "%FF", "%E2%80%AE", "x" * 5000]


@pytest.mark.parametrize("place", PLACES)
def test_names_in_an_address_that_cannot_be(rest: Rest, place: str) -> None:
    for method, path, body in (
        ("GET", f"/users/{place}", None),
        ("PUT", f"/users/{place}", {"roles": ["viewer"]}),
        ("DELETE", f"/users/{place}", None),
        ("DELETE", f"/api/v1/users/{place}/slow_down", None),
        ("GET", f"/api/v1/schedules/{place}", None),
        ("PUT", f"/api/v1/schedules/{place}", {"windows": []}),
        ("DELETE", f"/api/v1/schedules/{place}", None),
        ("PUT", f"/api/v1/ptz/presets/{place}", {"name": "Yard"}),
        ("DELETE", f"/api/v1/ptz/presets/{place}", None),
        ("POST", f"/api/v1/ptz/presets/{place}/go", {}),
        ("POST", f"/events/mode/{place}", None),
        ("GET", f"/events/digital/{place}/1", None),
        ("GET", f"/events/digital/input/{place}", None),
        ("POST", f"/events/digital/output/{place}", {"state": True}),
    ):
        assert rest.refusal(method, path, body)[0] == 404, (method, path)


def test_events_armed_by_a_schedule_that_is_not_there(rest: Rest) -> None:
    for name in ("events_schedule", "alarms_schedule"):
        refusal = rest.refusal("PUT", "/api/v1/events/switches", {name: "nowhere"})
        assert refusal == (400, "invalid", name)


def test_a_switched_channel_is_shown_as_described(rest: Rest) -> None:
    answer = rest.ask("POST", "/events/digital/output/1", {"state": True})
    assert answer.json() == {
        "channel_id": 1,
        "direction": "output",
        "name": "Output 1",
        "state": True,
    }
