"""From power-on to the picture, in a real browser: first by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.webui.browser.conftest import PASSWORD, Open
from tests.webui.browser.running_pages import FIRST_PASSWORD

pytestmark = pytest.mark.e2e


def focused(page: Page) -> str:
    found: str = page.evaluate(
        "() => document.activeElement.id || document.activeElement.textContent.trim()"
    )
    return found


def tab_to(page: Page, wanted: str) -> None:
    for _ in range(12):
        page.keyboard.press("Tab")
        if focused(page) == wanted:
            return
    raise AssertionError(f"{wanted} was not reached, the focus is on {focused(page)!r}")


def test_by_keyboard_alone(open_page: Open) -> None:
    page = open_page("/", "phone")
    expect(page).to_have_url("/login/?next=/setup/account/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to content"

    tab_to(page, "id_username")
    page.keyboard.type("admin")
    tab_to(page, "id_password")
    page.keyboard.type("not the password")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert focused(page) == "errors"  # read first, above the form
    expect(page.locator("#errors")).to_contain_text("The user name or the password is wrong.")

    tab_to(page, "id_password")
    page.keyboard.type(FIRST_PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url("/setup/account/")

    tab_to(page, "id_password")
    page.keyboard.type("short")
    expect(page.locator("[data-strength]")).to_have_text("■Too short: 1 more to go")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert focused(page) == "errors"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the link in the summary leads to its field
    assert focused(page) == "id_password"

    page.keyboard.type(PASSWORD)
    expect(page.locator("[data-strength]")).to_have_text("●Strong")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#id_password")).to_have_attribute("type", "text")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url("/setup/device/")
    expect(page.locator(".notice.ok")).to_contain_text("Your password is set.")
    tab_to(page, "Leave the setup")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url("/")
    expect(page.locator("h1")).to_have_text("Overview")


def test_without_scripts_it_works_as_well(open_page: Open, pages: object) -> None:
    # After the test above: the device is set up.
    page = open_page("/login/")
    context = page.context.browser
    assert context is not None
    plain = context.new_context(java_script_enabled=False, base_url=page.url.split("/login")[0])
    page = plain.new_page()
    page.goto("/login/")
    page.fill("#id_username", "admin")
    page.fill("#id_password", PASSWORD)
    page.click("text=Sign in >> nth=-1")
    expect(page.locator("h1")).to_have_text("Overview")
    assert page.locator("noscript img").evaluate("img => img.naturalWidth") == 1280
    page.goto("/live/")
    assert page.locator("noscript img").evaluate("img => img.naturalWidth") == 1280
    page.click("text=Sub")
    expect(page.locator("noscript img")).to_have_attribute("src", "/snapshot/profile2.jpg")
    page.goto("/account/")
    page.check("input[value=dark]")
    page.click("text=Save theme")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.check("input[value=auto]")
    page.click("text=Save theme")
    page.click("text=Sign out")
    expect(page.locator("h1")).to_have_text("Sign in")
    plain.close()
