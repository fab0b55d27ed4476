"""The page of REST in the browser: four looks, by keyboard, nothing serious for axe."""

import pytest
from playwright.sync_api import expect

from tests.webui.browser.conftest import Open, sign_in
from tests.webui.browser.running_pages import RunningPages
from tests.webui.browser.test_accessible import LOOKS, check

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_page_of_rest(set_up: RunningPages, open_page: Open, size: str, scheme: str) -> None:
    page = open_page("/login/?next=/api/docs/", size, scheme)
    sign_in(page)
    check(page, "api-docs", size, scheme)
    page.locator("summary", has_text="Create a user").focus()
    page.keyboard.press("Enter")
    expect(page.locator("details[open]")).to_contain_text("must_change_password")
    page.locator("summary", has_text="behind a cursor").click()
    check(page, "api-docs-open", size, scheme)
