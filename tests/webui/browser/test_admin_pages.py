"""Each page of Django admin: in the product's look, and fit for everybody."""

import pytest
from playwright.sync_api import Browser, ConsoleMessage

from tests.webui.browser.conftest import SIZES, sign_in
from tests.webui.browser.running_pages import RunningPages
from tests.webui.browser.test_accessible import LOOKS, check
from tests.webui.browser.test_nvr_pages import PEOPLE

pytestmark = pytest.mark.e2e

USER, GROUP = "/admin/nvrdevice/user/", "/admin/auth/group/"
AUDIT, EVENT = "/admin/nvrdevice/auditrow/", "/admin/nvrdevice/event/"
PAGES = {
    "index": "/admin/",
    "users": USER,
    "user-add": f"{USER}add/",
    "user": f"{USER}2/change/",
    "password": f"{USER}2/password/",
    "user-delete": f"{USER}2/delete/",
    "groups": GROUP,
    "group": f"{GROUP}2/change/",
    "audit-rows": AUDIT,
    "audit-row": f"{AUDIT}1/change/",
    "history": f"{USER}2/history/",
    "events": EVENT,
    "event": f"{EVENT}1/change/",
}


@pytest.fixture(scope="module")
def lived_in(set_up: RunningPages) -> RunningPages:
    set_up.run(PEOPLE)
    set_up.tell_motion(True)
    return set_up


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_page(lived_in: RunningPages, chromium: Browser, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    context = chromium.new_context(
        base_url=lived_in.url,
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto("/login/?next=/admin/")
    sign_in(page)
    complaints: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if said.type == "error":
            complaints.append(said.text)

    for name, path in PAGES.items():
        page.on("console", note)
        answer = page.goto(path)
        assert answer is not None
        assert (name, answer.status) == (name, 200)
        # axe tries a style of its own on pages whose sheets import others, and is refused.
        page.remove_listener("console", note)
        check(page, f"admin-{name}", size, scheme)
    assert complaints == []
    context.close()
