"""The page of REST: everything the schema tells, in words, for who is signed in."""

import pytest
from django.test import Client

from nvrdevice.accounts.models import User
from onvif_api.rest import docs, schema
from tests.onvif_api.rest.rest_client import Rest


def page(client: Client, username: str = "viewer") -> str:
    client.force_login(User.objects.get(username=username))
    answer = client.get("/api/docs/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_operation_is_on_the_page(rest: Rest) -> None:
    described = {
        (method.upper(), path)
        for path, operations in schema.schema()["paths"].items()
        for method in operations
    }
    told = {(call.method, call.path) for group in docs.groups() for call in group.operations}
    assert told == described
    html = page(rest.client)
    for _, path in described:
        assert f"<code>{path}</code>" in html


def test_the_commands_name_the_host_that_was_asked(rest: Rest) -> None:
    assert "http://testserver/device/information" in page(rest.client)


@pytest.mark.parametrize("path", ["/api/docs/", "/api/docs/?a=b"])
def test_a_stranger_signs_in_first(rest: Rest, path: str) -> None:
    answer = rest.client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/?next=/api/docs/")


def test_until_setup_it_leads_there(first_start: None) -> None:
    client = Client()
    client.force_login(User.objects.get(username="admin"))
    assert client.get("/api/docs/").headers["Location"] == "/setup/account/"


def test_each_call_names_its_role_bounds_and_an_example() -> None:
    calls = {(c.method, c.path): c for group in docs.groups() for c in group.operations}
    create = calls["POST", "/users/"]
    assert create.role == "admin"
    assert create.example.startswith('{"username": "…", "password": "…", "roles": ["viewer"]')
    limit = next(f for f in calls["GET", "/events/pull"].parameters if f.name == "limit")
    assert limit.words == "whole number from 1 to 500"
