"""The table of answers: every role at every address, by every way to say who one is.

An address that is missing here, or a method of one, fails the last test.
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from nvrdevice.audit.trail import Actor
from nvrdevice.ptz import control
from nvrdevice.schedules import book
from nvrdevice.schedules.week import Week
from onvif_api.rest import urls
from onvif_api.rest.views.nothing import Nothing
from tests.onvif_api.rest.rest_client import Rest
from tests.onvif_api.rest.sign_in import FORMS

NEW = {"username": "alice", "password": "s3cret", "roles": ["admin", "operator"]}
# Address, body, and the status for viewer, operator and admin; a stranger gets 401 everywhere.
TABLE: dict[tuple[str, str], tuple[str, Any, tuple[int, int, int]]] = {
    ("GET", "users/"): ("/users/", None, (403, 403, 200)),
    ("POST", "users/"): ("/users/", NEW, (403, 403, 201)),
    ("GET", "users/<str:username>"): ("/users/viewer", None, (403, 403, 200)),
    ("PUT", "users/<str:username>"): ("/users/viewer", {"roles": ["viewer"]}, (403, 403, 200)),
    ("DELETE", "users/<str:username>"): ("/users/viewer", None, (403, 403, 204)),
    ("DELETE", "api/v1/users/<str:username>/slow_down"): (
        "/api/v1/users/viewer/slow_down",
        None,
        (403, 403, 204),
    ),
    ("GET", "device/information"): ("/device/information", None, (200, 200, 200)),
    ("GET", "device/capabilities"): ("/device/capabilities", None, (200, 200, 200)),
    ("GET", "media/profiles"): ("/media/profiles", None, (200, 200, 200)),
    ("GET", "media/stream_uri"): (
        "/media/stream_uri?profile_token=profile1",
        None,
        (200, 200, 200),
    ),
    ("GET", "events/subscription"): ("/events/subscription", None, (200, 200, 200)),
    ("GET", "events/pull"): ("/events/pull?after=0", None, (200, 200, 200)),
    ("POST", "events/mode/<str:mode>"): ("/events/mode/motion", None, (403, 200, 200)),
    ("POST", "events/digital/<str:direction>/<str:channel_id>"): (
        "/events/digital/input/1",
        {"state": True},
        (403, 200, 200),
    ),
    ("GET", "events/digital/<str:direction>/<str:channel_id>"): (
        "/events/digital/input/1",
        None,
        (200, 200, 200),
    ),
    ("GET", "api/v1/digital"): ("/api/v1/digital", None, (200, 200, 200)),
    ("GET", "events/schedules"): ("/events/schedules", None, (200, 200, 200)),
    ("POST", "events/schedules"): ("/events/schedules", {"name": "office"}, (403, 201, 201)),
    ("GET", "recording/schedules"): ("/recording/schedules", None, (200, 200, 200)),
    ("GET", "recording/jobs"): ("/recording/jobs", None, (200, 200, 200)),
    ("POST", "recording/jobs"): ("/recording/jobs", {"token": "a"}, (403, 201, 201)),
    ("POST", "recording/schedules"): ("/recording/schedules", {"name": "a"}, (403, 201, 201)),
    ("POST", "ptz/move"): ("/ptz/move", {"pan": 0.5}, (403, 200, 200)),
    ("POST", "ptz/stop"): ("/ptz/stop", {}, (403, 200, 200)),
    ("GET", "api/v1/ptz"): ("/api/v1/ptz", None, (200, 200, 200)),
    ("POST", "api/v1/ptz/home"): ("/api/v1/ptz/home", {}, (403, 200, 200)),
    ("PUT", "api/v1/ptz/home"): ("/api/v1/ptz/home", {}, (403, 200, 200)),
    ("GET", "api/v1/ptz/presets"): ("/api/v1/ptz/presets", None, (200, 200, 200)),
    ("POST", "api/v1/ptz/presets"): ("/api/v1/ptz/presets", {"name": "Gate"}, (403, 201, 201)),
    ("PUT", "api/v1/ptz/presets/<str:preset>"): (
        "/api/v1/ptz/presets/preset1",
        {"name": "Yard"},
        (403, 200, 200),
    ),
    ("DELETE", "api/v1/ptz/presets/<str:preset>"): (
        "/api/v1/ptz/presets/preset1",
        None,
        (403, 204, 204),
    ),
    ("POST", "api/v1/ptz/presets/<str:preset>/go"): (
        "/api/v1/ptz/presets/preset1/go",
        {},
        (403, 200, 200),
    ),
    ("GET", "api/v1/events/switches"): ("/api/v1/events/switches", None, (200, 200, 200)),
    ("PUT", "api/v1/events/switches"): (
        "/api/v1/events/switches",
        {"events_enabled": True},
        (403, 200, 200),
    ),
    ("GET", "api/v1/schedules/<str:name>"): ("/api/v1/schedules/nights", None, (200, 200, 200)),
    ("PUT", "api/v1/schedules/<str:name>"): (
        "/api/v1/schedules/nights",
        {"windows": []},
        (403, 200, 200),
    ),
    ("DELETE", "api/v1/schedules/<str:name>"): (
        "/api/v1/schedules/nights",
        None,
        (403, 204, 204),
    ),
    ("GET", "api/schema/"): ("/api/schema/", None, (200, 200, 200)),
}
ROLES = ("viewer", "operator", "admin")
CODES = {401: "unauthenticated", 403: "forbidden", 501: "unsupported"}


@pytest.fixture(autouse=True)
def what_there_is(people: None, device_process: None) -> None:
    """What the addresses speak of."""
    book.create("nights", Week(), by=Actor("tests", "", "cli"))
    control.create_preset("source1", "Door", by=Actor("tests", "", "cli"))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: " ".join(row))
def test_each_role_gets_what_is_its_own(
    people: None, config_dir: Path, row: tuple[str, str], role: str
) -> None:
    path, body, statuses = TABLE[row]
    found = {}
    for name, form in FORMS.items():
        with undone(config_dir):
            rest = Rest()
            headers = form(rest.client, role, row[0], path)
            answer = rest.ask(row[0], path, body, as_="", headers=headers)
            found[name] = (answer.status_code, _code(answer))
    status = statuses[ROLES.index(role)]
    assert found == dict.fromkeys(FORMS, (status, CODES.get(status, "")))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: " ".join(row))
def test_a_stranger_gets_nothing(rest: Rest, row: tuple[str, str]) -> None:
    path, body, _ = TABLE[row]
    answer = rest.ask(row[0], path, body, as_="")
    assert (answer.status_code, _code(answer)) == (401, "unauthenticated")


@pytest.mark.parametrize("row", TABLE, ids=lambda row: " ".join(row))
def test_each_address_answers_with_and_without_a_slash(rest: Rest, row: tuple[str, str]) -> None:
    path, body, statuses = TABLE[row]
    bare, question, query = path.partition("?")
    other = bare.removesuffix("/") if bare.endswith("/") else bare + "/"
    assert rest.ask(row[0], other + question + query, body).status_code == statuses[2]


def test_the_table_names_all_there_is() -> None:
    there = {
        (method.upper(), route)
        for route, view in urls.ADDRESSES.items()
        for method in ("get", "post", "put", "delete", "patch")
        if hasattr(view, method)
    }
    assert there == set(TABLE)
    assert not Nothing.access


@contextlib.contextmanager
def undone(config_dir: Path) -> Iterator[None]:
    """What is done within is undone in database and documents: the next way in finds the same."""
    kept = {path: path.read_bytes() for path in config_dir.iterdir() if path.is_file()}
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)
    for path in config_dir.iterdir():
        path.unlink()
    for path, data in kept.items():
        path.write_bytes(data)


def _code(answer: Any) -> str:
    if answer.status_code < 400:
        return ""
    return str(json.loads(answer.content)["error"]["code"])
