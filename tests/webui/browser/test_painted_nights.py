"""A schedule painted over midnight, by pointer and by keyboard, reads the same in user.yaml, over
REST and on the page. What is recorded by it, tests/nvrdevice/recordings/test_by_schedule.py plays.
"""

from collections.abc import Callable

import pytest
import yaml
from playwright.sync_api import Page, expect

from tests.nvrdevice.recordings.nights import WINDOWS, entries
from tests.webui.browser.conftest import Open, sign_in
from tests.webui.browser.running_pages import RunningPages
from tests.webui.browser.test_schedules import cell, drag, make, on, windows

pytestmark = pytest.mark.e2e


def by_pointer(page: Page) -> None:
    drag(page, "Monday 22:00 to 22:30", "Sunday 23:30 to 24:00")
    drag(page, "Monday 00:00 to 00:30", "Sunday 05:30 to 06:00")


def by_keyboard(page: Page) -> None:
    """Each hour of the night by its head."""
    cell(page, "Monday 00:00 to 00:30").focus()
    page.keyboard.press("ArrowUp")
    for hour in range(24):
        if hour < 6 or hour >= 22:
            page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")


@pytest.mark.parametrize("paint", [by_pointer, by_keyboard])
def test_painted_nights_read_the_same_everywhere(
    set_up: RunningPages, open_page: Open, paint: Callable[[Page], None]
) -> None:
    name = f"Nights {paint.__name__}"
    page = open_page("/login/")
    sign_in(page)
    make(page, name)
    paint(page)
    painted = windows(page)
    page.click("text=Save schedule")
    expect(page.locator("[role=status] >> nth=0")).to_contain_text("is saved")
    days = "mon tue wed thu fri sat sun"
    assert painted == windows(page) == [f"{days} 00:00-06:00", f"{days} 22:00-24:00"]
    assert on(page) == 7 * 16
    document = yaml.safe_load((set_up.folder / "config" / "user.yaml").read_text())
    told = page.request.get("/recording/schedules").json()
    for found in (document["recording_schedules"], told["recording_schedules"]):
        assert [each for each in found if each["name"] == name] == entries(name)
    assert page.request.get(f"/api/v1/schedules/{name}").json()["windows"] == WINDOWS
