"""The pad in Chromium, with the part of the media process that moves: held, let go, lost."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.webui.browser.conftest import Open, sign_in
from tests.webui.browser.running_pages import ROOT, RunningPages
from tests.webui.browser.test_accessible import LOOKS, check

pytestmark = pytest.mark.e2e

LIMIT_MS = 30_000
# Says at each change what the head does: "0.5 0.0 0.0", or "stop".
HEADS = """
from nvrdevice.lib.answering import Answering
from nvrdevice.ptz import heads
from nvrdevice.ptz.answers import Answers
from nvrdevice.ptz.backends.digital import Digital
from nvrdevice.ptz.control import HEADS
drive = Digital.drive
def told(self, velocity, now_s):
    said = f"{velocity.pan:g} {velocity.tilt:g} {velocity.zoom:g}"
    print("stop" if velocity.still else said, flush=True)
    drive(self, velocity, now_s)
Digital.drive = told
made = heads.Heads({"source1": True}.get)
made.start()
Answering(HEADS, Answers(made).handlers()).start()
print("ready", flush=True)
made._thread.join()
"""


class Head:
    """The simulated media process; said() is what it did since the last look."""

    def __init__(self, log: str) -> None:
        self._log = log
        self._at = 0

    def said(self) -> list[str]:
        with open(self._log) as file:  # noqa: PTH123
            lines = file.read().split("\n")[:-1]
        fresh, self._at = lines[self._at :], len(lines)
        return fresh

    def until(self, wanted: str) -> None:
        deadline = time.monotonic() + LIMIT_MS / 1000
        seen: list[str] = []
        while wanted not in seen:
            assert time.monotonic() < deadline, seen
            seen += self.said()
            time.sleep(0.02)


@pytest.fixture(scope="module")
def head(set_up: RunningPages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Head]:
    log = tmp_path_factory.mktemp("head") / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", HEADS],
            cwd=ROOT,
            env=set_up._environment,
            stdout=out,
        )
    head = Head(str(log))
    head.until("ready")
    yield head
    process.terminate()
    process.wait(15)


@pytest.fixture
def page(head: Head, open_page: Open) -> Page:
    page = open_page("/login/", "desk", "light")
    sign_in(page)
    page.goto("/live/source1/")
    expect(page.locator("[data-ptz-link=open]")).to_be_visible(timeout=LIMIT_MS)
    head.said()
    return page


def press(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()


def test_a_held_button_moves_and_letting_go_stops(page: Page, head: Head) -> None:
    press(page, "Up and right")
    head.until("0.5 0.5 0")
    head.until("0.5 0.5 0")  # renewed while it is held
    page.mouse.up()
    head.until("stop")


def test_a_pointer_that_leaves_stops(page: Page, head: Head) -> None:
    press(page, "Left")
    head.until("-0.5 0 0")
    page.mouse.move(5, 5)
    head.until("stop")


def test_the_speed(page: Page, head: Head) -> None:
    page.get_by_label("Speed").fill("100")
    press(page, "Zoom in")
    head.until("0 0 1")
    head.until("0 0 1")  # though the focus went from the slider to the button
    page.mouse.up()
    head.until("stop")


def test_arrow_keys_and_lost_focus(page: Page, head: Head) -> None:
    page.get_by_role("button", name="Up", exact=True).focus()
    page.keyboard.down("ArrowRight")
    head.until("0.5 0 0")
    page.keyboard.down("ArrowUp")
    head.until("0.5 0.5 0")
    page.keyboard.up("ArrowRight")
    head.until("0 0.5 0")
    page.keyboard.up("ArrowUp")
    head.until("stop")
    page.keyboard.down("+")
    head.until("0 0 0.5")
    page.evaluate("document.activeElement.blur()")
    head.until("stop")


def test_a_button_by_keyboard(page: Page, head: Head) -> None:
    page.get_by_role("button", name="Down", exact=True).focus()
    page.keyboard.down("Enter")
    head.until("0 -0.5 0")
    page.keyboard.up("Enter")
    head.until("stop")


def test_a_hidden_tab_stops(page: Page, head: Head) -> None:
    press(page, "Right")
    head.until("0.5 0 0")
    page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { value: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    head.until("stop")


def test_a_page_that_is_gone_stops(page: Page, head: Head) -> None:
    press(page, "Right")
    head.until("0.5 0 0")
    page.close()
    head.until("stop")


def test_presets(page: Page) -> None:
    page.get_by_label("Name of a new preset").fill("Gate")
    page.get_by_role("button", name="Save here").click()
    expect(page.locator(".ptz-preset button")).to_have_text("Gate")
    page.click("text=Change Gate")
    page.locator("#name-preset1").fill("Yard")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator(".ptz-preset button")).to_have_text("Yard")


def test_a_preset_and_home_keep_the_picture(page: Page, head: Head) -> None:
    # After the test above: there is a preset.
    page.evaluate("window.same = true")
    for act in (
        lambda: page.locator(".ptz-preset button").click(),
        lambda: page.get_by_role("button", name="Home", exact=True).click(),
        lambda: page.locator("body").press("1"),
    ):
        with page.expect_response("**/act/") as answer:
            act()
        assert answer.value.json() == {}
    assert page.evaluate("window.same") is True


def test_a_preset_that_is_gone_is_told_beside_the_pad(page: Page, head: Head) -> None:
    page.locator(".ptz-preset [name=preset]").evaluate("field => { field.value = 'nowhere'; }")
    page.locator(".ptz-preset button").click()
    expect(page.locator("[data-ptz-error]")).to_contain_text("preset")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_look(head: Head, open_page: Open, size: str, scheme: str) -> None:
    page = open_page("/login/", size, scheme)
    sign_in(page)
    page.goto("/live/source1/")
    expect(page.locator("[data-ptz-link=open]")).to_be_visible(timeout=LIMIT_MS)
    check(page, "live-ptz", size, scheme)
    page.goto("/ptz/")
    page.locator(".ptz-presets summary").first.click()
    check(page, "ptz", size, scheme)
    page.fill("#id_pan_right", "-5")
    page.locator("[data-card=limits] button").click()
    expect(page.locator("#errors")).to_be_visible()
    check(page, "ptz-refused", size, scheme)
