"""An input raised over REST, wherever it goes: a pull point, the open page, a recording with the
seconds before, which plays in ffprobe and in Chromium. By the camera's own setting, and by a rule.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from nvrdevice.recordings import segment_file
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.segment_file import NS_S
from tests.e2e.live_picture import manage
from tests.e2e.onvif_client import PullPoint
from tests.e2e.running_device import PASSWORD, RunningDevice
from tests.e2e.test_automation import INPUT, LIMIT_S, get, inputs_page, post, pulled
from tests.e2e.test_recording import decodes, until

pytestmark = pytest.mark.e2e

PRE_S = 4.0
MEDIA = f"""\
sources: [{{token: source1, name: Test picture, uri: 'test:'}}]
motion: {{enabled: false}}
recording:
  cameras: [{{source: source1, mode: input, inputs: [input1], pre_s: {PRE_S}, post_s: 3}}]
"""
RULES = "rules:\n- {name: Gate, when: input, of: input2, do: recording, camera: source1}\n"
FRAMES = "document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"
POSITION = "document.querySelector('video').currentTime"


@dataclass
class Scene:
    device: RunningDevice
    page: Page

    def raise_input(self, number: int, *, raised: bool) -> None:
        post(self.device, f"/events/digital/input/{number}", {"state": raised})

    def state(self) -> str:
        return str(get(self.device, "/recording/jobs")["jobs"][0]["state"])

    def record(self, number: int) -> int:
        """Raise an input until it is recorded, and lower it; when it was raised."""
        raised_ns = time.time_ns()
        self.raise_input(number, raised=True)
        until(lambda: self.state() == "Active")
        begun_s = time.monotonic()
        until(lambda: time.monotonic() > begun_s + 2)  # so long it lasts
        self.raise_input(number, raised=False)
        until(lambda: self.state() == "Idle")
        return raised_ns


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("input")
    (folder / "config").mkdir()
    (folder / "config" / "media.yaml").write_text(MEDIA)
    (folder / "config" / "user.yaml").write_text(RULES)
    with RunningDevice(folder) as device, sync_playwright() as playwright:
        for password in (PASSWORD + "!", PASSWORD):  # until it is changed REST stays closed
            manage(device, "users", "update", "admin", "--password", password)
        device.wait_until_it_shows()
        made = Scene(device, inputs_page(playwright, device))
        made.record(1)  # from now on the stream is kept, so there is a past
        begun_s = time.monotonic()
        until(lambda: time.monotonic() > begun_s + 2 * PRE_S)
        yield made


@pytest.mark.parametrize("number", [1, 2], ids=["the camera's setting", "a rule"])
def test_an_input_is_pulled_shown_recorded_and_played(scene: Scene, number: int) -> None:
    place = Folder(scene.device.folder / "var" / "recordings")
    before = set(place.segments())
    point = PullPoint(scene.device, INPUT)
    scene.page.goto("/io/")
    expect(scene.page.locator("[data-link-live]")).to_be_visible(timeout=LIMIT_S * 1000)
    shown = scene.page.locator(f'[data-state="input{number}"]')
    expect(shown).not_to_contain_text("Raised")
    raised_ns = time.time_ns()
    scene.raise_input(number, raised=True)
    raised = (INPUT, "Changed", {"LogicalState": "true"})
    assert pulled(point, lambda message: message == raised)
    expect(shown).to_contain_text("Raised", timeout=LIMIT_S * 1000)
    scene.record(number)
    (path,) = set(place.segments()) - before
    file = place.absolute(path)
    found = segment_file.read(file)
    assert found.closed
    assert raised_ns - found.label.start_ns >= (PRE_S - 0.5) * NS_S
    assert found.end_ns > raised_ns + 2 * NS_S
    assert decodes(file) == len(found.parts)
    _plays(scene.page, found.label.start_ns // 1_000_000)


def _plays(page: Page, from_ms: int) -> None:
    """Really: pictures are decoded, and time goes on, to before the end."""
    page.goto(f"/playback/?source=source1&t={from_ms}")
    expect(page.locator("[data-play]")).to_have_text("Pause", timeout=LIMIT_S * 1000)
    until(lambda: page.evaluate(FRAMES) > 5)
    began_s, frames = page.evaluate(POSITION), page.evaluate(FRAMES)
    until(lambda: page.evaluate(POSITION) > began_s + 1.5)
    until(lambda: page.evaluate(FRAMES) > frames + 10)
    assert page.evaluate("document.querySelector('video').videoWidth") == 1280
    assert page.evaluate("document.querySelector('video').error") is None
