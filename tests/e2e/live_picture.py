"""The live page of a running device in a real Chromium, and what can be measured of it.

Each fragment of the stream carries the moment its picture was taken, and the browser tells when
it paints which picture; on one machine both are the same clock.
"""

import contextlib
import subprocess
import sys
from collections.abc import Iterator

from playwright.sync_api import Page, sync_playwright

from tests.e2e.running_device import PASSWORD, ROOT, RunningDevice
from tests.webui.browser.chromium import ARGUMENTS, CHROMIUM

PLAYER = "document.querySelector('[data-player]').player"
USERNAME = "vera"
PATIENCE_MS = 60_000


class LivePicture:
    def __init__(self, page: Page) -> None:
        self.page = page

    def first_picture_s(self) -> float:
        """Asks for the page anew: from then to the first picture of the stream that is painted."""
        self.page.goto("/live/?quality=main")
        self._until(f"{PLAYER}?.firstPicture_ms > 0")
        assert self.page.evaluate(f"() => {PLAYER}.way") == "stream"
        return float(self.page.evaluate(f"() => {PLAYER}.firstPicture_ms")) / 1000

    def latencies_ms(self, pictures: int) -> tuple[float, ...]:
        """From capture to paint, of the pictures that are painted next."""
        before = self.painted()
        self._until(f"{PLAYER}.buffer.painted >= {before + pictures}")
        found = self.page.evaluate(f"() => {PLAYER}.latencies.slice(-{pictures})")
        return tuple(float(each) for each in found)

    def painted(self) -> int:
        found: int = self.page.evaluate(f"() => {PLAYER}.buffer?.painted ?? 0")
        return found

    def wait_until_it_moves(self) -> None:
        self._until(f"{PLAYER}.buffer?.painted > {self.painted()}")

    @property
    def state(self) -> str:
        return self.page.locator("[data-player-state]").inner_text()

    def cookies(self) -> str:
        return "; ".join(f"{each['name']}={each['value']}" for each in self.page.context.cookies())

    def _until(self, condition: str) -> None:
        self.page.wait_for_function(f"() => {condition}", timeout=PATIENCE_MS)


@contextlib.contextmanager
def watching(device: RunningDevice) -> Iterator[LivePicture]:
    """A viewer, signed in, before the live page is opened for the first time."""
    manage(device, "users", "update", "admin", "--password", PASSWORD + "!")
    manage(device, "users", "create", USERNAME, PASSWORD, "--roles", "viewer")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(base_url=device.url, viewport={"width": 1280, "height": 800})
        page.goto("/login/")
        page.fill("#id_username", USERNAME)
        page.fill("#id_password", PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        yield LivePicture(page)
        browser.close()


def manage(device: RunningDevice, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=device.environment,
        check=True,
        capture_output=True,
    )
