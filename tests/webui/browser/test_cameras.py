"""The camera pages and the way between pages, by keyboard alone; axe looks at each."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.webui.browser.conftest import Open
from tests.webui.browser.keyboard import Keyboard, button, sign_in
from tests.webui.browser.running_pages import RunningPages
from tests.webui.browser.test_accessible import LOOKS, check

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_camera_pages(set_up: RunningPages, open_page: Open, size: str, scheme: str) -> None:
    page = open_page("/login/?next=/video/sources/", size, scheme)
    visitor = Keyboard(page)
    sign_in(visitor)
    check(page, "cameras", size, scheme)
    page.goto("/video/sources/add/")
    check(page, "camera-add", size, scheme)
    visitor.type("#id_uri", "rtsp://192.168.1.45/live")
    visitor.type("#id_name", "Yard")
    visitor.press("form:has(#id_uri) " + button("save"))
    expect(page.locator(".notice.ok")).to_contain_text("Yard is added")
    visitor.press(".cameras li:last-child .actions a >> nth=0")
    check(page, "camera", size, scheme)
    page.goto("/video/sources/")
    visitor.tab_to("[data-opens] >> nth=-1")
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open] h2")).to_have_text("Remove Yard?")
    check(page, "camera-remove", size, scheme)
    visitor.press("dialog[open] .danger")
    expect(page.locator(".notice.ok")).to_contain_text("Yard is removed.")
    assert visitor.hosts == {urlsplit(set_up.url).netloc}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sheet_and_the_folded_tabs_of_a_phone(
    set_up: RunningPages, open_page: Open, scheme: str
) -> None:
    page = open_page("/login/?next=/system/time/", "phone", scheme)
    visitor = Keyboard(page)
    sign_in(visitor)
    visitor.tab_to(".nav-more summary")
    page.keyboard.press("Enter")
    expect(page.locator(".nav-rest")).to_be_visible()
    check(page, "sheet", "phone", scheme)
    page.keyboard.press("Enter")
    expect(page.locator(".nav-rest")).to_be_hidden()
    visitor.tab_to(".group summary")
    page.keyboard.press("Enter")
    check(page, "folded-tabs", "phone", scheme)
    visitor.press(".group .tabs a >> nth=0")
    expect(page).to_have_url("/system/device/")
