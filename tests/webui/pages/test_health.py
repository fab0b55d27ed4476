"""/health/: who is told how much, and with which status."""

from typing import Any

import pytest
from django.test import Client

from nvrdevice import health
from nvrdevice.health import Check, Level
from tests.webui.conftest import Browser

FOREIGN = "192.168.1.77"


def tell(monkeypatch: pytest.MonkeyPatch, level: Level) -> None:
    found = Check(name="disk", level=level, text="Some room.", fix="Free some.")
    monkeypatch.setattr(health, "recent", lambda: [found])


@pytest.mark.parametrize(
    ("level", "status", "word"),
    [(Level.OK, 200, "ok"), (Level.WARN, 200, "warn"), (Level.DANGER, 503, "danger")],
)
def test_the_status(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, level: Level, status: int, word: str
) -> None:
    tell(monkeypatch, level)
    answer = Client(REMOTE_ADDR=FOREIGN).get("/health/")
    assert (answer.status_code, answer.json()) == (status, {"status": word})


WHOLE: dict[str, Any] = {
    "status": "warn",
    "checks": [{"name": "disk", "status": "warn", "text": "Some room.", "fix": "Free some."}],
}


def test_this_machine_is_told_all(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(monkeypatch, Level.WARN)
    assert Client(REMOTE_ADDR="::ffff:127.0.0.1").get("/health/").json() == WHOLE


def test_behind_a_proxy_nobody_is_this_machine(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(monkeypatch, Level.WARN)
    headers = {"x-forwarded-for": FOREIGN}
    answer = Client(REMOTE_ADDR="127.0.0.1").get("/health/", headers=headers)
    assert answer.json() == {"status": "warn"}


def test_who_is_signed_in_is_told_all(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(monkeypatch, Level.WARN)
    assert browser("vera").get("/health/", REMOTE_ADDR=FOREIGN).json() == WHOLE


def test_it_answers_before_the_first_password_is_changed(
    first_start: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(monkeypatch, Level.WARN)
    assert Client().get("/health/").status_code == 200
