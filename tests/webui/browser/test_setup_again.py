"""The setup, left and taken up again; and what the browser knows beforehand."""

import pytest
from playwright.sync_api import expect

from tests.webui.browser.conftest import Open
from tests.webui.browser.keyboard import Keyboard, button, sign_in
from tests.webui.browser.running_pages import RunningPages

pytestmark = pytest.mark.e2e


def test_it_goes_on_in_another_browser(set_up: RunningPages, open_page: Open) -> None:
    first = Keyboard(open_page("/"))
    sign_in(first)
    first.page.goto("/setup/")
    first.press("text=Start the setup")
    first.press(button("save"))
    first.press(button("skip"))
    expect(first.page).to_have_url("/setup/time/")

    second = Keyboard(open_page("/"))
    sign_in(second)
    expect(second.page).to_have_url("/setup/time/")
    second.press("text=Leave the setup")
    expect(second.page).to_have_url("/")


def test_the_zone_of_this_computer_is_chosen_beforehand(
    set_up: RunningPages, open_page: Open
) -> None:
    page = open_page("/login/?next=/setup/time/", zone="Asia/Tokyo")
    sign_in(Keyboard(page))
    expect(page.locator("#id_zone")).to_have_value("Asia/Tokyo")
    expect(page.locator("[data-zone-guessed]")).to_be_visible()
