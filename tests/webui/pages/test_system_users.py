"""Users for daily cases: each button does what every face does, and leaves one audit row."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from nvrdevice.accounts import book, gate, last_use, users
from nvrdevice.accounts.levels import Level
from nvrdevice.accounts.models import User
from nvrdevice.accounts.slow_down import SlowDown
from nvrdevice.accounts.users import NewUser
from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor

BASE = "/system/users/"


@pytest.fixture(autouse=True)
def fresh(settings: Any, config_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.NVR_CONFIG_DIR = config_dir
    monkeypatch.setattr(gate, "slow_down", SlowDown())
    last_use.forget()


@pytest.fixture
def admin(transactional_db: None) -> Client:
    """Signed in as administrator; otto and vera exist; the audit trail is empty."""
    users.create_many(
        [
            NewUser("admin", "admin-secret", ("admin",)),
            NewUser("otto", "otto-secret", ("operator",)),
            NewUser("vera k", "vera-secret", ("viewer",)),
        ],
        by=Actor("tests", "", "cli"),
    )
    AuditRow.objects.all().drop()
    client = Client(REMOTE_ADDR="192.168.1.5")
    assert client.login(username="admin", password="admin-secret")
    return client


def rows() -> list[tuple[str, str, str, str, str]]:
    return [
        (row.username, row.address, row.protocol, row.action, row.object)
        for row in AuditRow.objects.order_by("id")
    ]


def page(name: str) -> str:
    return f"{BASE}name/{name}/"


def rights(**fields: str) -> dict[str, str]:
    return {"what": "rights", "role": "viewer", "onvif_access": "on", "active": "on"} | fields


def without(form: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in form.items() if name not in names}


def words(client: Client, path: str) -> str:
    text = re.sub(r"<[^>]+>", " ", client.get(path).content.decode())
    return re.sub(r"\s+", " ", text)


ADDED = ("admin", "192.168.1.5", "web", "create users", "new user")
CHANGED = ("admin", "192.168.1.5", "web", "change users", "vera k")


@pytest.mark.parametrize("path", [BASE, f"{BASE}add/", page("otto"), page("otto") + "delete/"])
def test_it_is_for_administrators(admin: Client, path: str) -> None:
    otto = Client()
    otto.force_login(User.objects.get(username="otto"))
    answers = [client.get(path).status_code for client in (Client(), otto, admin)]
    assert answers == [302, 403, 200]


def test_the_list_says_role_and_its_meaning_and_onvif(admin: Client) -> None:
    users.update(users.Change("otto", onvif_access=False), by=Actor("tests", "", "cli"))
    text = words(admin, BASE)
    assert "otto Operator works with the device, but does not set it up ○ No" in text
    assert "vera k Viewer sees the picture and the events ● Yes" in text


def test_the_list_says_when_each_was_seen_last(admin: Client) -> None:
    seen = timezone.now()
    User.objects.filter(username="otto").update(last_onvif=seen, last_rtsp=seen)
    text = words(admin, BASE)
    at = f"{seen:%Y-%m-%d %H:%M:%S} UTC"
    assert f"ONVIF {at} RTSP {at}" in text
    assert "Yes Never" in text


def test_the_list_says_who_is_slowed_off_or_must_change(admin: Client) -> None:
    until = timezone.now() + timedelta(seconds=20)
    User.objects.filter(username="otto").update(slowed_until=until, failed_logins=7)
    User.objects.filter(username="vera k").update(is_active=False, must_change_password=True)
    text = words(admin, BASE)
    assert f"Slowed down until {until:%Y-%m-%d %H:%M:%S} UTC" in text
    assert "Switched off Must change the password" in text


def test_add(admin: Client) -> None:
    form = {"username": "new user", "password": "new-secret", "role": "operator"}
    answer = admin.post(f"{BASE}add/", form | {"onvif_access": "on"})
    assert (answer.status_code, answer["Location"]) == (302, BASE)
    account = book.find("new user")
    assert account is not None
    assert (account.level, account.onvif_access) == (Level.OPERATOR, True)
    assert rows() == [ADDED]


def test_an_account_for_the_nvr_leads_back_to_it(admin: Client) -> None:
    form = {"username": "new user", "password": "new-secret", "role": "viewer", "for": "nvr"}
    assert admin.post(f"{BASE}add/", form)["Location"] == "/connect/"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"password": "123"}, "Choose a password of at least 6 characters."),
        ({"username": "otto"}, "There is a user &#x27;otto&#x27; already."),
        ({"username": ""}, "Type a user name."),
        ({"role": ""}, "Choose a role."),
    ],
)
def test_add_refuses_what_every_face_refuses(
    admin: Client, fields: dict[str, str], sentence: str
) -> None:
    form = {"username": "new user", "password": "new-secret", "role": "viewer"} | fields
    assert sentence in admin.post(f"{BASE}add/", form).content.decode()
    assert rows() == []


def test_role_and_onvif_access_are_one_change(admin: Client) -> None:
    form = without(rights(role="operator"), "onvif_access")
    assert admin.post(page("vera k"), form).status_code == 302
    account = book.find("vera k")
    assert account is not None
    assert (account.level, account.onvif_access) == (Level.OPERATOR, False)
    assert rows() == [CHANGED]


def test_saving_the_same_again_changes_nothing(admin: Client) -> None:
    assert admin.post(page("vera k"), rights()).status_code == 302
    assert rows() == []


def test_switched_off_and_on(admin: Client) -> None:
    admin.post(page("vera k"), without(rights(), "active"))
    assert book.find("vera k") is None
    admin.post(page("vera k"), rights())
    assert book.find("vera k") is not None
    assert rows() == [CHANGED, CHANGED]


def test_a_new_password(admin: Client) -> None:
    form = {"what": "password", "password": "brand-new-1", "must_change_password": "on"}
    assert admin.post(page("vera k"), form).status_code == 302
    account = book.find("vera k")
    assert account is not None
    assert (book.password_of(account), account.must_change_password) == ("brand-new-1", True)
    assert rows() == [CHANGED]


def test_ones_own_new_password_keeps_one_signed_in(admin: Client) -> None:
    admin.post(page("admin"), {"what": "password", "password": "brand-new-1"})
    assert admin.get(BASE).status_code == 200


def test_a_slow_down_is_lifted(admin: Client) -> None:
    for _ in range(6):
        gate.slow_down.failed("vera k", "192.168.1.20", 0.0)
    User.objects.filter(username="vera k").update(failed_logins=6)
    assert "Lift the slow-down" in words(admin, page("vera k"))
    admin.post(page("vera k"), {"what": "pardon"})
    assert gate.slow_down.wait_s("vera k", "192.168.1.20", 0.0) == 0.0
    assert "Lift the slow-down" not in words(admin, page("vera k"))
    assert [row[3:] for row in rows()] == [("lift slow-down", "vera k")]


@pytest.mark.parametrize("form", [rights(role="viewer"), without(rights(role="admin"), "active")])
def test_the_last_administrator_remains(admin: Client, form: dict[str, str]) -> None:
    text = admin.post(page("admin"), form).content.decode()
    assert "The last active administrator remains" in text
    assert rows() == []


def test_delete_asks_by_name_first(admin: Client) -> None:
    assert "Delete the user vera k?" in words(admin, page("vera k") + "delete/")
    assert book.find("vera k") is not None
    assert admin.post(page("vera k") + "delete/").status_code == 302
    assert book.find("vera k") is None
    assert rows() == [("admin", "192.168.1.5", "web", "delete users", "vera k")]


def test_the_last_administrator_is_not_deleted(admin: Client) -> None:
    text = admin.post(page("admin") + "delete/").content.decode()
    assert "The last active administrator remains" in text
    assert rows() == []


def test_who_is_gone_is_not_found(admin: Client) -> None:
    paths = (page("nobody"), page("nobody") + "delete/")
    assert [admin.get(path).status_code for path in paths] == [404, 404]


def test_no_page_shows_a_hash_or_a_sealed_secret(admin: Client) -> None:
    otto = User.objects.get(username="otto")
    for path in (BASE, page("otto"), page("otto") + "delete/"):
        text = admin.get(path).content.decode()
        assert otto.password not in text
        assert bytes(otto.sealed_secret or b"").decode() not in text
