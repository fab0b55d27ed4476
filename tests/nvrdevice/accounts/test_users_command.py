"""./nvr manage users: list, create, update and delete."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from nvrdevice.accounts import book
from nvrdevice.accounts.levels import Level
from nvrdevice.audit.models import AuditRow
from nvrdevice.lib.errors import DeviceError


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("users", *arguments, stdout=out)
    return out.getvalue()


def password_of(name: str) -> str | None:
    account = book.find(name)
    assert account is not None
    return book.password_of(account)


def test_the_list(people: None) -> None:
    run("update", "vera", "--onvif", "no", "--active", "no")
    assert run("list").splitlines() == [
        "NAME   ROLES     ONVIF  STATE",
        "admin  admin     yes",
        "otto   operator  yes",
        "vera   viewer    no     switched off",
    ]


def test_the_list_in_json(people: None) -> None:
    found: list[dict[str, Any]] = json.loads(run("list", "--json"))
    assert found[1] == {
        "username": "otto",
        "roles": ["operator"],
        "active": True,
        "onvif_access": True,
        "waiting_for_password": False,
        "must_change_password": False,
        "failed_logins": 0,
        "last_login": None,
    }


def test_create_as_the_owner_wrote_it(people: None) -> None:
    assert run("create", "alice", "s3cret", "--roles", "admin", "operator") == (
        "alice was created.\n"
    )
    account = book.find("alice")
    assert account is not None
    assert (account.level, password_of("alice")) == (Level.ADMINISTRATOR, "s3cret")
    row = AuditRow.objects.first()
    assert row is not None
    assert (row.action, row.object, row.protocol) == ("create users", "alice", "cli")


def test_without_roles_a_viewer_is_made(people: None) -> None:
    assert json.loads(run("create", "bob", "bob-secret", "--json"))["roles"] == ["viewer"]


def test_update_as_the_owner_wrote_it(people: None) -> None:
    run("update", "vera", "--password", "newpass", "--roles", "operator")
    account = book.find("vera")
    assert account is not None
    assert (account.level, password_of("vera")) == (Level.OPERATOR, "newpass")


@pytest.mark.parametrize("line", ["piped-secret\n", "piped-secret\r\n", "piped-secret"])
def test_a_password_may_come_on_standard_input(
    people: None, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(line))
    run("update", "vera", "--password")
    assert password_of("vera") == "piped-secret"


def test_the_prompt_asks_twice(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["typed-secret", "typed-secret", "one-word", "another-word"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    run("create", "alice")
    assert password_of("alice") == "typed-secret"
    with pytest.raises(DeviceError) as refused:
        run("update", "alice", "--password")
    assert refused.value.text == "The two passwords differ: nothing was changed."
    assert password_of("alice") == "typed-secret"


def test_pardon(people: None) -> None:
    assert run("pardon", "vera") == "vera may try again at once.\n"
    row = AuditRow.objects.first()
    assert row is not None
    assert (row.action, row.object, row.protocol) == ("lift slow-down", "vera", "cli")


def test_delete(people: None) -> None:
    assert run("delete", "vera") == "vera was deleted.\n"
    assert book.find("vera") is None


def test_delete_in_json(people: None) -> None:
    assert json.loads(run("delete", "vera", "--json")) == {"username": "vera", "deleted": True}


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("delete", "nobody"), "There is no user 'nobody'."),
        (
            ("delete", "admin"),
            "The last active administrator remains: make another user administrator first.",
        ),
        (("create", "x", "123"), "Choose a password of at least 6 characters."),
        (("update", "vera"), "Say what to change: --password, --roles, --onvif or --active."),
        (
            ("create", "x", "123456", "--roles", "boss"),
            "Give one or more of the roles viewer, operator, admin.",
        ),
    ],
)
def test_a_refusal_is_one_sentence(people: None, arguments: tuple[str, ...], text: str) -> None:
    with pytest.raises(DeviceError) as refused:
        run(*arguments)
    assert refused.value.text == text


def test_a_refusal_in_json(people: None, capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    with pytest.raises(DeviceError):
        call_command("users", "delete", "nobody", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "error": {"kind": "missing", "text": "There is no user 'nobody'.", "field": "username"}
    }
