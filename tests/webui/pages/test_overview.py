"""The overview as the server renders it."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nvrdevice import health
from nvrdevice.events import publishing
from nvrdevice.health import Check, Level
from nvrdevice.media import facts, presence
from tests.webui.conftest import Browser
from webui import overview_parts

MEASURED = facts.Facts(uri="test:", width=1920, height=1080, fps=25.0, codec="raw", online=True)
MOTION = "tns1:VideoSource/MotionAlarm"


def move(*, moving: bool) -> int | None:
    return publishing.publish(MOTION, {"Source": "source1"}, {"State": moving})


def page(browser: Browser, username: str = "vera", **query: str) -> str:
    answer = browser(username).get("/", query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_stranger_signs_in_first(browser: Browser) -> None:
    assert browser("").get("/")["Location"] == "/login/?next=/"


def test_a_camera_that_delivers_is_live(browser: Browser) -> None:
    facts.write("source1", MEASURED)
    text = page(browser)
    assert "<span>Live</span>" in text
    assert "1920 \N{MULTIPLICATION SIGN} 1080, 25 fps, H.264" in text
    assert 'src="/snapshot/profile1.jpg"' in text


def test_a_lost_camera_says_since_when_and_why(browser: Browser) -> None:
    facts.write("source1", MEASURED)
    facts.write("source1", replace(MEASURED, online=False, reason="It refused the connection."))
    text = page(browser)
    assert "<span>Camera offline</span>" in text
    assert "since <time" in text
    assert "<dt>Why</dt><dd>It refused the connection.</dd>" in text


def test_while_the_media_process_hangs_no_camera_is_live(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts.write("source1", MEASURED)
    gone = presence.Away(datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC))
    monkeypatch.setattr(presence, "away", lambda: gone)
    text = page(browser)
    assert [camera.words for camera in overview_parts.cameras()] == ["No picture"]
    assert "<span>No picture</span>" in text
    assert f"<dt>Why</dt><dd>{presence.NO_ANSWER}</dd>" in text


def test_a_camera_nobody_saw_yet_has_no_invented_numbers(browser: Browser) -> None:
    text = page(browser)
    assert "<span>Camera not seen yet</span>" in text
    assert "Not measured yet" in text
    assert "1280 \N{MULTIPLICATION SIGN} 720" not in text


def test_a_large_picture_is_shown_by_its_sub_stream(browser: Browser) -> None:
    facts.write("source1", replace(MEASURED, width=3840, height=2160))
    assert 'src="/snapshot/profile2.jpg"' in page(browser)


def test_the_addresses_are_those_the_visitor_used(browser: Browser) -> None:
    answer = browser("vera").get("/", headers={"host": "[fd00::9]:8000"})
    text = answer.content.decode().replace("<wbr>", "")
    assert "http://[fd00::9]:8000/onvif/device_service" in text
    assert "rtsp://[fd00::9]:8554/profile1" in text


def test_motion_goes_on(browser: Browser) -> None:
    facts.write("source1", MEASURED)
    move(moving=True)
    assert "<span>Moving now</span>" in page(browser)


def test_a_rule_tells_of_motion_while_alarms_are_off(browser: Browser) -> None:
    facts.write("source1", MEASURED)
    place = {"VideoSourceConfigurationToken": "video1", "Rule": "MotionDetector"}
    publishing.publish("tns1:RuleEngine/CellMotionDetector/Motion", place, {"IsMotion": True})
    text = page(browser)
    assert "<span>Moving now</span>" in text
    assert "Test picture \N{MIDDLE DOT} Rule MotionDetector" in text


def test_motion_that_ended_leaves_its_time(browser: Browser) -> None:
    facts.write("source1", MEASURED)
    move(moving=True)
    move(moving=False)
    text = page(browser)
    assert "<span>Still</span>" in text
    assert "last motion <time" in text


def test_events_come_newest_first_and_bounded(browser: Browser) -> None:
    numbers = [move(moving=index % 2 == 1) for index in range(30)]
    text = page(browser)
    newest = [str(number) for number in reversed(numbers)]
    assert re.findall(r'<li data-id="(\d+)">', text) == newest[: overview_parts.ROWS]
    assert f'data-last="{newest[0]}"' in text


def test_without_events_the_list_says_what_it_is_for(browser: Browser) -> None:
    assert "Nothing has happened yet." in page(browser)


@pytest.mark.parametrize(("username", "linked"), [("alice", True), ("vera", False)])
def test_a_finding_names_the_cure(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, username: str, *, linked: bool
) -> None:
    found = Check(
        name="first_password", level=Level.WARN, text="It still stands.", fix="Choose your own."
    )
    monkeypatch.setattr(health, "recent", lambda: [found])
    text = page(browser, username)
    assert "It still stands." in text
    assert "Choose your own." in text
    assert ('<a href="/account/">Change it</a>' in text) is linked


def test_what_a_camera_calls_itself_is_never_markup(browser: Browser) -> None:
    facts.write("source1", MEASURED)
    facts.write("source1", replace(MEASURED, online=False, reason="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in page(browser)


@pytest.mark.parametrize("username", ["vera", "oscar", "alice"])
def test_only_administrators_are_led_to_the_system(browser: Browser, username: str) -> None:
    assert ("#system" in page(browser, username)) is (username == "alice")


def test_without_a_picture_none_is_asked_for_and_the_reason_stands_there(browser: Browser) -> None:
    facts.write("source1", MEASURED)
    facts.write("source1", replace(MEASURED, online=False, reason="It refused."))
    text = page(browser)
    assert 'src="/snapshot/' not in text
    assert re.search(r"<p class=\"stage-words\" data-stage-words>It refused\.</p>", text)
