"""The setup of a real device: from the first password to a stream that was really played."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.running_device import PASSWORD, RunningDevice
from webui.overview_parts import TIMES

pytestmark = pytest.mark.e2e

NEW = "a gate in the north"
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    folder: Path = tmp_path_factory.mktemp("fresh")
    with RunningDevice(folder, "test:") as running:
        yield running


@pytest.fixture(scope="module")
def page(fresh: RunningDevice, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(base_url=fresh.url)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    context.close()


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=words).click()


def test_from_the_first_password_to_a_stream_that_plays(fresh: RunningDevice, page: Page) -> None:
    page.goto("/")
    page.fill("#id_username", "admin")
    page.fill("#id_password", PASSWORD)
    press(page, "Sign in")
    page.fill("#id_password", NEW)
    press(page, "Save and continue")
    press(page, "Skip for now")
    press(page, "Skip for now")
    press(page, "Continue")
    press(page, "Skip for now, with the test picture")
    figures = page.locator("[data-figures]")
    expect(figures).to_contain_text("It plays", timeout=PATIENCE_MS)
    expect(figures).to_contain_text("H.264")
    expect(figures).to_contain_text(f"1280 {TIMES} 720")
    press(page, "Continue")
    press(page, "Finish and add to your NVR")
    assert page.url == f"{fresh.url}/connect/"


def test_the_device_s_own_try_is_no_client_s_stream(page: Page) -> None:
    # After the test above.
    page.goto("/diagnostics/")
    expect(page.locator("main")).to_contain_text("Nobody plays a stream just now.")


def test_the_test_picture_can_be_seen_before_it_is_added(page: Page) -> None:
    answer = page.request.get("/video/sources/found.jpg?uri=test:")
    assert (answer.status, answer.body()[:2]) == (200, b"\xff\xd8")


def test_a_network_camera_that_is_not_there_is_told_exactly(page: Page) -> None:
    page.goto("/video/sources/add/")
    page.fill("#id_uri", "rtsp://127.0.0.1:1/live")
    press(page, "Try it")
    expect(page.locator("#id_uri_error")).to_contain_text(
        "Refused: nothing listens at 127.0.0.1 on port 1.", timeout=PATIENCE_MS
    )
