"""Until the first password is changed REST says so in JSON, and does nothing but change it."""

import json

import pytest
from django.test import Client

from nvrdevice.accounts import setup, users
from nvrdevice.accounts.users import Change
from nvrdevice.audit import trail
from tests.onvif_api.rest.rest_client import PASSWORDS, Rest, token

FIRST = {"Authorization": token("admin", "admin123")}
REQUIRED = (403, "password_change_required")


def told(answer: object) -> tuple[int, str]:
    return answer.status_code, json.loads(answer.content)["error"]["code"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("headers", [{}, FIRST])
@pytest.mark.parametrize("path", ["/users/", "/device/information", "/ptz/move", "/api/schema/"])
def test_nothing_is_answered_before(first_start: None, path: str, headers: dict[str, str]) -> None:
    method = "POST" if path.startswith("/ptz") else "GET"
    assert told(Client().generic(method, path, headers=headers)) == REQUIRED


def put(client: Client, body: object, address: str = "127.0.0.1") -> object:
    return client.put("/users/admin", body, "application/json", headers=FIRST, REMOTE_ADDR=address)


def test_the_first_password_can_be_changed(first_start: None) -> None:
    answer = put(Client(), {"password": "my own one"})
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert not setup.state().bootstrap_password
    own = {"Authorization": token("admin", "my own one")}
    assert Client().get("/users/", headers=own).status_code == 200


def test_nothing_else_of_the_first_user_can(first_start: None) -> None:
    assert told(put(Client(), {"onvif_access": False})) == REQUIRED


def test_the_first_password_is_not_taken_from_afar(first_start: None) -> None:
    assert told(put(Client(), {"password": "my own one"}, "203.0.113.9")) == REQUIRED
    assert setup.state().bootstrap_password


def test_a_required_setup_closes_rest_wholly(
    first_start: None, settings: pytest.FixtureRequest
) -> None:
    settings.NVR_REQUIRE_SETUP = True  # type: ignore[attr-defined]
    assert told(put(Client(), {"password": "my own one"})) == REQUIRED
    assert told(Client().get("/device/information")) == REQUIRED


def test_a_password_given_for_the_first_sign_in_opens_nothing(rest: Rest) -> None:
    users.update(Change("viewer", must_change_password=True), by=trail.DEVICE)
    assert rest.refusal("GET", "/device/information", as_="viewer") == (*REQUIRED, None)
    assert rest.ask("GET", "/device/information", as_="operator").status_code == 200


def test_an_administrator_changes_such_a_password_over_rest(rest: Rest) -> None:
    users.update(Change("admin", must_change_password=True), by=trail.DEVICE)
    assert rest.refusal("GET", "/users/") == (*REQUIRED, None)
    assert rest.refusal("PUT", "/users/viewer", {"roles": ["admin"]}) == (*REQUIRED, None)
    same = {"password": PASSWORDS["admin"]}
    assert rest.refusal("PUT", "/users/admin", same) == (400, "password_too_weak", "password")
    assert rest.ask("PUT", "/users/admin", {"password": "my own one"}).status_code == 200
