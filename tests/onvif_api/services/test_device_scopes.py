"""Scopes and discovery mode over ONVIF (DISCOVERY-1-1-9, DISCOVERY-1-1-11)."""

from typing import Any

import pytest
from django.db import OperationalError, connection

from nvrdevice.audit.models import AuditRow
from nvrdevice.discovery import scopes
from onvif_api.soap.namespaces import name
from tests.onvif_api.services.device_client import ask, each

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]
ONVIF = "onvif://www.onvif.org/"
HALL, DOOR = ONVIF + "location/hall", ONVIF + "name/door"


def told() -> list[tuple[str, str]]:
    return [
        (scope.findtext(name("tt:ScopeDef"), ""), scope.findtext(name("tt:ScopeItem"), ""))
        for scope in ask("GetScopes", "viewer").all("tds:Scopes")
    ]


def fixed() -> list[tuple[str, str]]:
    return [("Fixed", uri) for uri in scopes.fixed()]


def test_a_fresh_device_has_every_category_the_tests_look_for() -> None:
    categories = {uri.removeprefix(ONVIF).split("/")[0] for _, uri in told()}
    assert {"Profile", "type", "hardware", "name", "location"} <= categories
    assert told() == fixed()


def test_set_add_and_remove() -> None:
    ask("SetScopes", inner=each("Scopes", [HALL]))
    assert told() == [*fixed(), ("Configurable", HALL)]
    ask("AddScopes", inner=each("ScopeItem", [DOOR]))
    assert told() == [*fixed(), ("Configurable", HALL), ("Configurable", DOOR)]
    removed = ask("RemoveScopes", inner=each("ScopeItem", [HALL]))
    assert [element.text for element in removed.all("tds:ScopeItem")] == [HALL]
    assert told() == [*fixed(), ("Configurable", DOOR)]


@pytest.mark.parametrize(
    ("operation", "tag", "uris", "fault"),
    [
        ("RemoveScopes", "ScopeItem", [HALL], "Sender/InvalidArgVal/NoScope"),
        (
            "RemoveScopes",
            "ScopeItem",
            [ONVIF + "Profile/Streaming"],
            "Sender/OperationProhibited/FixedScope",
        ),
        ("AddScopes", "ScopeItem", [], "Sender/InvalidArgs"),
        ("AddScopes", "ScopeItem", ["no uri"], "Sender/InvalidArgVal"),
        (
            "SetScopes",
            "Scopes",
            [f"{ONVIF}x/{number}" for number in range(33)],
            "Receiver/Action/TooManyScopes",
        ),
    ],
)
def test_refusals(operation: str, tag: str, uris: list[str], fault: str) -> None:
    assert ask(operation, inner=each(tag, uris)).fault == fault
    assert told() == fixed()


def test_the_discovery_mode_is_set_and_told() -> None:
    assert ask("GetDiscoveryMode").text("tds:DiscoveryMode") == "Discoverable"
    ask("SetDiscoveryMode", inner=each("DiscoveryMode", ["NonDiscoverable"]))
    assert ask("GetDiscoveryMode").text("tds:DiscoveryMode") == "NonDiscoverable"


def test_a_mode_there_is_none_of_is_refused() -> None:
    answer = ask("SetDiscoveryMode", inner=each("DiscoveryMode", ["Hidden"]))
    assert answer.fault == "Sender/InvalidArgVal"
    assert ask("GetDiscoveryMode").text("tds:DiscoveryMode") == "Discoverable"


def test_the_audit_trail_names_who_did_it() -> None:
    before = AuditRow.objects.count()
    ask("AddScopes", inner=each("ScopeItem", [HALL]))
    row = AuditRow.objects.latest("id")
    assert AuditRow.objects.count() == before + 1
    assert (row.username, row.protocol, row.action) == ("admin", "soap", "add scopes")


def test_a_scope_that_cannot_be_noted_is_not_added() -> None:
    def full(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("INSERT"):
            raise OperationalError("database or disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(full):
        answer = ask("AddScopes", inner=each("ScopeItem", [HALL]))
    assert (answer.status, answer.fault) == (500, "Receiver/Action")
    assert "nothing was changed" in answer.reason
    assert scopes.configurable() == ()
