"""The page of the clock, on a machine that is simulated."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.lib.errors import DeviceError
from nvrdevice.system import backends, date_time, ntp, time_setting
from nvrdevice.system.backends import timedated
from tests.webui.conftest import BY, Browser
from tests.webui.pages.settings_page import rows, save

PAGE = "/system/time/"


@pytest.fixture(autouse=True)
def a_machine_of_its_own(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.NVR_DATA_DIR = tmp_path / "var"
    chosen = backends.clock
    chosen.cache_clear()
    yield
    chosen.cache_clear()


def test_a_zone_is_set(browser: Browser) -> None:
    text = save(browser("alice"), PAGE, "zone", zone="Europe/Berlin")
    assert "The time zone is set." in text
    assert "Europe/Berlin, UTC+0" in text
    assert date_time.read().posix_zone == "CET-1CEST,M3.5.0,M10.5.0/3"
    assert [row[:2] + row[3:] for row in rows()] == [("alice", "set time zone", "Europe/Berlin")]


def test_a_zone_that_is_none_is_refused(browser: Browser) -> None:
    text = save(browser("alice"), PAGE, "zone", zone="../../etc/passwd")
    assert 'id="id_zone_error">Choose a time zone of the list.<' in text


def test_time_servers_are_named(browser: Browser) -> None:
    text = save(browser("alice"), PAGE, "servers", servers="pool.ntp.org\r\n192.168.1.1\r\n")
    assert "The time servers are saved." in text
    assert ntp.read().manual == ("pool.ntp.org", "192.168.1.1")


def test_a_server_that_is_none_is_refused_beside_its_field(browser: Browser) -> None:
    text = save(browser("alice"), PAGE, "servers", servers="two words")
    assert 'id="id_servers_error"' in text
    assert "is no time server" in text
    assert rows() == []


def test_the_clock_is_set_by_hand_in_the_zone_of_the_device(browser: Browser) -> None:
    client = browser("alice")
    save(client, PAGE, "zone", zone="Asia/Tokyo")
    text = save(client, PAGE, "by_hand", time="2031-05-21T14:30:00")
    assert "The clock is set." in text
    assert abs(date_time.read().utc - datetime(2031, 5, 21, 5, 30, tzinfo=UTC)) < timedelta(
        minutes=5
    )
    assert date_time.read().by_ntp is False


def test_this_computers_time_is_taken(browser: Browser) -> None:
    there = SYSTEM_CLOCK.now() + timedelta(hours=1)
    save(browser("alice"), PAGE, "by_hand", computer_ms=str(int(there.timestamp() * 1000)))
    assert abs(date_time.read().utc - there) < timedelta(minutes=5)


def test_time_servers_take_over_again(browser: Browser) -> None:
    client = browser("alice")
    text = save(client, PAGE, "by_hand", time="2031-05-21T14:30:00")
    assert "No time server is asked" in text
    assert "No time server is asked" not in save(client, PAGE, "ntp")
    assert abs(date_time.read().utc - SYSTEM_CLOCK.now()) < timedelta(minutes=5)
    assert [row[1] for row in rows()] == ["set clock", "set clock"]


@pytest.mark.parametrize("typed", ["", "yesterday", "1999-01-01T00:00:00"])
def test_a_time_that_is_none_is_refused(browser: Browser, typed: str) -> None:
    text = save(browser("alice"), PAGE, "by_hand", time=typed)
    assert 'id="id_time_error"' in text
    assert rows() == []


def test_a_machine_that_cannot_shows_why_and_no_form(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(backends, "clock", lambda: timedated.Timedated(root=tmp_path))
    text = browser("alice").get(PAGE).content.decode()
    assert text.count(timedated.NO_SYSTEMD) == 1
    assert "data-card" not in text
    with pytest.raises(DeviceError) as refused:
        time_setting.set_zone("UTC", by=BY)
    assert refused.value.text == timedated.NO_SYSTEMD
    assert rows() == []


def test_a_function_that_is_missing_alone_says_so_on_its_card(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def why_not(what: str) -> str:
        return "The servers are chrony's." if what == backends.SERVERS else ""

    monkeypatch.setattr(time_setting, "why_not", why_not)
    text = browser("alice").get(PAGE).content.decode()
    assert text.count("The servers are chrony&#x27;s.") == 1
    assert 'data-card="zone"' in text
    assert 'data-card="servers"' not in text


def test_every_page_says_that_it_is_simulated(browser: Browser) -> None:
    assert "System functions are simulated" in browser("vera").get("/").content.decode()


def test_time_servers_that_were_not_reached_are_no_good_news(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = dataclasses.replace(date_time.read(), by_ntp=True, reached=False)
    monkeypatch.setattr(date_time, "read", lambda: now)
    for path in ("/system/time/", "/setup/time/"):
        shown = browser("alice").get(path).content.decode()
        assert "none was reached lately, so it may be wrong" in shown
