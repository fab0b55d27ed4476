"""What is no address of REST, or no method of one, is refused in JSON and never redirected."""

import json
import re

import pytest
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve

from nvrdevice.lib.errors import Kind
from nvrdevice.management.web_server.limits import LIMITS
from onvif_api.rest import errors, urls
from onvif_api.rest.errors import RestError
from onvif_api.rest.views.nothing import Nothing
from tests.onvif_api.rest.rest_client import Rest


@pytest.mark.parametrize(
    "path",
    [
        "/users/a/b",
        "/device",
        "/device/",
        "/device/other",
        "/media/profiles/1",
        "/events/mode/",
        "/events/digital/input",
        "/api/v1/",
        "/api/v1/other",
        "/api/schema/x",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_below_the_addresses_of_rest_nothing_is_404_in_json(
    rest: Rest, method: str, path: str
) -> None:
    assert rest.refusal(method, path, as_="") == (404, "not_found", None)


@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "TRACE", "POST", "BREW"])
def test_a_method_an_address_does_not_know_is_405_with_those_it_does(
    rest: Rest, method: str
) -> None:
    answer = rest.ask(method, "/device/information")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert json.loads(answer.content)["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "a/b", ""])
def test_a_body_of_another_type_is_415(rest: Rest, kind: str) -> None:
    headers = {"Content-Type": kind}
    assert rest.refusal("POST", "/users/", {"a": 1}, headers=headers) == (
        415,
        "unsupported_media_type",
        None,
    )


def test_json_is_the_answer_whatever_is_accepted(rest: Rest) -> None:
    answer = rest.ask("GET", "/device/information", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


def test_head_is_answered_as_get(rest: Rest) -> None:
    assert rest.ask("HEAD", "/users/").status_code == 200
    assert rest.ask("HEAD", "/users/", as_="viewer").status_code == 403


def test_no_page_takes_an_address_of_rest() -> None:
    own = {pattern.lookup_str for pattern in urls.urlpatterns}
    for route in urls.ADDRESSES:
        path = "/" + route.replace("<str:", "<").replace("<", "").replace(">", "")
        assert resolve(path)._func_path in own, path
        assert resolve(path.rstrip("/"))._func_path in own, path


def test_no_page_lies_where_rest_answers_404() -> None:
    """A page below these would never be seen."""
    pages = _routes(get_resolver().url_patterns[1:])
    assert [route for route in pages if _is_nothing("/" + route)] == []


def _routes(patterns: list[object], prefix: str = "") -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)  # type: ignore[attr-defined]
        inner = getattr(pattern, "url_patterns", None)
        found += _routes(inner, route) if inner is not None else [route]
    return found


def _is_nothing(path: str) -> bool:
    try:
        return getattr(resolve(path).func, "cls", None) is Nothing
    except Resolver404:
        return False


def test_a_fault_of_ours_is_500_in_json(
    rest: Rest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down() -> None:
        raise KeyError("secret")

    monkeypatch.setattr("nvrdevice.system.identity.read", break_down)
    answer = rest.ask("GET", "/device/information")
    assert answer.status_code == 500
    assert json.loads(answer.content)["error"]["code"] == "internal"
    assert b"secret" not in answer.content
    assert "REST failed" in caplog.text


def test_a_closed_database_is_503_with_a_time_to_wait(
    rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def fail() -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("nvrdevice.events.journal.head", fail)
    answer = rest.ask("GET", "/events/subscription")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_a_refusal_sets_no_cookie(people: None) -> None:
    assert not Client().get("/device/information").cookies


def test_the_server_refuses_in_json_wherever_rest_is_spoken() -> None:
    paths = ["/" + re.sub("<.+?>", "x", route) for route in urls.ADDRESSES]
    paths += [path.removesuffix("/") for path in paths]
    found = {path: LIMITS.too_large(path.encode() + b"?a=b") for path in paths}
    text = "A body is at most 256 kB here: send less."
    wanted = errors.describe(RestError(Kind.LIMIT, text, code="body_too_large", status=413)).body
    assert {path: json.loads(words or b"{}") for path, words in found.items()} == dict.fromkeys(
        paths, wanted
    )


@pytest.mark.parametrize(
    "path", ["/ptz/", "/ptz/camera/x/act/", "/events/", "/recording/", "/onvif/x", "/users-of/"]
)
def test_the_server_speaks_no_json_to_pages(path: str) -> None:
    assert LIMITS.too_large(path.encode()) == b""
