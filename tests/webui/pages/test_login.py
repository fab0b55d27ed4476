"""Signing in and out."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from nvrdevice.accounts import gate
from nvrdevice.accounts.slow_down import SlowDown
from tests.webui.conftest import PASSWORD, Browser


@pytest.fixture(autouse=True)
def nobody_failed_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "slow_down", SlowDown())


def sign_in(client: Client, password: str = PASSWORD, onward: str = "/") -> object:
    return client.post("/login/", {"username": "vera", "password": password, "next": onward})


def test_the_right_password_leads_to_the_overview(browser: Browser) -> None:
    answer = sign_in(browser(""))
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_it_leads_on_to_the_page_that_was_wanted(browser: Browser) -> None:
    assert sign_in(browser(""), onward="/account/")["Location"] == "/account/"


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_it_never_leads_away_from_the_device(browser: Browser, onward: str) -> None:
    assert sign_in(browser(""), onward=onward)["Location"] == "/"


def test_a_wrong_password_is_told_kindly_and_kept_out_of_the_page(browser: Browser) -> None:
    answer = sign_in(browser(""), "some-other-words")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "The user name or the password is wrong." in text
    assert 'value="vera"' in text
    assert "some-other-words" not in text


def test_an_empty_form_says_what_to_type(browser: Browser) -> None:
    text = browser("").post("/login/", {}).content.decode()
    assert "Type your user name." in text
    assert "Type the password." in text


def test_many_wrong_passwords_slow_down_even_the_right_one(browser: Browser) -> None:
    client = browser("")
    for _ in range(8):
        sign_in(client, "some-other-words")
    answer = sign_in(client)
    assert answer.status_code == 200
    assert "Too many failed tries from this address: try again in" in answer.content.decode()


def test_who_is_signed_in_needs_no_sign_in_page(browser: Browser) -> None:
    assert browser("vera").get("/login/")["Location"] == "/"


def test_signing_out_ends_the_session(browser: Browser) -> None:
    client = browser("vera")
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/account/")["Location"] == "/login/?next=/account/"


def test_a_link_cannot_sign_anybody_out(browser: Browser) -> None:
    client = browser("vera")
    assert client.get("/logout/").status_code == 405
    assert client.get("/account/").status_code == 200


def test_a_form_of_another_page_is_refused_in_words(people: dict[str, str]) -> None:
    answer = sign_in(Client(enforce_csrf_checks=True))
    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()


def test_django_admin_sends_strangers_to_the_same_door(browser: Browser) -> None:
    answer = browser("").get("/admin/", follow=True)
    assert [where for where, _ in answer.redirect_chain] == [
        "/admin/login/?next=/admin/",
        "/login/?next=/admin/",
    ]


def test_django_admin_tells_a_viewer_that_it_is_not_theirs(browser: Browser) -> None:
    answer = browser("vera").get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "These pages are for administrators." in answer.content.decode()


def test_signing_in_sweeps_out_what_expired(browser: Browser) -> None:
    old, fresh = browser("oscar"), browser("alice")
    session = old.session
    session.set_expiry(-1)
    session.save()
    sign_in(browser(""))
    kept = set(Session.objects.values_list("session_key", flat=True))
    assert (old.session.session_key in kept, fresh.session.session_key in kept) == (False, True)
