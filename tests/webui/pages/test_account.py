"""One's own account."""

from django.test import Client

from nvrdevice.accounts import passwords
from nvrdevice.accounts.models import User
from nvrdevice.audit.models import AuditRow
from tests.webui.conftest import PASSWORD, Browser

NEW = "another long sentence"


def change(client: Client, current: str, password: str) -> str:
    form = {"what": "password", "current": current, "password": password}
    return client.post("/account/", form, follow=True).content.decode()


def test_the_password_is_changed_and_the_session_stays(browser: Browser) -> None:
    text = change(browser("vera"), PASSWORD, NEW)
    assert "Your password is changed." in text
    assert passwords.check("vera", NEW, address="127.0.0.1").username == "vera"


def test_other_sessions_end(browser: Browser) -> None:
    other = browser("vera")
    change(browser("vera"), PASSWORD, NEW)
    assert other.get("/account/")["Location"] == "/login/?next=/account/"


def test_the_current_password_is_asked_for(browser: Browser) -> None:
    text = change(browser("vera"), "not this one", NEW)
    assert 'id="id_current_error"' in text
    assert "The user name or the password is wrong." not in text
    assert "This is not your current password." in text


def test_the_theme_is_kept_with_the_user(browser: Browser) -> None:
    client = browser("vera")
    client.post("/account/", {"what": "theme", "theme": "dark"})
    assert '<html lang="en" data-theme="dark">' in client.get("/account/").content.decode()
    assert User.objects.get(username="vera").theme == "dark"
    row = AuditRow.objects.order_by("-id")[0]
    assert (row.action, row.before, row.after) == (
        "choose theme",
        {"theme": "auto"},
        {"theme": "dark"},
    )


def test_a_theme_that_is_none_is_refused(browser: Browser) -> None:
    text = browser("vera").post("/account/", {"what": "theme", "theme": "pink"}).content.decode()
    assert 'id="errors"' in text


def test_a_stranger_has_no_account(browser: Browser) -> None:
    assert browser("").get("/account/")["Location"] == "/login/?next=/account/"
