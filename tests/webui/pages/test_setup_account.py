"""The forced first change of the password."""

import pytest
from django.test import Client

from nvrdevice.accounts import book, setup
from nvrdevice.accounts.models import User
from nvrdevice.audit.models import AuditRow
from tests.webui.conftest import BY, Browser

NEW = "a door in the hall"


@pytest.fixture
def admin(first_start: User) -> Client:
    client = Client()
    client.force_login(first_start)
    return client


@pytest.mark.parametrize("path", ["/", "/account/", "/admin/", "/admin/login/"])
def test_every_page_leads_to_the_first_change(admin: Client, path: str) -> None:
    for client in (Client(), admin):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/setup/account/")


def test_a_stranger_signs_in_first(first_start: User) -> None:
    assert Client().get("/setup/account/")["Location"] == "/login/?next=/setup/account/"


def test_the_sign_in_page_tells_how_to_get_in(first_start: User) -> None:
    text = Client().get("/login/").content.decode()
    assert "Sign in as admin with the first password: admin123" in text


def test_from_a_foreign_network_it_does_not(first_start: User) -> None:
    text = Client(REMOTE_ADDR="203.0.113.9").get("/login/").content.decode()
    assert "admin123" not in text
    assert "Its first password works from its own network only." in text


def test_the_picture_is_closed_too(admin: Client) -> None:
    assert admin.get("/snapshot/profile1.jpg").status_code == 403


def test_the_new_password_opens_the_device(admin: Client) -> None:
    answer = admin.post("/setup/account/", {"password": NEW, "onvif_access": "on"})
    assert (answer.status_code, answer["Location"]) == (302, "/setup/device/")
    assert setup.state().bootstrap_password is False
    assert admin.get("/account/").status_code == 200  # still signed in


def test_it_leaves_one_audit_row(admin: Client) -> None:
    before = AuditRow.objects.count()
    admin.post("/setup/account/", {"password": NEW, "onvif_access": "on"})
    rows = AuditRow.objects.order_by("id")[before:]
    assert [(row.username, row.protocol, row.object) for row in rows] == [("admin", "web", "admin")]


def test_onvif_access_can_be_declined(admin: Client) -> None:
    admin.post("/setup/account/", {"password": NEW})
    account = book.find("admin")
    assert account is not None
    assert (account.onvif_access, book.password_of(account)) == (False, None)


@pytest.mark.parametrize("password", ["short", "admin123", ""])
def test_a_refused_password_is_told_beside_its_field(admin: Client, password: str) -> None:
    answer = admin.post("/setup/account/", {"password": password, "onvif_access": "on"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="id_password_error"' in text
    assert 'aria-invalid="true"' in text
    assert 'id="errors"' in text
    assert setup.state().bootstrap_password is True


def test_another_user_is_told_who_must_act(first_start: User) -> None:
    from nvrdevice.accounts import users

    users.create(users.NewUser("vera", NEW, roles=("viewer",)), by=BY)
    client = Client()
    client.force_login(User.objects.get(username="vera"))
    text = client.get("/setup/account/").content.decode()
    assert "Sign out and sign in with that account" in text
    assert 'name="password"' not in text


def test_a_password_for_the_first_sign_in_only(browser: Browser) -> None:
    from nvrdevice.accounts import users

    users.update(users.Change("vera", must_change_password=True), by=BY)
    client = browser("vera")
    assert client.get("/")["Location"] == "/setup/account/"
    assert (
        "An administrator gave you this password" in client.get("/setup/account/").content.decode()
    )
    assert browser("alice").get("/account/").status_code == 200


def test_afterwards_the_page_is_gone(browser: Browser) -> None:
    assert browser("vera").get("/setup/account/")["Location"] == "/"
