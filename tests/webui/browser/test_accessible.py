"""axe finds nothing but trifles: each page, light and dark, on a phone and on a desk.

With NVR_SCREENSHOTS set to a folder, a picture of each is left there.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.webui.browser.conftest import SIZES, Open, sign_in
from tests.webui.browser.running_pages import RunningPages

pytestmark = pytest.mark.e2e

LOOKS = [(size, scheme) for size in SIZES for scheme in ("light", "dark")]
GRAVE = {"moderate", "serious", "critical"}  # landmarks and the order of headings among them


def findings(page: Page) -> list[str]:
    response: dict[str, Any] = Axe().run(page).response
    return [
        f"{rule['id']}: {node['html']} {node['failureSummary']}"
        for rule in response["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


def check(page: Page, name: str, size: str, scheme: str) -> None:
    folder = os.environ.get("NVR_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}-{size}-{scheme}.png", full_page=True)
    assert findings(page) == []
    sideways = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(sideways) == 0
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_first_start(pages: RunningPages, open_page: Open, size: str, scheme: str) -> None:
    # First in this file: the first password still stands.
    page = open_page("/", size, scheme)
    check(page, "login", size, scheme)
    page.keyboard.press("Enter")
    page.click("text=Sign in >> nth=-1")
    expect(page.locator("#errors")).to_be_visible()
    check(page, "login-refused", size, scheme)
    sign_in(page, "admin123")
    check(page, "setup", size, scheme)
    page.fill("#id_password", "short")
    page.click("text=Save and continue")
    expect(page.locator("#errors")).to_be_visible()
    page.fill("#id_password", "fairly9")
    check(page, "setup-refused", size, scheme)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_page(set_up: RunningPages, open_page: Open, size: str, scheme: str) -> None:
    page = open_page("/login/", size, scheme)
    sign_in(page)
    expect(page.locator("[data-link-live]")).to_be_visible()
    check(page, "overview", size, scheme)
    page.goto("/live/")
    expect(page.locator("[data-player-state]")).to_have_text("●Live")
    page.click("text=Stats")
    check(page, "live", size, scheme)
    page.click("[data-keys]")
    check(page, "live-keys", size, scheme)
    for name, path in {"account": "/account/", "not-found": "/nothing/"}.items():
        page.goto(path)
        check(page, name, size, scheme)
    page.goto("/account/")
    page.click("text=Change password >> nth=-1")
    check(page, "account-refused", size, scheme)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_lost_camera(set_up: RunningPages, open_page: Open, size: str, scheme: str) -> None:
    set_up.tell_camera(online=False, reason="The camera at 192.168.1.44 refused the connection.")
    page = open_page("/login/", size, scheme)
    sign_in(page)
    expect(page.locator("[data-stage-words]")).to_be_visible()
    check(page, "camera-offline", size, scheme)
    page.goto("/live/")
    expect(page.locator("[data-player-state]")).to_contain_text("Camera offline since")
    check(page, "live-offline", size, scheme)
    set_up.tell_camera(online=True)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_django_admin_wears_the_same_clothes(
    set_up: RunningPages, open_page: Open, size: str, scheme: str
) -> None:
    page = open_page("/login/?next=/admin/", size, scheme)
    sign_in(page)
    ours = "rgb(14, 17, 22)" if scheme == "dark" else "rgb(255, 255, 255)"
    for name, path in {"admin": "/admin/", "admin-users": "/admin/nvrdevice/user/"}.items():
        page.goto(path)
        folder = os.environ.get("NVR_SCREENSHOTS")
        if folder:
            page.screenshot(path=Path(folder) / f"{name}-{size}-{scheme}.png", full_page=True)
        background = "() => getComputedStyle(document.body).backgroundColor"
        assert page.evaluate(background) == ours
        expect(page.locator("#site-name")).to_contain_text("NVR Device")
