"""A device with two heads on serial lines: each way of losing the hand on them is a stop."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import psutil
import pytest
import yaml
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PlaywrightError

from tests.e2e.running_device import PASSWORD, ROOT, RunningDevice
from tests.nvrdevice.ptz.far_end import FarEnd
from tests.webui.browser.conftest import sign_in

pytestmark = pytest.mark.e2e

LIMIT_S, LIMIT_MS = 30.0, 30_000
STOP = {
    "pelco_d": ["ff 01 00 00 00 00 01"],
    "visca": ["81 01 06 01 01 01 03 03 ff", "81 01 04 07 00 ff"],
}
RIGHT = {  # at half speed
    "pelco_d": ["ff 01 00 02 20 00 23"],
    "visca": ["81 01 06 01 0c 01 02 03 ff", "81 01 04 07 00 ff"],
}
PRESET = {  # the third place kept, and gone to
    "pelco_d": ["ff 01 00 03 00 01 05", "ff 01 00 07 00 01 09"],
    "visca": ["81 01 04 3f 01 00 ff", "81 01 04 3f 02 00 ff"],
}
HOME = {"pelco_d": "ff 01 00 07 00 20 28", "visca": "81 01 06 04 ff"}
KINDS = ("pelco_d", "visca")


@dataclass
class Heads:
    device: RunningDevice
    ends: dict[str, FarEnd]

    def ask(self, kind: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        profile = {"pelco_d": "profile1", "visca": "profile4"}[kind]
        headers = {"X-WSSE": f'UsernameToken username="admin" password="{PASSWORD}"'}
        where = self.device.url + path
        if body is None:
            return httpx.get(f"{where}?profile_token={profile}", headers=headers, timeout=30)
        return httpx.post(
            where, json={"profile_token": profile, **body}, headers=headers, timeout=30
        )

    def told(self, kind: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self.ask(kind, path, body)
        assert answer.status_code < 300, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def came(self, kind: str, frames: list[str]) -> None:
        assert [self.ends[kind].frame() for _ in frames] == frames

    def stops(self, kind: str) -> None:
        """Whatever else comes, the last of it stops the head."""
        for frame in STOP[kind]:
            self.ends[kind].until(frame)

    def move(self, kind: str, timeout_s: float = 60.0) -> None:
        self.ends[kind].forget()
        self.told(kind, "/ptz/move", {"pan": 0.5, "timeout_s": timeout_s})
        self.came(kind, RIGHT[kind])

    def process(self, name: str) -> psutil.Process:
        assert self.device.process is not None
        found = psutil.Process(self.device.process.pid).children(recursive=True)
        return next(each for each in found if name in each.cmdline())

    def wait_until_they_answer(self) -> None:
        deadline = time.monotonic() + 60
        for kind in KINDS:
            while True:
                with contextlib.suppress(httpx.HTTPError):
                    if self.ask(kind, "/api/v1/ptz").json().get("backend") == kind:
                        break
                assert time.monotonic() < deadline, self.device.output
                time.sleep(0.1)
            self.ends[kind].forget()


@pytest.fixture(scope="module")
def heads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heads]:
    folder = tmp_path_factory.mktemp("heads")
    ends = {"pelco_d": FarEnd(), "visca": FarEnd(answering=True)}
    (folder / "config").mkdir()
    ptz = [
        {"source": source, "backend": kind, "port": str(ends[kind].path)}
        for source, kind in (("source1", "pelco_d"), ("source2", "visca"))
    ]
    (folder / "config" / "media.yaml").write_text(yaml.safe_dump({"ptz": ptz}))
    with RunningDevice(folder, "test:", "test:") as device:
        for password in (PASSWORD + "!", PASSWORD):  # until it is changed REST stays closed
            subprocess.run(
                [sys.executable, "manage.py", "users", "update", "admin", "--password", password],
                cwd=ROOT, env=device.environment, check=True, capture_output=True, timeout=60,
            )  # fmt: skip
        made = Heads(device, ends)
        made.wait_until_they_answer()
        yield made
    for end in ends.values():
        end.close()


@pytest.fixture
def page(heads: Heads, chromium: Browser) -> Iterator[Callable[[str], Page]]:
    context = chromium.new_context(base_url=heads.device.url)
    opened = context.new_page()
    opened.goto("/login/")
    sign_in(opened, PASSWORD)

    def open_live(kind: str) -> Page:
        opened.goto(f"/live/{ {'pelco_d': 'source1', 'visca': 'source2'}[kind] }/")
        expect(opened.locator("[data-ptz-link=open]")).to_be_visible(timeout=LIMIT_MS)
        return opened

    yield open_live
    context.close()


def hold(page: Page, heads: Heads, kind: str) -> None:
    """The pad's button to the right, until the head turns."""
    heads.ends[kind].forget()
    button = page.get_by_role("button", name="Right", exact=True)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    heads.came(kind, RIGHT[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_a_move_over_rest_ends_at_its_time(heads: Heads, kind: str) -> None:
    heads.move(kind, timeout_s=0.5)
    heads.came(kind, STOP[kind])
    assert not heads.told(kind, "/api/v1/ptz")["moving"]


@pytest.mark.parametrize("kind", KINDS)
def test_stop_over_rest(heads: Heads, kind: str) -> None:
    heads.move(kind)
    assert heads.told(kind, "/api/v1/ptz")["moving"]
    heads.told(kind, "/ptz/stop", {})
    heads.came(kind, STOP[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_presets_and_home(heads: Heads, kind: str) -> None:
    heads.ends[kind].forget()
    heads.told(kind, "/api/v1/ptz/presets", {"name": "Gate"})
    heads.came(kind, PRESET[kind][:1])
    heads.told(kind, "/api/v1/ptz/presets/preset1/go", {})
    heads.came(kind, [*STOP[kind], PRESET[kind][1]])
    heads.move(kind)
    heads.told(kind, "/api/v1/ptz/home", {})
    heads.came(kind, [*STOP[kind], HOME[kind]])
    assert not heads.told(kind, "/api/v1/ptz")["moving"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_position_cannot_be_gone_to(heads: Heads, kind: str) -> None:
    answer = heads.ask(kind, "/ptz/move", {"mode": "absolute", "pan": 0.5})
    assert (answer.status_code, answer.json()["error"]["field"]) == (501, "mode")


@pytest.mark.parametrize("kind", KINDS)
def test_a_button_that_is_let_go_or_left(
    heads: Heads, page: Callable[[str], Page], kind: str
) -> None:
    opened = page(kind)
    hold(opened, heads, kind)
    opened.mouse.up()
    heads.stops(kind)
    hold(opened, heads, kind)
    opened.mouse.move(5, 5)
    heads.stops(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_hidden_tab(heads: Heads, page: Callable[[str], Page], kind: str) -> None:
    opened = page(kind)
    hold(opened, heads, kind)
    opened.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { value: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    heads.stops(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_socket_that_drops(heads: Heads, page: Callable[[str], Page], kind: str) -> None:
    opened = page(kind)
    hold(opened, heads, kind)
    with contextlib.suppress(PlaywrightError):
        opened.goto("chrome://crash")  # so that no script has the time to say anything
    heads.stops(kind)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_web_process_that_ends(
    heads: Heads, page: Callable[[str], Page], number: signal.Signals
) -> None:
    hold(page("pelco_d"), heads, "pelco_d")
    heads.process("runweb").send_signal(number)
    heads.stops("pelco_d")
    heads.device.wait_until_ready()
    heads.wait_until_they_answer()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_media_process_that_ends(heads: Heads, number: signal.Signals) -> None:
    for kind in KINDS:
        heads.move(kind)
    heads.process("runmedia").send_signal(number)
    for kind in KINDS:
        heads.stops(kind)
    heads.device.wait_until_ready()
    heads.wait_until_they_answer()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_device_that_ends(heads: Heads, number: signal.Signals) -> None:
    for kind in KINDS:
        heads.move(kind)
    process = heads.device.process
    assert process is not None
    if number == signal.SIGKILL:
        os.killpg(process.pid, number)  # all of it at once
    else:
        process.send_signal(number)
    for kind in KINDS:
        heads.stops(kind)
    process.wait(LIMIT_S)
    heads.device.start().wait_until_ready()
    heads.wait_until_they_answer()


@pytest.mark.parametrize("kind", KINDS)
def test_a_cable_that_is_pulled_says_so_and_heals(
    heads: Heads, page: Callable[[str], Page], kind: str
) -> None:
    end = heads.ends[kind]
    heads.move(kind)
    end.pull_out()
    answer = heads.ask(kind, "/ptz/stop", {})
    assert (answer.status_code, answer.json()["error"]["kind"]) == (503, "unavailable")
    text = answer.json()["error"]["text"]
    assert f"The serial port {end.path} does not take commands" in text
    shown = heads.told(kind, "/api/v1/ptz")
    assert shown["moving"]  # nobody could tell it otherwise
    assert f"The serial port {end.path} does not take commands" in shown["trouble"]
    expect(page(kind).locator("[data-ptz-error]")).to_contain_text("does not take commands")
    end.plug_in()
    heads.stops(kind)  # by itself, since it could not be stopped before
    deadline = time.monotonic() + LIMIT_S
    while heads.told(kind, "/api/v1/ptz")["moving"] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert heads.told(kind, "/api/v1/ptz")["trouble"] == ""
    heads.move(kind, timeout_s=0.5)
    heads.came(kind, STOP[kind])
