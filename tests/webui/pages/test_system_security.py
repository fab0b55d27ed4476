"""The page of security: each switch acts where it says."""

import pytest

from nvrdevice import state
from nvrdevice.accounts import policy, username_token
from nvrdevice.accounts.settings import AccountSettings
from nvrdevice.clients import proxies
from nvrdevice.discovery import scopes
from nvrdevice.lib.errors import DeviceError
from tests.webui.conftest import Browser
from tests.webui.pages.settings_page import rows, save

PAGE = "/system/security/"


def test_how_nvrs_sign_in(browser: Browser) -> None:
    text = save(
        browser("alice"),
        PAGE,
        "sign_in",
        allow_username_token="on",
        allow_password_text="on",
        token_window_s="60",
    )
    assert "Saved. It counts from the next sign-in on." in text
    found = state.read(AccountSettings)
    assert (found.allow_password_text, found.token_window_s) == (True, 60)
    assert rows() == [
        (
            "alice",
            "set account settings",
            {"allow_password_text": False, "token_window_s": 300},
            {"allow_password_text": True, "token_window_s": 60},
        )
    ]


def test_a_clock_window_nobody_could_meet_is_refused(browser: Browser) -> None:
    text = save(browser("alice"), PAGE, "sign_in", token_window_s="1")
    assert "Clock window: give a whole number from 30 to 3600 s." in text
    assert state.read(AccountSettings).token_window_s == 300


def test_longer_passwords_are_asked_for_everywhere(browser: Browser) -> None:
    client = browser("alice")
    save(client, PAGE, "passwords", password_min_length="12")
    with pytest.raises(DeviceError) as refused:
        policy.password("elevenchars", weak="")
    assert refused.value.text == "Choose a password of at least 12 characters."
    assert "At least 12 characters. Any characters" in client.get("/account/").content.decode()


def test_a_hidden_device(browser: Browser) -> None:
    save(browser("alice"), PAGE, "discovery", discovery_mode="NonDiscoverable")
    assert scopes.mode() == "NonDiscoverable"
    assert [row[:2] for row in rows()] == [("alice", "set discovery")]


def test_a_proxy_is_believed_from_the_next_request_on(browser: Browser) -> None:
    save(browser("alice"), PAGE, "proxies", trusted_proxies="192.0.2.2\r\n10.0.0.0/24\r\n")
    told = [(b"x-forwarded-for", b"203.0.113.9")]
    assert proxies.client_of("192.0.2.2", told) == "203.0.113.9"
    assert proxies.client_of("192.0.2.3", told) == "192.0.2.3"
    assert rows()[0][3] == {"trusted_proxies": ["192.0.2.2", "10.0.0.0/24"]}


def test_a_proxy_that_is_no_address_is_refused_beside_its_field(browser: Browser) -> None:
    text = save(browser("alice"), PAGE, "proxies", trusted_proxies="the hall")
    assert 'id="id_trusted_proxies_error"' in text
    assert (
        '_error">&#x27;the hall&#x27; is no address or network: write 192.168.1.2 or 10.0.0.0/24.'
        in text
    )
    assert state.read(proxies.ProxySettings).trusted_proxies == ()


def test_tokens_are_switched_off(browser: Browser) -> None:
    client = browser("alice")
    assert "WS-UsernameToken digest" in client.get(PAGE).content.decode()
    text = save(client, PAGE, "sign_in", token_window_s="300")
    assert username_token.is_accepted() is False
    assert "WS-UsernameToken digest" not in text
