"""A device with contacts and relays on pins, which the test wires, holds and takes away."""

import contextlib
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.e2e import wired_pins
from tests.e2e.running_device import PASSWORD, RunningDevice
from tests.e2e.test_ptz import manage

pytestmark = pytest.mark.e2e

LIMIT_S = 40.0
DOOR, BREAK, HORN, GATE = 17, 27, 22, 23
SETTINGS = {
    "digital_inputs": [
        {"channel_id": 1, "name": "Door", "pin": DOOR, "debounce_ms": 1000},
        {
            "channel_id": 2,
            "name": "Break",
            "pin": BREAK,
            "normal_state": "closed",
            "debounce_ms": 0,
        },
        {"channel_id": 3, "name": "Button"},
    ],
    "digital_outputs": [
        {"channel_id": 1, "name": "Horn", "pin": HORN, "delay_s": 0.5},
        {"channel_id": 2, "name": "Gate", "pin": GATE, "idle_state": "closed"},
    ],
}


class Wires:
    """device with its pins."""

    def __init__(self, device: RunningDevice, path: Path) -> None:
        self.device, self._path = device, path

    def say(self, word: str, pin: int) -> int:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.connect(str(self._path))
            with line.makefile("rw") as stream:
                stream.write(f"{word} {pin}\n")
                stream.flush()
                return int(stream.readline())

    def channels(self) -> dict[str, dict[str, Any]]:
        answer = httpx.get(f"{self.device.url}/api/v1/digital", headers=LOGIN, timeout=30)
        return {one["token"]: one for one in answer.json()["channels"]}

    def events(self, after: int | None = None) -> dict[str, Any]:
        query = {} if after is None else {"after": after}
        answer = httpx.get(
            f"{self.device.url}/events/pull", params=query, headers=LOGIN, timeout=30
        )
        found: dict[str, Any] = answer.json()
        return found

    def switch(self, channel: str, body: dict[str, Any]) -> httpx.Response:
        where = f"{self.device.url}/events/digital/{channel}"
        return httpx.post(where, json=body, headers=LOGIN, timeout=30)

    def until(self, look: Callable[[dict[str, dict[str, Any]]], bool]) -> dict[str, dict[str, Any]]:
        deadline = time.monotonic() + LIMIT_S
        while not look(found := self.channels()):
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        return found

    def pin_is(self, pin: int, state: int) -> None:
        deadline = time.monotonic() + LIMIT_S
        while self.say("state", pin) != state:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def start(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        self.device.start().wait_until_ready()
        self.until(lambda found: found["output2"]["kind"] != "")


LOGIN = {"X-WSSE": f'UsernameToken username="admin" password="{PASSWORD}"'}


@pytest.fixture(scope="module")
def wires(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wires]:
    folder = tmp_path_factory.mktemp("gpio")
    (folder / "config").mkdir()
    (folder / "config" / "user.yaml").write_text(yaml.safe_dump(SETTINGS))
    library = folder / "library"
    entry = library / "wired_pins-1.dist-info"
    entry.mkdir(parents=True)
    shutil.copy(wired_pins.__file__, library / "wired_pins.py")
    (entry / "METADATA").write_text("Metadata-Version: 2.1\nName: wired-pins\nVersion: 1\n")
    (entry / "entry_points.txt").write_text(
        "[gpiozero_pin_factories]\nwired = wired_pins:Factory\n"
    )
    with tempfile.TemporaryDirectory() as short:  # the path of a socket has 107 characters at most
        path = Path(short) / "pins"
        device = RunningDevice(
            folder,
            "test:",
            GPIOZERO_PIN_FACTORY="wired",
            PYTHONPATH=str(library),
            WIRED_PINS=str(path),
        )
        with device:
            for password in (PASSWORD + "!", PASSWORD):  # until it is changed REST stays closed
                manage(device, "users", "update", "admin", "--password", password)
            made = Wires(device, path)
            made.until(lambda found: found["output2"]["kind"] != "")
            yield made


def test_every_channel_says_what_it_is(wires: Wires) -> None:
    found = {name: (one["kind"], one["problem"]) for name, one in wires.channels().items()}
    assert found == {
        "input1": ("simulated", ""),
        "input2": ("simulated", ""),
        "input3": ("virtual", ""),
        "output1": ("simulated", ""),
        "output2": ("simulated", ""),
    }


def test_a_contact_is_told_once_it_is_still(wires: Wires) -> None:
    after = wires.events()["after"]
    wires.say("bounce", DOOR)
    wires.until(lambda found: found["input1"]["state"])
    wires.say("high", DOOR)
    wires.until(lambda found: not found["input1"]["state"])
    told = [
        one["data"]["LogicalState"]
        for one in wires.events(after)["events"]
        if one["source"] == {"InputToken": "input1"}
    ]
    assert told == ["true", "false"]  # the bouncing is one edge


def test_a_contact_that_is_normally_closed(wires: Wires) -> None:
    assert wires.channels()["input2"]["state"]  # nothing is wired: open
    wires.say("low", BREAK)
    wires.until(lambda found: not found["input2"]["state"])
    wires.say("high", BREAK)
    wires.until(lambda found: found["input2"]["state"])


def test_an_input_at_a_pin_is_not_set_over_rest(wires: Wires) -> None:
    answer = wires.switch("input/1", {"state": True})
    assert (answer.status_code, answer.json()["error"]["field"]) == (409, "state")


def test_a_relay_and_a_pulse(wires: Wires) -> None:
    assert (wires.say("state", HORN), wires.say("state", GATE)) == (0, 1)
    assert wires.switch("output/1", {"state": True, "pulse": True}).json()["state"] is True
    wires.pin_is(HORN, 0)  # by itself
    wires.until(lambda found: not found["output1"]["state"])
    assert wires.switch("output/2", {"state": True}).status_code == 200
    assert wires.say("state", GATE) == 0  # idle is closed
    assert wires.switch("output/2", {"state": False}).status_code == 200
    assert wires.say("state", GATE) == 1


def test_after_a_restart_outputs_are_idle_and_inputs_as_they_are_wired(wires: Wires) -> None:
    wires.switch("output/1", {"state": True})
    wires.pin_is(HORN, 1)
    wires.device.stop()
    wires.start()
    found = wires.channels()
    assert (wires.say("state", HORN), found["output1"]["state"]) == (0, False)
    assert (found["input1"]["state"], found["input2"]["state"]) == (False, True)


def test_a_pin_that_another_program_takes(wires: Wires) -> None:
    wires.say("take", HORN)
    answer = wires.switch("output/1", {"state": True})
    assert (answer.status_code, answer.json()["error"]["kind"]) == (503, "unavailable")
    assert answer.json()["error"]["text"].startswith("Pin 22 does not answer ('GPIO busy')")
    found = wires.channels()
    assert (found["output1"]["kind"], found["output1"]["state"]) == ("", False)
    assert "Pin 22" in found["output1"]["problem"]
    wires.say("take", DOOR)
    wires.until(lambda found: found["input1"]["kind"] == "")
    # The others go on.
    assert wires.switch("output/2", {"state": True}).status_code == 200
    assert wires.switch("output/2", {"state": False}).status_code == 200
    for pin in (HORN, DOOR):
        wires.say("free", pin)
    wires.until(
        lambda found: {found[name]["kind"] for name in ("output1", "input1")} == {"simulated"}
    )
    assert wires.switch("output/1", {"state": True}).status_code == 200
    assert wires.say("state", HORN) == 1
    assert wires.switch("output/1", {"state": False}).status_code == 200
