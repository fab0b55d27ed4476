"""Recordings in a real browser: they play from the stored files, keys work, axe is content."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.webui.browser.conftest import Open, sign_in
from tests.webui.browser.running_pages import RunningPages
from tests.webui.browser.test_accessible import LOOKS, check

pytestmark = pytest.mark.e2e

DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)
FILES = """
from datetime import UTC, datetime, timedelta
from tests.nvrdevice.recordings.shelf_of_files import add
from nvrdevice.events import publish
at = datetime(2026, 1, 1, 12, tzinfo=UTC)
for number, seconds in enumerate((0, 2, 4, 6, 60, 62), 1):
    add(at + timedelta(seconds=seconds), sequence=number)
def motion(seconds, state):
    publish("tns1:VideoSource/MotionAlarm", {"Source": "source1"}, {"State": state},
            at=at + timedelta(seconds=seconds))
motion(3, True)
motion(5, False)
motion(61, True)
motion(62, False)
"""
MANY = """
from datetime import UTC, datetime, timedelta
from nvrdevice.events.models import Event
at = datetime(2026, 1, 3, tzinfo=UTC)
Event.objects.bulk_create(
    Event(at=at + timedelta(seconds=4.2 * n), topic="tns1:VideoSource/MotionAlarm",
          operation="Changed", source={"Source": "source1"},
          data={"State": str(n % 2 == 0).lower()})
    for n in range(20_000))
"""
PLACE = f"/playback/?source=source1&day={DAY:%Y-%m-%d}"


@pytest.fixture(scope="module")
def recorded(set_up: RunningPages) -> RunningPages:
    set_up.run(FILES)
    return set_up


def opened(open_page: Open, path: str, size: str = "desk", scheme: str = "light") -> Page:
    page = open_page(f"/login/?next={path.replace('&', '%26')}", size, scheme)
    sign_in(page)
    return page


def clock(page: Page) -> str:
    return page.locator("[data-clock]").inner_text()


def test_it_plays_over_files_and_gaps(recorded: RunningPages, open_page: Open) -> None:
    page = opened(open_page, f"{PLACE}&t={round(DAY.timestamp() * 1000)}")
    expect(page.locator("[data-play]")).to_have_text("Pause")
    # Past the end of the fourth file, over the minute that was not recorded.
    expect(page.locator("[data-clock]")).to_have_text(re.compile("12:01:0[0-4]"), timeout=30_000)
    assert page.evaluate("document.querySelector('video').videoWidth") == 320


def test_the_keys(recorded: RunningPages, open_page: Open) -> None:
    page = opened(open_page, PLACE)
    slider = page.locator("[data-slider]")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("recorded"))
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "00:00:00, not recorded")
    page.keyboard.press("Shift+ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "12:00:03, recorded, motion")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-clock]")).to_have_text("12:01:01")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-clock]")).to_have_text("12:00:56")
    expect(page).to_have_url(re.compile(r"t=\d+"))
    page.keyboard.press("e")
    expect(page.locator("#export-from")).to_be_focused()
    assert page.input_value("#export-from") == "2026-01-01T12:00:56"


def test_a_span_is_downloaded(recorded: RunningPages, open_page: Open, tmp_path: Path) -> None:
    page = opened(open_page, PLACE)
    page.fill("#export-from", "2026-01-01T12:00:00")
    page.fill("#export-to", "2026-01-01T12:00:08")
    page.click("text=Make an MP4")
    expect(page.locator("text=Download the MP4")).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        page.click("text=Download the MP4")
    file = tmp_path / "span.mp4"
    download.value.save_as(file)
    assert file.read_bytes()[4:8] == b"ftyp"


def test_ten_thousand_marks_are_drawn(recorded: RunningPages, open_page: Open) -> None:
    recorded.run(MANY)
    page = opened(open_page, "/playback/?source=source1&day=2026-01-03")
    expect(page.locator(".playback")).to_have_attribute("data-drawn", re.compile(r"\d+"))
    expect(page.locator("text=Page 1 of 100")).to_be_visible()


def test_without_scripts_there_is_a_table_and_a_player(
    recorded: RunningPages, open_page: Open
) -> None:
    page = opened(open_page, PLACE)
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        base_url=recorded.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(f"{PLACE}&t={round((DAY + timedelta(seconds=1)).timestamp() * 1000)}")
    assert plain.locator("noscript video, video[controls]").count() == 1
    assert plain.locator("td[data-label=What]").all_inner_texts()[:2] == ["Recording", "Motion"]
    context.close()


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_accessible(recorded: RunningPages, open_page: Open, size: str, scheme: str) -> None:
    page = opened(open_page, PLACE, size, scheme)
    expect(page.locator("[data-slider]")).to_have_attribute(
        "aria-valuetext", re.compile("recorded")
    )
    check(page, "playback", size, scheme)
    page.click("[data-keys]")
    check(page, "playback-keys", size, scheme)
    page.goto("/playback/?source=source1&day=2026-01-02")
    expect(page.locator("[data-slider]")).to_be_visible()
    check(page, "playback-empty", size, scheme)
    page.goto("/recording/")
    check(page, "recording", size, scheme)
