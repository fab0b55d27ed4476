"""One running web process and one Chromium for all tests of this folder."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.webui.browser.chromium import ARGUMENTS, CHROMIUM
from tests.webui.browser.running_pages import FIRST_PASSWORD, RunningPages

PASSWORD = "a door in the hall"
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
Open = Callable[..., Page]
expect.set_options(timeout=30_000)  # a loaded machine is slow, and pages ask it less often then


@pytest.fixture(autouse=True)
def a_well_device() -> None:
    """Here the self-test is the real one."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPages]:
    with RunningPages(tmp_path_factory.mktemp("pages")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def open_page(pages: RunningPages, chromium: Browser) -> Iterator[Open]:
    """open_page("/account/", "phone", "dark"): a window of its own, closed after the test.

    What the browser says is wrong with a page fails the test: refused by the policy, a script
    that broke.
    """
    contexts = []
    complaints: list[str] = []

    def make(path: str, size: str = "desk", scheme: str = "light", zone: str = "UTC") -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            base_url=pages.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            timezone_id=zone,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )
        page.goto(path)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.fill("#id_username", "admin")
    page.fill("#id_password", password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.fixture(scope="module")
def set_up(pages: RunningPages, chromium: Browser) -> RunningPages:
    """The device after its first password was changed."""
    context = chromium.new_context(base_url=pages.url)
    page = context.new_page()
    page.goto("/")
    sign_in(page, FIRST_PASSWORD)
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.click("text=Leave the setup")
    page.wait_for_url("/")
    context.close()
    return pages
