"""What people see when something is not as it should be: refusals, a full disk, a download."""

import pytest
from playwright.sync_api import expect

from tests.webui.browser.conftest import PASSWORD, Open, sign_in
from tests.webui.browser.running_pages import RunningPages
from tests.webui.browser.test_accessible import LOOKS, check
from tests.webui.browser.test_nvr_pages import PEOPLE
from tests.webui.browser.test_recordings import FILES, PLACE

pytestmark = pytest.mark.e2e

FULL = """
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.recordings import shelf
shelf.tell_storage({kind!r}, "No space left on the disk of the recordings.", at=SYSTEM_CLOCK.now())
"""
PROTECTED = """
from datetime import UTC, datetime
from nvrdevice.audit.trail import Actor
from nvrdevice.recordings import index, protecting
at = datetime(2026, 1, 1, 12, tzinfo=UTC)
protecting.protect(index.recording_token("source1"), at, at.replace(second=6),
                   by=Actor("olga", "", "cli"))
"""


@pytest.fixture(scope="module")
def recorded(set_up: RunningPages) -> RunningPages:
    set_up.run(PEOPLE + FILES)
    set_up.run(PROTECTED)
    return set_up


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_refusals(recorded: RunningPages, open_page: Open, size: str, scheme: str) -> None:
    page = open_page("/login/", size, scheme)
    page.fill("#id_username", "nvr")
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto("/system/users/")
    expect(page.locator("h1")).to_have_text("You may not do this")
    check(page, "forbidden", size, scheme)
    page.goto("/logout/")
    expect(page.locator("h1")).to_have_text("There is no page at this address")
    check(page, "wrong-method", size, scheme)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_full_disk(recorded: RunningPages, open_page: Open, size: str, scheme: str) -> None:
    recorded.run(FULL.format(kind="full"))
    page = open_page("/login/?next=/recording/", size, scheme)
    sign_in(page)
    expect(page.locator("main > .notice")).to_contain_text("Nothing can be recorded")
    check(page, "recording-full", size, scheme)
    recorded.run(FULL.format(kind="ok"))


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_download(recorded: RunningPages, open_page: Open, size: str, scheme: str) -> None:
    page = open_page(f"/login/?next={PLACE.replace('&', '%26')}", size, scheme)
    sign_in(page)
    page.fill("#export-from", "2026-01-01T12:00:00")
    page.fill("#export-to", "2026-01-01T12:00:04")
    page.click("text=Make an MP4")
    expect(page.locator("text=Download the MP4")).to_be_visible(timeout=30_000)
    check(page, "download", size, scheme)
    page.click("text=Back to playback")
    page.fill("#export-to", "2026-01-01T11:00:04")
    page.click("text=Make an MP4")
    expect(page.locator("[role=alert]")).to_contain_text("The end must be after the start.")
    assert page.input_value("#export-to") == "2026-01-01T11:00:04"
