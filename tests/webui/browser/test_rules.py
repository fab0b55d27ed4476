"""The pages of rules in every look."""

import pytest
from playwright.sync_api import expect

from tests.webui.browser.conftest import Open, sign_in
from tests.webui.browser.running_pages import RunningPages
from tests.webui.browser.test_accessible import LOOKS, check

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_look(set_up: RunningPages, open_page: Open, size: str, scheme: str) -> None:
    page = open_page("/login/", size, scheme)
    sign_in(page)
    page.goto("/rules/")
    name = f"Horn {size} {scheme}"
    page.fill("#id_name", name)
    page.select_option("#id_condition", "input input1")
    page.select_option("#id_act", "pulse start")
    page.click("text=Make rule")
    expect(page.locator("[role=status] >> nth=0")).to_contain_text("is there and counts")
    check(page, "rules", size, scheme)
    page.click("text=Make rule")
    expect(page.locator("#errors")).to_be_visible()
    check(page, "rules-refused", size, scheme)
    page.click(f"h2 >> text={name}")
    expect(page.locator("h1")).to_have_text(name)
    check(page, "rule", size, scheme)
