"""Django admin manages users as every other face does: same refusals, one audit row, no secret."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.admin.models import LogEntry
from django.test import Client

from nvrdevice.accounts import book, gate, users
from nvrdevice.accounts.levels import Level
from nvrdevice.accounts.models import User
from nvrdevice.accounts.slow_down import SlowDown
from nvrdevice.accounts.users import NewUser
from nvrdevice.audit import trail
from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.events import publishing
from nvrdevice.events.models import Event

BASE = "/admin/nvrdevice/user/"


@pytest.fixture(autouse=True)
def fresh(settings: Any, config_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.NVR_CONFIG_DIR = config_dir
    monkeypatch.setattr(gate, "slow_down", SlowDown())


@pytest.fixture
def admin(transactional_db: None) -> Client:
    """Signed in as administrator; otto and vera exist; the audit trail is empty."""
    by = Actor("tests", "", "cli")
    users.create_many(
        [
            NewUser("admin", "admin-secret", ("admin",)),
            NewUser("otto", "otto-secret", ("operator",)),
            NewUser("vera", "vera-secret", ("viewer",)),
        ],
        by=by,
    )
    AuditRow.objects.all().drop()
    client = Client(REMOTE_ADDR="192.168.1.5")
    assert client.login(username="admin", password="admin-secret")
    return client


def address(name: str, what: str = "change") -> str:
    return f"{BASE}{User.objects.get(username=name).pk}/{what}/"


def trail_rows() -> list[tuple[str, str, str, str, str]]:
    return [
        (row.username, row.address, row.protocol, row.action, row.object)
        for row in AuditRow.objects.order_by("id")
    ]


def roles_in_file(config_dir: Path) -> dict[str, list[str]]:
    document = yaml.safe_load((config_dir / "users.yaml").read_bytes())
    return {user["username"]: user["roles"] for user in document["users"]}


def changed(**fields: Any) -> dict[str, Any]:
    return {"roles": ["viewer"], "onvif_access": "on", "is_active": "on"} | fields


def test_add(admin: Client, config_dir: Path) -> None:
    answer = admin.post(
        BASE + "add/",
        {
            "username": "new user",
            "password1": "new-secret",
            "password2": "new-secret",
            "roles": ["viewer", "operator"],
            "onvif_access": "on",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    account = book.find("new user")
    assert account is not None
    assert (account.level, book.password_of(account)) == (Level.OPERATOR, "new-secret")
    assert trail_rows() == [("admin", "192.168.1.5", "web", "create users", "new user")]
    assert roles_in_file(config_dir)["new user"] == ["viewer", "operator"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"password1": "123", "password2": "123"}, "Choose a password of at least 6 characters."),
        ({"password2": "other-secret"}, "The two passwords differ: type the same one twice."),
        ({"username": "vera"}, "There is a user &#x27;vera&#x27; already."),
        ({"username": "anonymous"}, "The user name anonymous stands for clients"),
        ({"username": "a:b"}, "A user name has no spaces at its ends"),
        ({"roles": []}, "This field is required."),
    ],
)
def test_add_refuses_what_every_face_refuses(
    admin: Client, fields: dict[str, Any], sentence: str
) -> None:
    form = {
        "username": "newcomer",
        "password1": "new-secret",
        "password2": "new-secret",
        "roles": ["viewer"],
    }
    answer = admin.post(BASE + "add/", form | fields)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert User.objects.count() == 3
    assert trail_rows() == []


def test_change(admin: Client, config_dir: Path) -> None:
    answer = admin.post(address("vera"), changed(roles=["operator"], onvif_access=""))
    assert answer.status_code == 302, answer.content.decode()
    vera = User.objects.get(username="vera")
    assert (vera.onvif_access, vera.sealed_secret) == (False, None)
    assert trail_rows() == [("admin", "192.168.1.5", "web", "change users", "vera")]
    assert roles_in_file(config_dir)["vera"] == ["operator"]


@pytest.mark.parametrize("fields", [{"roles": ["viewer"]}, {"roles": ["admin"], "is_active": ""}])
def test_the_last_administrator_remains(admin: Client, fields: dict[str, Any]) -> None:
    answer = admin.post(address("admin"), changed(**fields))
    assert answer.status_code == 200
    assert "The last active administrator remains" in answer.content.decode()
    account = book.find("admin")
    assert account is not None
    assert account.level is Level.ADMINISTRATOR
    assert trail_rows() == []


def test_a_new_password(admin: Client) -> None:
    page = admin.get(address("vera", "password"))
    assert 'name="usable_password"' not in page.content.decode()
    form = {"password1": "brand-new-1", "password2": "brand-new-1"}
    assert admin.post(address("vera", "password"), form).status_code == 302
    account = book.find("vera")
    assert account is not None
    assert book.password_of(account) == "brand-new-1"
    assert trail_rows() == [("admin", "192.168.1.5", "web", "change users", "vera")]


def test_ones_own_new_password_keeps_one_signed_in(admin: Client) -> None:
    form = {"password1": "brand-new-1", "password2": "brand-new-1"}
    assert admin.post(address("admin", "password"), form).status_code == 302
    assert admin.get(BASE).status_code == 200


def test_a_weak_new_password_is_refused(admin: Client) -> None:
    form = {"password1": "123", "password2": "123"}
    answer = admin.post(address("vera", "password"), form)
    assert "Choose a password of at least 6 characters." in answer.content.decode()
    assert trail_rows() == []


def test_delete(admin: Client, config_dir: Path) -> None:
    assert "vera" in admin.get(address("vera", "delete")).content.decode()
    assert admin.post(address("vera", "delete"), {"post": "yes"}).status_code == 302
    assert book.find("vera") is None
    assert trail_rows() == [("admin", "192.168.1.5", "web", "delete users", "vera")]
    assert list(roles_in_file(config_dir)) == ["admin", "otto"]


def test_the_last_administrator_is_not_deleted(admin: Client) -> None:
    answer = admin.post(address("admin", "delete"), {"post": "yes"}, follow=True)
    assert "The last active administrator remains" in answer.content.decode()
    assert User.objects.count() == 3
    assert trail_rows() == []


def bulk_delete(admin: Client, *names: str) -> str:
    ids = list(User.objects.filter(username__in=names).values_list("pk", flat=True))
    form = {"action": "delete_selected", "_selected_action": ids, "post": "yes"}
    return admin.post(BASE, form, follow=True).content.decode()


def test_bulk_delete_is_one_row(admin: Client) -> None:
    assert "Successfully deleted 2" in bulk_delete(admin, "vera", "otto")
    assert User.objects.count() == 1
    assert trail_rows() == [("admin", "192.168.1.5", "web", "delete users", "otto, vera")]


def test_bulk_delete_with_the_last_administrator_deletes_nobody(admin: Client) -> None:
    text = bulk_delete(admin, "admin", "otto", "vera")
    assert "The last active administrator remains" in text
    assert "Successfully deleted" not in text
    assert User.objects.count() == 3
    assert trail_rows() == []


def test_no_page_shows_a_hash_or_a_sealed_secret(admin: Client) -> None:
    vera = User.objects.get(username="vera")
    for path in (BASE, BASE + "add/", address("vera"), address("vera", "password")):
        answer = admin.get(path)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert vera.password not in text
        assert "bcrypt" not in text
        assert bytes(vera.sealed_secret or b"").decode() not in text
        assert "sealed" not in text.replace("then kept sealed on the device", "")


def test_roles_and_audit_rows_are_only_read(admin: Client) -> None:
    trail.record(Actor("otto", "10.0.0.1", "soap"), "set hostname", "network")
    row = AuditRow.objects.get()
    group = User.objects.get(username="vera").groups.get()
    for path in (f"/admin/nvrdevice/auditrow/{row.pk}/", f"/admin/auth/group/{group.pk}/"):
        assert admin.get(path + "change/").status_code == 200
        assert admin.post(path + "change/", {"name": "x"}).status_code == 403
        assert admin.post(path + "delete/", {"post": "yes"}).status_code == 403
    for path in ("/admin/nvrdevice/auditrow/", "/admin/auth/group/"):
        assert admin.get(path).status_code == 200
        assert admin.get(path + "add/").status_code == 403


def test_the_history_is_the_audit_trail(admin: Client) -> None:
    admin.post(address("vera"), changed(roles=["operator"]))
    answer = admin.get(address("vera", "history"))
    assert answer["Location"] == "/admin/nvrdevice/auditrow/?q=vera"
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize("name", ["otto", "vera"])
def test_only_administrators_get_in(admin: Client, name: str) -> None:
    client = Client()
    assert client.login(username=name, password=f"{name}-secret")
    assert client.get(BASE).status_code == 302
    assert client.post(BASE + "add/", {}).status_code == 302


def test_a_slow_down_is_lifted_with_one_row_each(admin: Client) -> None:
    for _ in range(6):
        gate.slow_down.failed("vera", "192.168.1.20", 0.0)
    ids = list(User.objects.filter(username="vera").values_list("pk", flat=True))
    form = {"action": "lift_slow_down", "_selected_action": ids}
    assert "They may try again at once." in admin.post(BASE, form, follow=True).content.decode()
    assert gate.slow_down.wait_s("vera", "192.168.1.20", 0.0) == 0.0
    assert trail_rows() == [("admin", "192.168.1.5", "web", "lift slow-down", "vera")]


def test_who_waits_for_a_password_on_onvif_is_said(admin: Client) -> None:
    User.objects.filter(username="vera").update(sealed_secret=None)
    assert "Waiting for password" in admin.get(BASE).content.decode()


def test_a_role_says_what_it_may_do(admin: Client) -> None:
    group = User.objects.get(username="vera").groups.get()
    text = admin.get(f"/admin/auth/group/{group.pk}/change/").content.decode()
    assert "sees the picture and the events" in text
    assert "trt:GetProfiles" in text
    assert "tds:SystemReboot" not in text


def test_events_are_only_read(admin: Client) -> None:
    publishing.publish("tns1:VideoSource/MotionAlarm", {"Source": "source1"}, {"State": True})
    path = f"/admin/nvrdevice/event/{Event.objects.get().pk}/"
    assert admin.get(path + "change/").status_code == 200
    assert admin.post(path + "change/", {"topic": "x"}).status_code == 403
    assert admin.post(path + "delete/", {"post": "yes"}).status_code == 403


def test_nobody_loses_the_password_altogether(admin: Client) -> None:
    assert "unset-password" not in admin.get(address("vera", "password")).content.decode()
    form = {"password1": "brand-new-1", "password2": "brand-new-1", "unset-password": "1"}
    admin.post(address("vera", "password"), form)
    account = book.find("vera")
    assert account is not None
    assert book.password_of(account) == "brand-new-1"
