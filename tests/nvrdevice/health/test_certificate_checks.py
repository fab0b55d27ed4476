"""What the self-test says of HTTPS and its certificate."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nvrdevice import state
from nvrdevice.health import certificate_checks
from nvrdevice.health.check import Level
from nvrdevice.lib.clock import ManualClock
from nvrdevice.system import tls
from nvrdevice.system.tls.mode import TlsSettings

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(tmp_path: Path, settings: Any) -> ManualClock:
    settings.NVR_SECRET_DIR = tmp_path / "secret"
    made = ManualClock(datetime(2031, 5, 21, 12, 0, tzinfo=UTC))
    tls.ensure(made)
    return made


@pytest.mark.parametrize(
    ("days", "level", "words"),
    [
        (0, Level.OK, "is valid until 2033-08-18."),
        (790, Level.OK, "is valid until 2033-08-18."),
        (791, Level.WARN, "expires in 29 days, on 2033-08-18."),
        (819, Level.WARN, "expires in 1 day, on 2033-08-18."),
        (820, Level.DANGER, "expired on 2033-08-18: clients refuse it."),
    ],
)
def test_expiry(clock: ManualClock, days: int, level: Level, words: str) -> None:
    clock.advance(days * 86_400)
    (found,) = certificate_checks.certificate(clock)
    assert (found.name, found.level) == ("certificate", level)
    assert found.text.removeprefix("The certificate of HTTPS ") == words


def test_a_damaged_certificate(clock: ManualClock) -> None:
    tls.files().certificate.write_bytes(b"gone")
    (found,) = certificate_checks.certificate(clock)
    assert (found.level, found.fix) == (Level.DANGER, "Renew it, or upload a new one.")


def change(mode: str) -> None:
    state.update(TlsSettings, lambda now: replace(now, https=mode))


@pytest.mark.parametrize(
    ("mode", "listens", "levels"),
    [
        (tls.OPTIONAL, lambda _: True, [Level.OK]),
        (tls.OPTIONAL, lambda _: False, [Level.WARN]),
        (tls.REQUIRED, lambda _: False, [Level.DANGER]),
        (tls.OFF, lambda _: False, []),
    ],
)
def test_a_port_that_does_not_answer(
    mode: str, listens: Callable[[int], object], levels: list[Level]
) -> None:
    change(mode)
    assert [check.level for check in certificate_checks.https(listens)] == levels


def test_with_https_off_nobody_asks_for_the_certificate(clock: ManualClock) -> None:
    change(tls.OFF)
    assert list(certificate_checks.certificate(clock)) == []
