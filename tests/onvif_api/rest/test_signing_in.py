"""Who is let in, who is not, and what each hears."""

import json
import logging

import pytest
from django.test import Client

from nvrdevice import clients
from nvrdevice.accounts import users
from nvrdevice.accounts.users import Change
from nvrdevice.audit import trail
from nvrdevice.clients import Book
from nvrdevice.lib.clock import SYSTEM_CLOCK
from tests.onvif_api.rest.rest_client import PASSWORDS, Rest, token
from tests.onvif_api.rest.sign_in import FORMS, digest_header, session

WHERE = "/device/information"
RIGHT = PASSWORDS["viewer"]


def status(rest: Rest, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return rest.ask("GET", WHERE, as_="", headers=named).status_code


@pytest.mark.parametrize(
    "header",
    [
        f'UsernameToken username="viewer" password="{RIGHT}"',
        f'usernametoken Username="viewer", Password="{RIGHT}"',
        f"UsernameToken username=viewer password={RIGHT}",
        f'  UsernameToken  password="{RIGHT}" ,username = "viewer" , ',
    ],
)
def test_the_plain_form_is_taken_as_people_write_it(rest: Rest, header: str) -> None:
    assert status(rest, Authorization=header) == 200


@pytest.mark.parametrize(
    "password", ['with "quotes" in', "with \\ in it", "mit Käse äöü", "a=b,c d"]
)
def test_any_password_can_be_sent(rest: Rest, password: str) -> None:
    users.update(Change("viewer", password=password), by=trail.DEVICE)
    escaped = password.replace("\\", "\\\\").replace('"', '\\"')
    sent = token("viewer", escaped).encode().decode("latin-1")
    assert status(rest, Authorization=sent) == 200


@pytest.mark.parametrize(
    "header",
    [
        "UsernameToken",
        'UsernameToken username="viewer"',
        f'UsernameToken password="{RIGHT}"',
        f'UsernameToken username="viewer" username="viewer" password="{RIGHT}"',
        f'UsernameToken username="viewer" password="{RIGHT}" role="admin"',
        f'UsernameToken username="viewer" password="{RIGHT}',
        'UsernameToken username="viewer" passworddigest="abc"',
        'UsernameToken username="viewer" password="a" passworddigest="abc"',
        "UsernameToken " + " " * 5000,
        "UsernameToken =",
    ],
)
def test_half_a_header_is_refused_as_such(rest: Rest, header: str) -> None:
    refused = rest.refusal("GET", WHERE, as_="", headers={"Authorization": header})
    assert refused == (401, "malformed", None)


@pytest.mark.parametrize("header", ["Basic dmlld2VyOng=", "Bearer abc", "Negotiate x", ""])
def test_other_credentials_count_as_none(rest: Rest, header: str) -> None:
    refused = rest.refusal("GET", WHERE, as_="", headers={"Authorization": header})
    assert refused == (401, "unauthenticated", None)


@pytest.mark.parametrize("username", ["viewer", "nobody"])
def test_a_wrong_password_says_no_more_than_an_unknown_user(rest: Rest, username: str) -> None:
    headers = {"Authorization": token(username, "wrong one")}
    answer = rest.ask("GET", WHERE, as_="", headers=headers)
    assert json.loads(answer.content)["error"] == {
        "kind": "unauthenticated",
        "code": "unauthenticated",
        "text": "The user name or the password is wrong.",
        "field": None,
    }


def test_a_refused_try_is_noted_with_its_reason(rest: Rest) -> None:
    known = Book(None)
    clients.use(known)
    try:
        status(rest, Authorization=token("viewer", "wrong one"))
        (refusal,) = known.ledger.refusals(SYSTEM_CLOCK.now().timestamp())
        assert (refusal.reason, refusal.username, refusal.protocol) == (
            "WRONG_PASSWORD",
            "viewer",
            "rest",
        )
    finally:
        clients.use(Book(None))


def test_guessing_slows_down_and_says_how_long(rest: Rest) -> None:
    for _ in range(5):
        assert status(rest, Authorization=token("viewer", "wrong one")) == 401
    answer = rest.ask("GET", WHERE, as_="viewer")
    assert (answer.status_code, json.loads(answer.content)["error"]["code"]) == (429, "slowed_down")
    assert int(answer.headers["Retry-After"]) >= 1
    assert rest.ask("GET", WHERE, as_="operator").status_code == 200


def test_a_wrong_header_is_not_saved_by_a_session(rest: Rest) -> None:
    session(rest.client, "admin", "GET", WHERE)
    assert status(rest, Authorization=token("admin", "wrong one")) == 401


def test_a_token_is_taken_once(rest: Rest) -> None:
    header = digest_header("viewer", RIGHT)
    assert status(rest, X_WSSE=header) == 200
    refused = rest.refusal("GET", WHERE, as_="", headers={"X-WSSE": header})
    assert refused == (401, "replay", None)


def test_a_clock_that_is_off_is_told_to_who_knows_the_password(rest: Rest) -> None:
    header = digest_header("viewer", RIGHT, created="2020-01-01T00:00:00Z")
    refused = rest.refusal("GET", WHERE, as_="", headers={"X-WSSE": header})
    assert refused == (401, "clock_off", None)


def test_a_stranger_is_told_every_way_in(rest: Rest) -> None:
    offered = rest.ask("GET", WHERE, as_="").headers["WWW-Authenticate"]
    schemes = [part.partition(" ")[0] for part in offered.split(", ") if " " in part]
    assert schemes == ["UsernameToken", "Digest", "Digest"]
    assert offered.index("SHA-256") < offered.index("MD5")


def test_a_script_of_a_page_opens_no_dialog_of_the_browser(rest: Rest) -> None:
    headers = {"X-Requested-With": "XMLHttpRequest"}
    offered = rest.ask("GET", WHERE, as_="", headers=headers).headers["WWW-Authenticate"]
    assert offered == 'UsernameToken realm="nvrdevice"'


@pytest.mark.parametrize("headers", [{}, {"X-CSRFToken": "x" * 32}])
def test_a_session_writes_with_its_token_only(rest: Rest, headers: dict[str, str]) -> None:
    session(rest.client, "operator", "POST", "")
    refused = rest.refusal("POST", "/events/mode/motion", as_="", headers=headers)
    assert refused == (403, "csrf", None)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://evil.example", 403),
        ("http://testserver:81", 403),
        ("null", 403),
        ("", 403),
        ("http://testserver", 200),
        (None, 200),
    ],
)
def test_a_browser_that_knows_a_digest_serves_no_other_site(
    rest: Rest, origin: str | None, status: int
) -> None:
    path = "/events/mode/motion"
    headers = FORMS["HTTP Digest MD5"](rest.client, "operator", "POST", path)
    told = {} if origin is None else {"Origin": origin}
    host = {"Host": "testserver"}
    answer = rest.ask("POST", path, as_="", headers={**headers, **told, **host})
    assert answer.status_code == status


def test_a_session_ends_with_its_user(rest: Rest) -> None:
    session(rest.client, "viewer", "GET", WHERE)
    users.update(Change("viewer", active=False), by=trail.DEVICE)
    assert rest.refusal("GET", WHERE, as_="") == (401, "unauthenticated", None)


@pytest.mark.parametrize("form", FORMS)
def test_a_changed_role_counts_from_the_next_request_on(rest: Rest, form: str) -> None:
    path = "/events/mode/motion"
    users.update(Change("operator", roles=("viewer",)), by=trail.DEVICE)
    headers = FORMS[form](rest.client, "operator", "POST", path)
    assert rest.refusal("POST", path, as_="", headers=headers) == (403, "forbidden", None)


def test_without_onvif_access_the_plain_form_and_the_session_remain(rest: Rest) -> None:
    users.update(Change("viewer", onvif_access=False), by=trail.DEVICE)
    found = {}
    for name, form in FORMS.items():
        client = Client()
        answer = client.get(WHERE, headers=form(client, "viewer", "GET", WHERE))
        found[name] = answer.status_code
    assert found == {
        "plain token": 200,
        "plain token in X-WSSE": 200,
        "digest token": 401,
        "HTTP Digest MD5": 401,
        "HTTP Digest SHA-256": 401,
        "session": 200,
    }


def test_each_request_is_one_line_without_its_query(
    rest: Rest, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        rest.ask("GET", "/media/stream_uri?profile_token=secret", as_="viewer")
    (line,) = [record.getMessage() for record in caplog.records]
    words = dict(part.partition("=")[::2] for part in line.split())
    assert (words["client"], words["user"], words["op"], words["result"]) == (
        "127.0.0.1",
        "viewer",
        "GET_/media/stream_uri",
        "no_profile",
    )
    assert "secret" not in line
