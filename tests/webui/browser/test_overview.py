"""The overview as it lives: picture, events, a lost camera, a signed-out window."""

import pytest
from playwright.sync_api import Page, expect

from tests.webui.browser.conftest import Open, sign_in
from tests.webui.browser.running_pages import RunningPages

pytestmark = pytest.mark.e2e


@pytest.fixture
def overview(set_up: RunningPages, open_page: Open) -> Page:
    page = open_page("/login/")
    sign_in(page)
    expect(page.locator("[data-link-live]")).to_be_visible()
    return page


def test_the_picture_moves(overview: Page) -> None:
    video = overview.locator("video")
    expect(video).to_be_visible()
    expect(overview.locator("[data-player-state]")).to_have_text("●Live")
    painted = "video => video.closest('[data-player]').player.buffer.painted"
    before = video.evaluate(painted)
    overview.wait_for_function(
        "before => document.querySelector('[data-player]').player.buffer.painted > before + 5",
        arg=before,
    )
    assert video.evaluate("video => [video.videoWidth, video.videoHeight]") == [
        640,
        360,
    ]  # as large as it is shown


def test_motion_appears_by_itself(overview: Page, set_up: RunningPages) -> None:
    set_up.tell_motion(False, True)
    first = overview.locator(".events li").first
    expect(first).to_contain_text("Motion started")
    expect(first).to_contain_text("Test picture")
    expect(overview.locator("#motion")).to_contain_text("Moving now")
    set_up.tell_motion(False)
    expect(first).to_contain_text("Motion ended")
    expect(overview.locator("#motion")).to_contain_text("Still")


def test_what_was_missed_is_made_up_for(overview: Page, set_up: RunningPages) -> None:
    overview.context.set_offline(offline=True)
    overview.evaluate("() => fetch('/health/').catch(() => 0)")
    set_up.tell_motion(True, False)
    overview.context.set_offline(offline=False)
    rows = overview.locator(".events li")
    expect(rows.first).to_contain_text("Motion ended")
    numbers = [int(row.get_attribute("data-id") or 0) for row in rows.all()]
    assert numbers == sorted(set(numbers), reverse=True)  # each once, in order


def test_a_lost_camera_says_so_and_comes_back(overview: Page, set_up: RunningPages) -> None:
    set_up.tell_camera(online=False, reason="It refused the connection.")
    expect(overview.locator("[data-player-state]")).to_contain_text("Camera offline since")
    expect(overview.locator("#camera-facts")).to_contain_text("It refused the connection.")
    expect(overview.locator("[data-stage-words]")).to_be_visible()
    # The self-test is kept for some seconds, and looked at again after some more.
    attention = overview.locator("#attention")
    expect(attention).to_contain_text("Test picture delivers no picture.", timeout=30_000)
    set_up.tell_camera(online=True)
    expect(overview.locator("[data-player-state]")).to_have_text("●Live")
    expect(overview.locator("[data-stage-words]")).to_be_hidden()


def test_signing_out_ends_the_other_windows_too(overview: Page) -> None:
    other = overview.context.new_page()
    other.goto("/account/")
    other.click("text=Sign out")
    expect(overview).to_have_url("/login/?next=/")
