"""A whole device: an input raised over REST, a rule behind it, a schedule; seen where they go."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect, sync_playwright

from tests.e2e.live_picture import manage
from tests.e2e.onvif_client import PullPoint
from tests.e2e.running_device import PASSWORD, RunningDevice
from tests.webui.browser.chromium import ARGUMENTS, CHROMIUM

pytestmark = pytest.mark.e2e

LIMIT_S = 30.0
INPUT, RELAY = "tns1:Device/Trigger/DigitalInput", "tns1:Device/Trigger/Relay"
ACTIVE = "tns1:Schedule/State/Active"
RULES = "rules:\n- {name: Horn, when: input, of: input2, output: 3, act: while}\n"
Message = tuple[str, str, dict[str, str]]


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    folder = tmp_path_factory.mktemp("automation")
    (folder / "config").mkdir()
    (folder / "config" / "user.yaml").write_text(RULES)
    with RunningDevice(folder, "test:") as running:
        for password in (PASSWORD + "!", PASSWORD):  # until it is changed REST stays closed
            manage(running, "users", "update", "admin", "--password", password)
        yield running


def get(device: RunningDevice, path: str) -> Any:
    """Also from a device that has only just begun: REST is there a little later than SOAP."""
    deadline = time.monotonic() + LIMIT_S
    while True:
        try:
            return post(device, path, None)
        except urllib.error.HTTPError as error:
            if error.code != 503 or time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def post(device: RunningDevice, path: str, body: Any) -> Any:
    request = urllib.request.Request(
        device.url + path,
        None if body is None else json.dumps(body).encode(),
        {
            "Content-Type": "application/json",
            "X-WSSE": f'UsernameToken username="admin" password="{PASSWORD}"',
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def pulled(point: PullPoint, wanted: Callable[[Message], bool]) -> Message:
    """The first message that is wanted; those before it are passed over."""
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        for message in point.pull(timeout_s=2):
            if wanted(message):
                return message
    raise AssertionError("the message did not come")


def inputs_page(playwright: Playwright, device: RunningDevice) -> Page:
    """In a browser that ends with playwright."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    page = browser.new_page(base_url=device.url)
    page.goto("/login/?next=/io/")
    page.fill("#id_username", "admin")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    return page


def test_an_input_raised_over_rest_is_pulled_and_on_the_open_page(device: RunningDevice) -> None:
    point = PullPoint(device, INPUT)
    with sync_playwright() as playwright:
        page = inputs_page(playwright, device)
        expect(page.locator("[data-link-live]")).to_be_visible(timeout=LIMIT_S * 1000)
        found = post(device, "/events/digital/input/1", {"state": True})
        assert found["state"] is True
        door = page.locator('[data-state="input1"]')
        expect(door).to_contain_text("Raised", timeout=LIMIT_S * 1000)
    raised = (INPUT, "Changed", {"LogicalState": "true"})
    assert pulled(point, lambda message: message == raised)


def test_a_rule_switches_an_output_while_an_input_is_raised(device: RunningDevice) -> None:
    point = PullPoint(device, RELAY)
    post(device, "/events/digital/input/2", {"state": True})
    on = (RELAY, "Changed", {"LogicalState": "active"})
    assert pulled(point, lambda message: message == on)
    post(device, "/events/digital/input/2", {"state": False})
    off = (RELAY, "Changed", {"LogicalState": "inactive"})
    assert pulled(point, lambda message: message == off)


def test_a_schedule_made_over_rest_begins_at_once(device: RunningDevice) -> None:
    point = PullPoint(device, ACTIVE)
    post(device, "/recording/schedules", {"name": "all week"})
    begun = (ACTIVE, "Initialized", {"Active": "true", "SpecialDay": "false"})
    assert pulled(point, lambda message: message == begun)


def test_a_power_cut_loses_no_acknowledged_input(device: RunningDevice) -> None:
    post(device, "/events/digital/input/4", {"state": True})
    post(device, "/events/digital/output/4", {"state": True})
    device.kill()
    device.start().wait_until_ready()
    found = {each["token"]: each["state"] for each in get(device, "/api/v1/digital")["channels"]}
    assert (found["input4"], found["output4"]) == (True, False)  # outputs begin idle
