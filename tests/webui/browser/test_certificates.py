"""The page of certificates in Chromium, over HTTPS: by keyboard, in each look.

With NVR_SCREENSHOTS set to a folder, a picture of each look is left there.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.webui.browser.conftest import SIZES, sign_in
from tests.webui.browser.running_pages import RunningPages
from tests.webui.browser.test_accessible import LOOKS, check

pytestmark = pytest.mark.e2e

PAGE = "/system/certificates/"
PATIENCE_MS = 30_000
Secure = Callable[..., Page]


@pytest.fixture
def secure(set_up: RunningPages, chromium: Browser) -> Iterator[Secure]:
    """A signed-in window over HTTPS, whose person let the browser go on."""
    contexts = []

    def make(size: str = "desk", scheme: str = "light") -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            base_url=f"https://127.0.0.1:{set_up.https_port}",
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            ignore_https_errors=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"/login/?next={PAGE}")
        sign_in(page)
        return page

    yield make
    for context in contexts:
        context.close()


def press(page: Page, words: str) -> None:
    """By keyboard."""
    page.get_by_role("button", name=words, exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_look(secure: Secure, size: str, scheme: str) -> None:
    page = secure(size, scheme)
    check(page, "system-certificates", size, scheme)
    page.get_by_role("button", name="Upload", exact=True).first.click()
    expect(page.locator("#errors")).to_be_focused()
    check(page, "system-certificates-refused", size, scheme)
    press(page, "Renew certificate")
    expect(page.get_by_text("on trial").first).to_be_visible()
    check(page, "system-certificates-trial", size, scheme)
    press(page, "Take it back now")
    expect(page.get_by_text("It is taken back.")).to_be_visible()


def test_a_new_certificate_is_kept_by_keyboard(secure: Secure) -> None:
    page = secure()
    before = page.locator("[data-copy-text]").text_content()
    press(page, "Renew certificate")
    press(page, "Keep it")
    expect(page.get_by_text("The change stays.")).to_be_visible()
    assert page.locator("[data-copy-text]").text_content() != before


def test_required_leads_every_page_to_https_and_is_undone(
    secure: Secure, set_up: RunningPages
) -> None:
    page = secure()
    page.get_by_label("Required").check()
    press(page, "Save")
    press(page, "Keep it")
    page.goto(f"{set_up.url}/account/")
    page.wait_for_url(f"https://127.0.0.1:{set_up.https_port}/account/")
    expect(page.get_by_text("This connection is not encrypted")).to_have_count(0)
    page.goto(PAGE)
    page.get_by_label("Optional").check()
    press(page, "Save")
    page.goto(f"{set_up.url}/login/")
    expect(page.get_by_text("This connection is not encrypted")).to_be_visible()


def test_the_live_picture_comes_over_https(secure: Secure) -> None:
    page = secure()
    page.goto("/live/")
    expect(page.locator("[data-player-state]")).to_have_text("●Live", timeout=PATIENCE_MS)
