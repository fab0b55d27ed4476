"""/users/ with the bodies of the owner's README."""

import json

import pytest

from nvrdevice.accounts import passwords, users
from nvrdevice.accounts.models import User
from nvrdevice.audit.models import AuditRow
from tests.onvif_api.rest.rest_client import Rest, token

ALICE = {"username": "alice", "password": "s3cret", "roles": ["admin", "operator"]}


def test_the_users_are_listed(rest: Rest) -> None:
    found = [(user["username"], user["roles"]) for user in rest.get("/users/")]
    assert found == [("viewer", ["viewer"]), ("operator", ["operator"]), ("admin", ["admin"])]


def test_a_user_is_created_shown_and_told_once(rest: Rest) -> None:
    before = AuditRow.objects.count()
    answer = rest.ask("POST", "/users/", ALICE)
    assert (answer.status_code, json.loads(answer.content)) == (201, rest.get("/users/alice"))
    row = AuditRow.objects.first()
    assert row is not None
    assert (row.action, row.object, row.username, row.protocol, row.address) == (
        "create users",
        "alice",
        "admin",
        "rest",
        "127.0.0.1",
    )
    assert AuditRow.objects.count() == before + 1


def test_no_answer_holds_a_password(rest: Rest) -> None:
    answer = rest.ask("POST", "/users/", ALICE)
    assert b"s3cret" not in answer.content + rest.ask("GET", "/users/").content


def test_without_roles_a_user_is_a_viewer(rest: Rest) -> None:
    rest.ask("POST", "/users/", {"username": "bob", "password": "s3cret"})
    assert rest.get("/users/bob")["roles"] == ["viewer"]


def test_password_and_roles_are_changed(rest: Rest) -> None:
    rest.ask("POST", "/users/", ALICE)
    answer = rest.ask("PUT", "/users/alice", {"password": "newpass", "roles": ["viewer"]})
    assert (answer.status_code, json.loads(answer.content)["roles"]) == (200, ["viewer"])
    assert passwords.check("alice", "newpass", address="127.0.0.1").username == "alice"


def test_what_a_change_leaves_out_stays(rest: Rest) -> None:
    rest.ask("POST", "/users/", ALICE)
    before = rest.get("/users/alice")
    rest.ask("PUT", "/users/alice", {"onvif_access": False})
    assert rest.get("/users/alice") == {**before, "onvif_access": False}


def test_a_user_is_removed(rest: Rest) -> None:
    assert rest.ask("DELETE", "/users/viewer").status_code == 204
    assert [person.username for person in users.list_users()] == ["operator", "admin"]


def test_the_last_administrator_stays(rest: Rest) -> None:
    assert rest.refusal("DELETE", "/users/admin") == (409, "fixed_user", "roles")


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"password": "s3cret"}, (400, "invalid", "username")),
        ({"username": "bob"}, (400, "invalid", "password")),
        ({"username": "bob", "password": "x"}, (400, "password_too_weak", "password")),
        ({"username": "bob", "password": 123456}, (400, "invalid", "password")),
        ({"username": "a:b", "password": "s3cret"}, (400, "invalid", "username")),
        ({"username": "Admin", "password": "s3cret"}, (409, "username_clash", "username")),
        ({**ALICE, "roles": ["root"]}, (400, "invalid", "roles[0]")),
        ({**ALICE, "roles": []}, (400, "invalid", "roles")),
        ({**ALICE, "onvif_access": "yes"}, (400, "invalid", "onvif_access")),
        ({**ALICE, "role": "admin"}, (400, "invalid", "role")),
        ([ALICE], (400, "invalid", None)),
        ("{", (400, "parse_error", None)),
        ('{"username": NaN}', (400, "parse_error", None)),
        ("[" * 100_000, (400, "parse_error", None)),
        ('{"username": "\\ud800", "password": "s3cret"}', (400, "invalid", "username")),
        ("\xff", (400, "parse_error", None)),
        ("", (400, "invalid", "username")),
    ],
)
def test_what_cannot_be_a_user_is_refused_by_name(
    rest: Rest, body: object, refused: object
) -> None:
    assert rest.refusal("POST", "/users/", body) == refused


def test_several_things_wrong_are_all_told(rest: Rest) -> None:
    error = json.loads(rest.ask("POST", "/users/", {}).content)["error"]
    assert [error["field"], *(each["field"] for each in error["more"])] == ["username", "password"]


def test_a_change_needs_something_to_change(rest: Rest) -> None:
    assert rest.refusal("PUT", "/users/viewer", {}) == (400, "invalid", None)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_nobody_is_no_user(rest: Rest, method: str) -> None:
    body = {"roles": ["viewer"]} if method == "PUT" else None
    assert rest.refusal(method, "/users/nobody", body) == (404, "username_missing", "username")


def test_a_session_outlives_the_change_of_its_own_password(rest: Rest) -> None:
    rest.client.force_login(User.objects.get(username="admin"))
    rest.client.get("/account/")
    csrf = {"X-CSRFToken": rest.client.cookies["nvrdevice_csrf"].value}
    changed = rest.ask("PUT", "/users/admin", {"password": "another one"}, as_="", headers=csrf)
    assert changed.status_code == 200
    assert rest.ask("GET", "/users/", as_="").status_code == 200


def test_the_plain_header_of_the_readme_signs_in(rest: Rest) -> None:
    rest.ask("POST", "/users/", ALICE)
    own = {"Authorization": token("alice", "s3cret")}
    assert rest.ask("GET", "/users/", as_="", headers=own).status_code == 200
