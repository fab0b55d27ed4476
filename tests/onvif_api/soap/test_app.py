"""One request through the whole toolkit."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError

from onvif_api.soap.app import DATABASE_CLOSED
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from tests.onvif_api import soap_client
from tests.onvif_api.fake_security import CHALLENGES, FakeSecurity
from tests.onvif_api.soap.operations import registered
from tests.onvif_api.soap_client import Answer


def get_hostname(call: Call) -> Element:
    return el(
        "tds:GetHostnameResponse",
        el("tds:HostnameInformation", el("tt:FromDHCP", False), el("tt:Name", call.host)),
    )


def get_users(call: Call) -> Element:
    return el(
        "tds:GetUsersResponse",
        el(
            "tds:User",
            el("tt:Username", call.actor.username),
            el("tt:UserLevel", "Administrator"),
        ),
    )


def call(request: str, as_: str | None = None, needs: dict[str, int] | None = None) -> Answer:
    return soap_client.call(request, as_, security=FakeSecurity(needs))


@pytest.fixture(autouse=True)
def two_operations() -> Iterator[None]:
    with registered("tds:GetHostname", get_hostname), registered("tds:GetUsers", get_users):
        yield


def test_a_pre_auth_operation_answers_without_credentials() -> None:
    answer = call("<tds:GetHostname/>")
    assert (answer.status, answer.text("tds:HostnameInformation/tt:Name")) == (200, "192.0.2.7")


def test_a_protected_operation_without_credentials_is_401_with_both_challenges() -> None:
    answer = call("<tds:GetUsers/>")
    assert (answer.status, answer.fault) == (401, "Sender/NotAuthorized")
    assert answer.header("WWW-Authenticate") == CHALLENGES


def test_a_protected_operation_with_credentials_knows_who_asks() -> None:
    answer = call("<tds:GetUsers/>", as_="admin")
    assert (answer.status, answer.text("tds:User/tt:Username")) == (200, "admin")


def test_too_low_a_level_is_not_authorized_and_no_challenge() -> None:
    answer = call("<tds:GetUsers/>", as_="viewer", needs={"tds:GetUsers": 3})
    assert (answer.status, answer.fault) == (400, "Sender/NotAuthorized")
    assert answer.header("WWW-Authenticate") == []


def test_an_unknown_operation_is_not_supported() -> None:
    answer = call("<tds:GetNothing/>")
    assert (answer.status, answer.fault) == (500, "Receiver/ActionNotSupported")


def test_a_full_disk_is_said_to_be_one() -> None:
    def get_scopes(call: Call) -> Element:
        raise OperationalError("database or disk is full")

    with registered("tds:GetScopes", get_scopes):
        answer = call("<tds:GetScopes/>", as_="admin")
    assert (answer.status, answer.fault) == (500, "Receiver/Action")
    assert answer.reason == f"Action Failed: {DATABASE_CLOSED}"
