"""A visitor who has no mouse."""

from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.webui.browser.conftest import PASSWORD

MANY = 60  # more than any page has to tab through


class Keyboard:
    """A visitor without a mouse, and what their browser asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hosts: set[str] = set()
        page.on("request", lambda asked: self.hosts.add(urlsplit(asked.url).netloc))

    def tab_to(self, selector: str) -> None:
        wanted = self.page.locator(selector).first
        for _ in range(MANY):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{selector} is not reached by the Tab key")

    def type(self, selector: str, text: str) -> None:
        self.tab_to(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def press(self, selector: str) -> None:
        """Enter on it, and wait for where it leads."""
        self.tab_to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def button(what: str) -> str:
    return f"button[name=what][value={what}]"


def sign_in(visitor: Keyboard, password: str = PASSWORD) -> None:
    visitor.type("#id_username", "admin")
    visitor.type("#id_password", password)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
