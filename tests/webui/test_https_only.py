"""Where HTTPS is required, pages lead to it, REST and sockets refuse, each in its own words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nvrdevice import state
from nvrdevice.system import tls
from nvrdevice.system.tls import pending
from nvrdevice.system.tls.mode import TlsSettings
from tests.webui.conftest import Browser

STRICT = "max-age=2592000"


@pytest.fixture(autouse=True)
def required(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.NVR_SECRET_DIR = tmp_path / "secret"
    (tmp_path / "secret" / "tls").mkdir(parents=True)
    settings.HTTPS_PORT = 8443
    state.update(TlsSettings, lambda now: replace(now, https=tls.REQUIRED))
    yield


def test_a_page_leads_to_https(browser: Browser) -> None:
    answer = browser("alice").get("/events/?text=x", headers={"host": "gate.local:8000"})
    assert (answer.status_code, answer["Location"]) == (
        302,
        "https://gate.local:8443/events/?text=x",
    )


def test_nothing_is_posted_over_http(browser: Browser) -> None:
    answer = browser("").post("/login/", {"username": "alice", "password": "x"})
    assert answer.status_code == 403
    assert "https://testserver:8443/login/" in answer.content.decode()


def test_rest_says_so_in_json(browser: Browser) -> None:
    answer = browser("").get("/device/information", headers={"host": "192.0.2.7:8000"})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "https_required"
    assert answer.json()["error"]["text"] == (
        "This device is asked over HTTPS only: https://192.0.2.7:8443/device/information"
    )


def test_this_machine_still_sees_its_health(browser: Browser) -> None:
    assert browser("").get("/health/", REMOTE_ADDR="127.0.0.1").status_code in (200, 503)
    assert browser("").get("/health/", REMOTE_ADDR="192.0.2.9").status_code == 302
    through_proxy = {"x-forwarded-for": "192.0.2.9"}
    assert browser("").get("/health/", headers=through_proxy).status_code == 302


def test_over_https_pages_are_served_and_remembered(browser: Browser) -> None:
    answer = browser("alice").get("/account/", secure=True, headers={"host": "gate.local:8443"})
    assert answer.status_code == 200
    assert answer["Strict-Transport-Security"] == STRICT


@pytest.mark.parametrize("host", ["192.0.2.7:8443", "[2001:db8::7]:8443", "localhost:8443"])
def test_an_address_is_not_remembered(browser: Browser, host: str) -> None:
    answer = browser("alice").get("/account/", secure=True, headers={"host": host})
    assert not answer.has_header("Strict-Transport-Security")


def test_what_is_on_trial_is_not_remembered(browser: Browser) -> None:
    pending.write(pending.Pending(what=pending.MODE, back_to=tls.OPTIONAL, since=datetime.now(UTC)))
    answer = browser("alice").get("/account/", secure=True, headers={"host": "gate.local"})
    assert not answer.has_header("Strict-Transport-Security")


def test_where_https_is_optional_nothing_is_remembered(browser: Browser) -> None:
    state.update(TlsSettings, lambda now: replace(now, https=tls.OPTIONAL))
    answer = browser("alice").get("/account/", secure=True, headers={"host": "gate.local"})
    assert not answer.has_header("Strict-Transport-Security")
    assert browser("alice").get("/account/").status_code == 200
