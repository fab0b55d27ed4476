"""The page of motion."""

import dataclasses

import pytest

from nvrdevice.events import pipeline
from nvrdevice.motion import settings
from nvrdevice.motion.settings import Motion
from tests.webui.conftest import BY, Browser
from tests.webui.pages.settings_page import rows, save
from webui.pages import motion

PAGE = "/motion/"
TYPED = {"enabled": "on", "sensitivity": "70", "hold_s": "1.5", "warm_up_s": "4"}


def test_an_operator_sets_how_motion_is_looked_for(browser: Browser) -> None:
    text = save(browser("oscar"), PAGE, "motion", **TYPED)
    assert "Saved. The next pictures are looked at this way." in text
    assert settings.read() == Motion(enabled=True, sensitivity=70, hold_s=1.5, warm_up_s=4.0)
    assert rows() == [
        (
            "oscar",
            "set motion detection",
            {"sensitivity": 50, "hold_s": 0.7},
            {"sensitivity": 70, "hold_s": 1.5},
        )
    ]


def test_a_viewer_may_not(browser: Browser) -> None:
    assert browser("vera").post(PAGE, {"what": "motion", **TYPED}).status_code == 403
    assert settings.read() == Motion()


def test_motion_is_switched_off(browser: Browser) -> None:
    typed = {name: value for name, value in TYPED.items() if name != "enabled"}
    text = save(browser("oscar"), PAGE, "motion", **typed)
    assert settings.read().enabled is False
    assert "nothing looks for motion" in text


def test_a_sensitivity_that_is_none_is_refused(browser: Browser) -> None:
    text = save(browser("oscar"), PAGE, "motion", **{**TYPED, "sensitivity": "101"})
    assert "Sensitivity: give a whole number from 0 to 100." in text
    assert settings.read() == Motion()


def test_the_page_says_that_events_are_held_back(browser: Browser) -> None:
    client = browser("oscar")
    assert "events or alarms are switched off" not in client.get(PAGE).content.decode()
    pipeline.set_switches(BY, events_enabled=False)
    assert "events or alarms are switched off" in client.get(PAGE).content.decode()


def test_a_camera_that_is_none_is_not_found(browser: Browser) -> None:
    assert browser("oscar").get("/motion/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("sensitivity", "words"),
    [
        (0, "Very low: from about 1 % of the picture on"),
        (50, "Medium: from about 0.11 % of the picture on"),
        (100, "Very high: from about 0.012 % of the picture on"),
    ],
)
def test_sensitivity_in_words(sensitivity: int, words: str) -> None:
    assert motion.sensitivity_words(sensitivity) == words


def test_a_change_keeps_what_it_does_not_name(db: None) -> None:
    settings.change(by=BY, sensitivity=20)
    assert settings.read() == dataclasses.replace(Motion(), sensitivity=20)
