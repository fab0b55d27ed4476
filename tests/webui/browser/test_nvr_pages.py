"""Add to your NVR, users and the audit trail in a browser: live, by keyboard, fit for everybody."""

import pytest
from playwright.sync_api import Page, expect

from tests.webui.browser.conftest import PASSWORD, Open, sign_in
from tests.webui.browser.running_pages import RunningPages
from tests.webui.browser.test_accessible import LOOKS, check
from tests.webui.browser.test_diagnostics import ask

pytestmark = pytest.mark.e2e

PEOPLE = """
from nvrdevice.accounts import users
from nvrdevice.audit.trail import Actor
by = Actor("tests", "", "cli")
have = {each.username for each in users.list_users()}
for name, role, onvif in (("nvr", "viewer", True), ("olga", "operator", False)):
    if name not in have:
        users.create(users.NewUser(name, "a door in the hall", (role,), onvif), by=by)
"""


@pytest.fixture(scope="module")
def lived_in(set_up: RunningPages) -> RunningPages:
    """A device with some users, one client that got in and one that did not."""
    set_up.run(PEOPLE)
    assert [ask(set_up), ask(set_up, "wrong", agent="gSOAP/2.8")] == [200, 401]
    return set_up


def signed_in(open_page: Open, path: str, size: str = "desk", scheme: str = "light") -> Page:
    page = open_page(f"/login/?next={path}", size, scheme)
    sign_in(page)
    return page


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_connect_is_fit_for_everybody(
    lived_in: RunningPages, open_page: Open, size: str, scheme: str
) -> None:
    page = signed_in(open_page, "/connect/", size, scheme)
    expect(page.locator("[data-live-state=on]")).to_be_visible()
    expect(page.locator("[data-step=sign-in]")).to_contain_text("The password is wrong.")
    check(page, "connect", size, scheme)
    page.goto("/connect/?nvr=rtsp")
    check(page, "connect-rtsp", size, scheme)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_users_are_fit_for_everybody(
    lived_in: RunningPages, open_page: Open, size: str, scheme: str
) -> None:
    page = signed_in(open_page, "/system/users/", size, scheme)
    check(page, "users", size, scheme)
    page.goto("/system/users/add/?for=nvr")
    check(page, "user-add", size, scheme)
    page.click("text=Add user >> nth=-1")
    expect(page.locator("#errors")).to_be_visible()
    check(page, "user-add-refused", size, scheme)
    page.goto("/system/users/name/nvr/")
    check(page, "user", size, scheme)
    page.goto("/system/users/name/nvr/delete/")
    check(page, "user-delete", size, scheme)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_audit_trail_is_fit_for_everybody(
    lived_in: RunningPages, open_page: Open, size: str, scheme: str
) -> None:
    page = signed_in(open_page, "/system/audit/", size, scheme)
    check(page, "audit", size, scheme)
    page.select_option("#id_protocol", "cli")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("#rows-title")).to_have_text("2 changes")
    expect(page.locator("#id_protocol")).to_have_value("cli")
    page.goto("/system/audit/?first=yesterday")
    check(page, "audit-refused", size, scheme)


def test_the_audit_trail_is_a_file(lived_in: RunningPages, open_page: Open) -> None:
    page = signed_in(open_page, "/system/audit/?protocol=cli")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download as CSV").click()
    lines = waiting.value.path().read_text().splitlines()
    assert [line.split(",")[3] for line in lines] == ["protocol", "cli", "cli"]


def test_the_checklist_turns_by_itself(lived_in: RunningPages, open_page: Open) -> None:
    page = signed_in(open_page, "/connect/")
    expect(page.locator("[data-live-state=on]")).to_be_visible()
    step = page.locator("[data-step=sign-in]")
    ask(lived_in)
    expect(step).to_contain_text("Signed in as admin.", timeout=30_000)
    ask(lived_in, "wrong", agent="gSOAP/2.8")
    expect(step).to_contain_text("The password is wrong.", timeout=30_000)
    step.get_by_role("link", name="Open the user admin").click()
    expect(page.locator("h1")).to_have_text("admin")
    ask(lived_in)


def test_without_scripts_the_checklist_is_there_on_loading(
    lived_in: RunningPages, open_page: Open
) -> None:
    ask(lived_in)
    browser = open_page("/login/").context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False, base_url=lived_in.url)
    page = plain.new_page()
    page.goto("/login/?next=/connect/%3Fnvr%3Dfrigate")
    page.fill("#id_username", "admin")
    page.fill("#id_password", PASSWORD)
    page.click("text=Sign in >> nth=-1")
    expect(page.locator("[data-step=sign-in]")).to_contain_text("Signed in as admin.")
    expect(page.locator(".numbered")).to_contain_text("Frigate")
    plain.close()
