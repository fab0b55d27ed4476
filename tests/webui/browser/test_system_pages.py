"""The pages of settings in Chromium: axe finds nothing serious, and they work by keyboard.

With NVR_SCREENSHOTS set to a folder, a picture of each look is left there.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.webui.browser.conftest import Open, sign_in
from tests.webui.browser.running_pages import RunningPages
from tests.webui.browser.test_accessible import LOOKS, check

pytestmark = pytest.mark.e2e

PAGES = ("device", "time", "network", "security")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_look(set_up: RunningPages, open_page: Open, size: str, scheme: str) -> None:
    page = open_page("/login/?next=/motion/", size, scheme)
    sign_in(page)
    expect(page.locator("[data-player-state]")).to_have_text("●Live")
    check(page, "motion", size, scheme)
    for name in PAGES:
        page.goto(f"/system/{name}/")
        check(page, f"system-{name}", size, scheme)
    page.goto("/system/device/")
    page.fill("#id_model", "")
    page.press("#id_model", "Enter")
    expect(page.locator("#errors")).to_be_focused()
    check(page, "system-device-refused", size, scheme)


@pytest.fixture
def desk(set_up: RunningPages, open_page: Open) -> Page:
    page = open_page("/login/")
    sign_in(page)
    return page


def test_the_slider_and_the_number_are_one(desk: Page) -> None:
    desk.goto("/motion/")
    desk.focus(".slider")
    desk.keyboard.press("End")
    expect(desk.locator("#id_sensitivity")).to_have_value("100")
    desk.fill("#id_sensitivity", "0")
    expect(desk.locator(".slider")).to_have_value("0")
    expect(desk.locator(".slider")).to_have_attribute(
        "aria-valuetext", "0, Very low: from about 1 % of the picture on"
    )


def test_motion_is_shown_while_it_lasts(set_up: RunningPages, desk: Page) -> None:
    desk.goto("/motion/")
    expect(desk.locator("[data-link-live]")).to_be_visible()
    set_up.tell_motion(True)
    expect(desk.locator("#motion")).to_contain_text("Moving now")
    set_up.tell_motion(False)
    expect(desk.locator("#motion")).to_contain_text("Still")


def test_this_computers_time_sets_the_clock(desk: Page) -> None:
    desk.goto("/system/time/")
    desk.click("text=Use this computer's time")
    expect(desk.get_by_text("The clock is set.")).to_be_visible()
    expect(desk.locator("[data-drift]")).to_have_text("None from this computer")
    desk.click("button:has-text('Use time servers')")
    expect(desk.get_by_text("Time servers set the clock again.")).to_be_visible()


def test_a_setting_is_saved_by_keyboard_alone(desk: Page) -> None:
    desk.goto("/system/device/")
    desk.focus("#id_device_name")
    desk.keyboard.type("Front door")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Name and place are saved.")).to_be_visible()
    expect(desk.locator("#id_device_name")).to_have_value("Front door")
