"""The setup by keyboard alone, from the first password to the NVR, on a phone and on a desk.

axe looks at each step; nothing is asked of another host, and the browser has no complaint.
With NVR_SCREENSHOTS set to a folder, a picture of each step is left there.
"""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.webui.browser.conftest import PASSWORD, Open
from tests.webui.browser.keyboard import Keyboard, button, sign_in
from tests.webui.browser.running_pages import FIRST_PASSWORD, RunningPages
from tests.webui.browser.test_accessible import LOOKS, check

pytestmark = pytest.mark.e2e


class Visitor(Keyboard):
    def __init__(self, page: Page, size: str, scheme: str) -> None:
        super().__init__(page)
        self._look = size, scheme

    def sees(self, step: str, heading: str) -> None:
        expect(self.page).to_have_url(f"/setup/{step}/")
        expect(self.page.locator("h1")).to_have_text(heading)
        expect(self.page.locator("[aria-current=step]")).to_have_count(1)
        check(self.page, f"setup-{step}", *self._look)


def begin(visitor: Visitor) -> None:
    """The first time by the first password, afterwards once more from the page of the setup."""
    if "/setup/account/" in visitor.page.url:
        sign_in(visitor, FIRST_PASSWORD)
        visitor.sees("account", "Choose your password")
        visitor.type("#id_password", PASSWORD)
        visitor.press("text=Save and continue")
        return
    sign_in(visitor)
    visitor.page.goto("/setup/")
    visitor.press("text=Start the setup")
    visitor.sees("account", "Your account")
    visitor.press(button("save"))


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_from_the_first_password_to_the_nvr(
    pages: RunningPages, open_page: Open, size: str, scheme: str
) -> None:
    page = open_page("/", size, scheme)
    visitor = Visitor(page, size, scheme)
    begin(visitor)

    visitor.sees("device", "Name this device")
    visitor.type("#id_device_name", "Gate")
    visitor.press(button("save"))

    visitor.sees("time", "Set the time")
    visitor.press(button("save"))

    visitor.sees("network", "Your network")
    visitor.press(button("save"))

    visitor.sees("camera", "Choose the camera")
    visitor.type("#id_uri", "rtsp://192.168.1.44/live")
    visitor.press(button("try"))
    expect(page.locator("#errors")).to_contain_text("nothing listens at 192.168.1.44")
    check(page, "setup-camera-refused", size, scheme)
    visitor.type("#id_uri", "rtsp://192.168.1.45/live")
    visitor.press(button("try"))
    expect(page.locator("#tried-title")).to_have_text("It works")
    check(page, "setup-camera-tried", size, scheme)
    visitor.press(button("keep"))

    expect(page.locator("[data-figures]")).to_contain_text("3974 kbit/s")
    visitor.sees("stream", "See the stream")
    visitor.press(button("save"))

    visitor.sees("connect", "Ready for your NVR")
    visitor.press(button("save"))
    expect(page).to_have_url("/connect/")
    assert visitor.hosts == {urlsplit(pages.url).netloc}
