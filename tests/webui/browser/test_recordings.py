"""Recordings in a real browser: they play from the stored files, keys work, axe is content."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.webui.browser.conftest import Open, sign_in
from tests.webui.browser.keyboard import Keyboard
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
add(datetime(1970, 1, 1, 0, 2, tzinfo=UTC), sequence=0)  # before the clock was set
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
LONG = """
from datetime import UTC, datetime, timedelta
from tests.nvrdevice.recordings.shelf_of_files import add
from nvrdevice.events import publish
from nvrdevice.recordings.models import Segment
at = datetime(2026, 1, 5, 12, tzinfo=UTC)
add(at, sequence=1)
for number in range(30):
    add(at + timedelta(seconds=60 + 2 * number), sequence=2 + number)
add(at + timedelta(hours=1), sequence=40)
Segment.objects.filter(start__gte=at + timedelta(hours=1)).update(codec="hvc1.1.6.L93.B0")
for seconds, state in ((1, True), (1.5, False), (3600.5, True), (3601, False)):
    publish("tns1:VideoSource/MotionAlarm", {"Source": "source1"}, {"State": state},
            at=at + timedelta(seconds=seconds))
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
    slider.focus()
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


def test_beyond_the_last_picture_it_stops_and_says_so(
    recorded: RunningPages, open_page: Open
) -> None:
    page = opened(open_page, f"{PLACE}&t={round(DAY.timestamp() * 1000) + 62_500}")
    words = page.locator("[data-words]")
    expect(words).to_have_text("Nothing was recorded from here on.", timeout=30_000)
    expect(page.locator("[data-play]")).to_have_text("Play")


PLACES = """async () => {
  const { RecordedVideo } = await import("/static/js/recorded_video.js");
  const found = [];
  for (const [index, behind] of [[1, 3], [2, 3], [3, 4]]) {
    const player = new RecordedVideo(document.createElement("video"), { more: () => false });
    player.load({ start: 0, segments: [[1, 0, 10], [2, 10, 20], [3, 20, 30]] });
    player.next = { index, ms: 25 };
    player.load({ start: 0, segments: [[3, 20, 30], [4, 30, 40]] });
    const now = player.segments[player.next.index]?.[0];
    found.push([now, player.segments[player.behind([behind]).index]?.[0] ?? "none"]);
  }
  return found;
}"""


def test_it_goes_on_at_its_place_when_the_oldest_file_went(
    recorded: RunningPages, open_page: Open
) -> None:
    page = opened(open_page, PLACE)
    assert page.evaluate(PLACES) == [[3, 4], [3, 4], [4, "none"]]


def test_only_what_is_soon_shown_is_fetched_over_a_gap(
    recorded: RunningPages, open_page: Open
) -> None:
    recorded.run(LONG)
    page = opened(open_page, "/playback/?source=source1&day=2026-01-05")
    expect(page.locator("[data-slider]")).to_have_attribute("aria-valuetext", re.compile("13:00"))
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/piece/" in one.url else None)
    for _ in range(2):
        page.click("[data-last-event]")
    expect(page.locator("[data-clock]")).to_have_text("12:00:01")
    page.wait_for_load_state("networkidle")
    page.wait_for_function("() => document.querySelector('video').buffered.length > 1")
    page.wait_for_load_state("networkidle")
    assert len(asked) <= 12  # of 31


def test_a_codec_that_this_browser_cannot_play_is_told_and_nothing_else_is_shown(
    recorded: RunningPages, open_page: Open
) -> None:
    page = opened(open_page, "/playback/?source=source1&day=2026-01-05&t=1767614401000")
    page.wait_for_function("() => document.querySelector('video').videoWidth > 0")
    page.click("[data-next-event]")
    words = "This browser cannot play H.265: download the part instead."
    expect(page.locator("[data-words]")).to_have_text(words)
    assert page.evaluate("document.querySelector('video').videoWidth") == 0


def test_the_strip_is_dragged(recorded: RunningPages, open_page: Open) -> None:
    page = opened(open_page, PLACE)
    expect(page.locator("[data-slider]")).to_have_attribute("aria-valuetext", re.compile("rec"))
    box = page.locator("[data-strip-day]").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 4, middle)
    page.mouse.down()
    expect(page.locator("[data-clock]")).to_have_text(re.compile("0[56]:"))
    page.mouse.move(box["x"] + box["width"] * 3 / 4, middle)
    expect(page.locator("[data-clock]")).to_have_text(re.compile("1[78]:"))
    page.mouse.up()
    expect(page.locator("[data-words]")).to_have_text("Nothing was recorded from here on.")
    expect(page.locator("[data-slider]")).to_be_focused()


def test_up_and_down_scroll_the_page_away_from_the_strip(
    recorded: RunningPages, open_page: Open
) -> None:
    page = opened(open_page, PLACE, "phone")
    expect(page.locator("[data-slider]")).to_have_attribute("aria-valuetext", re.compile("rec"))
    page.locator("h1").click()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("() => window.scrollY > 0")


def test_an_event_leads_to_its_moment(recorded: RunningPages, open_page: Open) -> None:
    page = opened(open_page, "/events/?kind=motion&day=2026-01-01&zone=UTC")
    page.click("text=Motion started >> nth=-1")
    page.click("text=Play this moment")
    expect(page.locator("[data-clock]")).to_have_text(re.compile("12:00:0[3-9]|12:01"))
    expect(page.locator("[data-play]")).to_have_text("Pause")


def test_another_day_is_chosen_by_keyboard(recorded: RunningPages, open_page: Open) -> None:
    page = opened(open_page, PLACE)
    visitor = Keyboard(page)
    visitor.press(".calendar a[href*='2026-01-05']")
    expect(page.locator(".page-head")).to_contain_text("5 January 2026")
    visitor.press(".calendar a[href*='2026-01-02']")
    expect(page.locator("[data-words]")).to_have_text("Nothing was recorded on this day.")


def test_a_span_is_downloaded(recorded: RunningPages, open_page: Open, tmp_path: Path) -> None:
    page = opened(open_page, PLACE)
    page.fill("#export-from", "2026-01-01T12:00:00")
    page.fill("#export-to", "2026-01-01T12:00:08")
    page.click("text=Make an MP4")
    expect(page.locator("text=Download the MP4")).to_be_visible(timeout=30_000)
    page.click("text=Copy")
    expect(page.locator("[data-copy]")).to_have_text(re.compile("Copied|Selected"))
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
