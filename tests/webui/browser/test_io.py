"""The live page of the digital channels, with the part of the device process that owns them."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.webui.browser.conftest import Open, sign_in
from tests.webui.browser.running_pages import ROOT, RunningPages
from tests.webui.browser.test_accessible import LOOKS, check

pytestmark = pytest.mark.e2e

LIMIT_MS = 30_000
BOARD = """
from nvrdevice.digital_io import channels
from nvrdevice.digital_io.board import Board
from nvrdevice.lib.answering import Answering
board = Board()
Answering(channels.BOARD, board.handlers()).start()
board.turn()
print("ready", flush=True)
board.run()
"""
SET_UP = """
from nvrdevice.audit.trail import DEVICE
from nvrdevice.digital_io import channels
channels.change("output", 1, {"name": "Gate", "critical": True}, by=DEVICE)
channels.change("output", 2, {"name": "Horn", "mode": "monostable", "delay_s": 0.5}, by=DEVICE)
channels.change("input", 1, {"name": "Door"}, by=DEVICE)
channels.change("input", 2, {"name": "Window contact", "pin": 17}, by=DEVICE)
"""
# Every word the state of an output was shown with, however briefly.
WATCH = """() => {
  const place = document.querySelector('[data-state="output2"]');
  window.seen = [];
  new MutationObserver(() => seen.push(place.textContent.trim().replace(/^[^A-Z]+/, ""))).observe(
    place, { childList: true, subtree: true });
}"""
ELSEWHERE = """
from nvrdevice.audit.trail import DEVICE
from nvrdevice.digital_io import channels
channels.set_state("input", 1, active=True, by=DEVICE)
"""


@pytest.fixture(scope="module")
def board(set_up: RunningPages) -> Iterator[RunningPages]:
    set_up.run(SET_UP)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", BOARD],
        cwd=ROOT,
        env=set_up._environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield set_up
    process.terminate()
    process.wait(15)
    process.stdout.close()


@pytest.fixture
def page(board: RunningPages, open_page: Open) -> Page:
    page = open_page("/login/", "desk", "light")
    sign_in(page)
    page.goto("/io/")
    expect(page.locator("[data-link-live]")).to_be_visible(timeout=LIMIT_MS)
    return page


def test_an_input_raised_elsewhere_appears(board: RunningPages, page: Page) -> None:
    door = page.locator('[data-state="input1"]')
    expect(door).to_contain_text("Quiet")
    board.run(ELSEWHERE)
    expect(door).to_contain_text("Raised", timeout=LIMIT_MS)
    page.click("#input1 >> text=Lower")
    expect(door).to_contain_text("Quiet", timeout=LIMIT_MS)


def test_a_monostable_output_goes_on_and_off_again(page: Page) -> None:
    page.evaluate(WATCH)
    page.click('#output2 button[value="on"]')
    page.wait_for_function("() => seen.includes('On') && seen.at(-1) === 'Off'", timeout=LIMIT_MS)


def test_a_critical_output_is_asked_about(page: Page) -> None:
    gate = page.locator('[data-state="output1"]')
    page.click('#output1 button[value="on"]')
    expect(page.locator("#sure-title")).to_have_text("Switch Gate?")
    page.click("text=Leave it")
    expect(gate).to_contain_text("Off")
    page.click('#output1 button[value="on"]')
    page.click("text=Yes, switch it >> visible=true")
    expect(gate).to_contain_text("On", timeout=LIMIT_MS)
    page.click('#output1 button[value="off"]')
    page.click("text=Yes, switch it >> visible=true")
    expect(gate).to_contain_text("Off", timeout=LIMIT_MS)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_look(board: RunningPages, open_page: Open, size: str, scheme: str) -> None:
    page = open_page("/login/", size, scheme)
    sign_in(page)
    page.goto("/io/")
    expect(page.locator("[data-link-live]")).to_be_visible(timeout=LIMIT_MS)
    page.click("#output2 summary")
    check(page, "io", size, scheme)
    page.fill("#id_output2-delay_s", "9999")
    page.click("#output2 >> text=Save settings")
    expect(page.locator("#errors")).to_be_visible()
    check(page, "io-refused", size, scheme)
    page.evaluate("document.querySelector('main').classList.add('out-of-date')")
    check(page, "io-out-of-date", size, scheme)
