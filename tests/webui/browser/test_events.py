"""The events page in a browser: live, paused, filtered, back after a break, fit for everybody."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.webui.browser.conftest import PASSWORD, Open, sign_in
from tests.webui.browser.running_pages import RunningPages
from tests.webui.browser.test_accessible import LOOKS, check

pytestmark = pytest.mark.e2e

PATIENCE_MS = 30_000
ROWS = "[data-rows] tr"
KEEP_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(address) { super(address); window.sockets.push(this); }
};
"""


@pytest.fixture(autouse=True)
def patient() -> None:
    expect.set_options(timeout=PATIENCE_MS)


def events(open_page: Open, size: str = "desk", scheme: str = "light", path: str = "") -> Page:
    page = open_page("/login/?next=/events/" + path, size, scheme)
    sign_in(page)
    if not path:
        expect(page.locator("[data-live-state=on]")).to_be_visible()
    return page


def move(pages: RunningPages, times: int = 1) -> None:
    """Motion that begins and ends: two events a time."""
    pages.tell_motion(*(True, False) * times)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_it_is_fit_for_everybody(
    set_up: RunningPages, open_page: Open, size: str, scheme: str
) -> None:
    move(set_up, 4)
    page = events(open_page, size, scheme)
    expect(page.locator(ROWS).first).to_contain_text("Motion ended")
    check(page, "events", size, scheme)
    if size == "phone":
        page.locator(".filters-fold summary").click()
        check(page, "events-filters", size, scheme)
    page.locator(f"{ROWS} a").first.click()
    expect(page.locator("h1")).to_have_text("Motion ended")
    check(page, "event", size, scheme)
    page.goto("/events/?kind=motion&source=source1&text=zebra&from=noon")
    expect(page.locator("[data-empty]")).to_have_text("No event fits.")
    check(page, "events-none", size, scheme)


def test_what_happens_appears_by_itself(set_up: RunningPages, open_page: Open) -> None:
    page = events(open_page)
    before = page.locator(ROWS).count()
    move(set_up)
    expect(page.locator(ROWS)).to_have_count(before + 2)
    expect(page.locator(ROWS).first).to_contain_text("Motion ended")
    expect(page.locator(f"{ROWS} time").first).not_to_contain_text("UTC")


def test_paused_it_counts_and_shows_when_asked(set_up: RunningPages, open_page: Open) -> None:
    page = events(open_page)
    before = page.locator(ROWS).count()
    page.focus("[data-pause]")
    page.keyboard.press("Space")
    move(set_up)
    expect(page.locator("[data-news]")).to_have_text("2 new, show")
    assert page.locator(ROWS).count() == before
    page.focus("[data-show]")
    page.keyboard.press("Enter")
    expect(page.locator(ROWS)).to_have_count(before + 2)
    expect(page.locator("[data-news]")).to_be_hidden()
    assert page.evaluate("() => document.activeElement.hasAttribute('data-pause')")


def test_who_stands_on_a_row_keeps_the_place(set_up: RunningPages, open_page: Open) -> None:
    move(set_up)
    page = events(open_page)
    before = page.locator(ROWS).count()
    page.locator(f"{ROWS} a").first.focus()
    move(set_up)
    expect(page.locator("[data-news]")).to_have_text("2 new, show")
    assert page.locator(ROWS).count() == before


def test_after_a_break_nothing_is_missing_or_twice(set_up: RunningPages, open_page: Open) -> None:
    # A window of its own: that there is no network is what a browser complains of here.
    browser = open_page("/login/").context.browser
    assert browser is not None
    context = browser.new_context(base_url=set_up.url)
    page = context.new_page()
    page.add_init_script(KEEP_SOCKETS)
    page.goto("/login/?next=/events/")
    sign_in(page)
    expect(page.locator("[data-live-state=on]")).to_be_visible()
    before = page.locator(ROWS).count()
    context.set_offline(True)
    page.evaluate("() => window.sockets.forEach((each) => each.close())")
    expect(page.locator("[data-live-state=lost]")).to_be_visible()
    move(set_up, 2)
    context.set_offline(False)
    expect(page.locator(ROWS)).to_have_count(before + 4)
    ids = page.locator(ROWS).evaluate_all("rows => rows.map((row) => Number(row.dataset.id))")
    assert ids == sorted(set(ids), reverse=True)
    context.close()


def test_filters_by_keyboard_stand_in_the_address(set_up: RunningPages, open_page: Open) -> None:
    move(set_up)
    page = events(open_page)
    page.select_option("#kind", label="Motion")
    page.fill("#text", "started")
    page.press("#text", "Enter")
    page.wait_for_url("**/events/?*text=started*")
    assert "from=" not in page.url
    expect(page.locator(ROWS).first).to_contain_text("Motion")
    expect(page.locator("#text")).to_have_value("started")
    expect(page.locator("[data-live-state=on]")).to_be_visible()
    page.locator(".chips a", has_text="started").click()
    page.wait_for_url("**/events/?kind=motion")
    page.click("text=Show all")
    page.wait_for_url("**/events/")


def test_the_list_is_saved_as_csv(set_up: RunningPages, open_page: Open, tmp_path: Path) -> None:
    move(set_up)
    page = events(open_page)
    with page.expect_download() as started:
        page.click("text=Export as CSV")
    started.value.save_as(tmp_path / "events.csv")
    lines = (tmp_path / "events.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("number,time_utc,what,where")
    assert "Motion ended" in lines[1]


def test_without_scripts_it_is_a_page_to_load_again(set_up: RunningPages, open_page: Open) -> None:
    move(set_up)
    browser = open_page("/login/").context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False, base_url=set_up.url)
    page = plain.new_page()
    page.goto("/login/?next=/events/")
    page.fill("#id_username", "admin")
    page.fill("#id_password", PASSWORD)
    page.click("text=Sign in >> nth=-1")
    expect(page.locator(ROWS).first).to_contain_text("Motion ended")
    page.select_option("#kind", label="Motion")
    page.click("text=Filter >> nth=-1")
    expect(page.locator(ROWS).first).to_contain_text("Motion ended")
    plain.close()
