"""The diagnostics page in a browser: live, by keyboard, on a phone, and fit for everybody."""

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.onvif_client import envelope
from tests.webui.browser.conftest import PASSWORD, Open, sign_in
from tests.webui.browser.running_pages import RunningPages
from tests.webui.browser.test_accessible import LOOKS, check

pytestmark = pytest.mark.e2e

INFORMATION = "<tds:GetDeviceInformation/>"


def ask(pages: RunningPages, password: str = PASSWORD, agent: str = "Zeep/4.3.2") -> int:
    """Call the device as a client does; the status of the answer."""
    request = urllib.request.Request(
        f"{pages.url}/onvif/device_service",
        data=envelope(INFORMATION, "admin", password),
        headers={"Content-Type": "application/soap+xml; charset=utf-8", "User-Agent": agent},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def diagnostics(open_page: Open, size: str = "desk", scheme: str = "light") -> Page:
    page = open_page("/login/?next=/diagnostics/", size, scheme)
    sign_in(page)
    expect(page.locator("[data-live-state=on]")).to_be_visible()
    return page


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_it_is_fit_for_everybody(
    set_up: RunningPages, open_page: Open, size: str, scheme: str
) -> None:
    assert [ask(set_up), ask(set_up, "wrong", agent="gSOAP/2.8")] == [200, 401]
    page = diagnostics(open_page, size, scheme)
    expect(page.locator("#failed-logins")).to_contain_text("The password is wrong.")
    page.locator("main summary").first.click()
    page.click("[data-pause]")
    check(page, "diagnostics", size, scheme)


def test_what_happens_appears_by_itself(set_up: RunningPages, open_page: Open) -> None:
    page = diagnostics(open_page)
    ask(set_up, agent="go2rtc/1.9.4")
    expect(page.locator("#clients")).to_contain_text("go2rtc")
    expect(page.locator("#calls tbody tr").first).to_contain_text("tds:GetDeviceInformation")


def test_paused_it_stays_as_it_is(set_up: RunningPages, open_page: Open) -> None:
    page = diagnostics(open_page)
    page.focus("[data-pause]")
    page.keyboard.press("Space")
    expect(page.locator("[data-live-state=paused]")).to_be_visible()
    ask(set_up, agent="VLC/3.0")
    page.wait_for_timeout(3000)
    expect(page.locator("#clients")).not_to_contain_text("VLC")
    page.keyboard.press("Space")
    expect(page.locator("#clients")).to_contain_text("VLC")


def test_who_reads_details_keeps_the_place(set_up: RunningPages, open_page: Open) -> None:
    ask(set_up)
    page = diagnostics(open_page)
    page.locator("main summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details[open]")).to_contain_text("Calls itself: ")
    calls = page.locator("#calls tbody tr")
    before = calls.count()
    ask(set_up)
    expect(calls).to_have_count(before + 1)
    expect(page.locator("details[open]")).to_contain_text("Calls itself: ")
    assert page.evaluate("() => document.activeElement.tagName") == "SUMMARY"


def test_the_calls_of_one_client(set_up: RunningPages, open_page: Open) -> None:
    ask(set_up)
    page = diagnostics(open_page)
    page.locator("#clients a").first.click()
    expect(page.locator("#calls-title")).to_have_text("Last calls of 127.0.0.1")
    page.click("text=Show all clients")
    expect(page.locator("#calls-title")).to_have_text("Last calls")


def test_without_scripts_it_is_a_page_to_load_again(set_up: RunningPages, open_page: Open) -> None:
    ask(set_up)
    page = open_page("/login/")
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False, base_url=set_up.url)
    page = plain.new_page()
    page.goto("/login/?next=/diagnostics/")
    page.fill("#id_username", "admin")
    page.fill("#id_password", PASSWORD)
    page.click("text=Sign in >> nth=-1")
    expect(page.locator("#calls")).to_contain_text("tds:GetDeviceInformation")
    calls = page.locator("#calls tbody tr")
    before = calls.count()
    ask(set_up)
    page.reload()
    assert calls.count() == before + 1
    plain.close()
