"""The owner's command line, typed as the README shows it, beside a running device."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running_device import ROOT, RunningDevice

pytestmark = pytest.mark.e2e

PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    with RunningDevice(tmp_path_factory.mktemp("device"), "test:") as running:
        wait_for_picture(running)
        yield running


def wait_for_picture(device: RunningDevice) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        (source,) = answer(device, "./nvr manage sources --json")["sources"]
        if source["state"] == "online":
            return
    raise AssertionError(f"the source did not come online:\n{device.output}")


def typed(
    device: RunningDevice, line: str, standard_input: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        line,
        shell=True,
        cwd=ROOT,
        env=device.environment,
        input=standard_input,
        capture_output=True,
        text=True,
        timeout=120,
    )


def answer(device: RunningDevice, line: str, standard_input: str = "") -> Any:
    done = typed(device, line, standard_input)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_owner_s_lines(device: RunningDevice) -> None:
    users = "./nvr manage users"
    made = typed(device, f"{users} create alice s3cret --roles admin operator")
    assert (made.returncode, made.stdout) == (0, "alice was created.\n")
    listed = answer(device, f"{users} list --json")
    assert [(each["username"], each["roles"]) for each in listed] == [
        ("admin", ["admin"]),
        ("alice", ["operator", "admin"]),
    ]
    changed = answer(device, f"{users} update alice --password newpass --roles viewer --json")
    assert changed["roles"] == ["viewer"]
    assert "alice" in typed(device, f"{users} list").stdout
    assert "alice" in (device.folder / "config" / "users.yaml").read_text()
    assert typed(device, f"{users} delete alice").stdout == "alice was deleted.\n"
    again = typed(device, f"{users} delete alice")
    assert (again.returncode, again.stderr) == (2, "nvr: There is no user 'alice'.\n")


def test_a_password_comes_on_standard_input(device: RunningDevice) -> None:
    made = answer(device, "./nvr manage users create bob --json", "piped-secret\n")
    assert (made["username"], made["roles"]) == ("bob", ["viewer"])


def test_the_check_of_a_running_device(device: RunningDevice) -> None:
    found = answer(device, "./nvr manage checkdevice --json")
    told = {check["id"]: check["status"] for check in found["checks"]}
    for id in ("machine", "packages", "folders", "ports", "database", "media_process", "device"):
        assert told[f"nvrdevice.{id}"] == "ok"


def test_the_sources_of_a_running_device(device: RunningDevice) -> None:
    (source,) = answer(device, "./nvr manage sources --json")["sources"]
    assert (source["uri"], source["state"], source["width"]) == ("test:", "online", 1280)


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    stopped = RunningDevice(tmp_path)
    found = answer(stopped, "./nvr manage checkdevice --json")
    assert "The device is not running" in found["checks"][-1]["text"]
    refused = typed(stopped, "./nvr manage users list")
    assert refused.stderr == "nvr: There are no users yet: start the device once with ./nvr run.\n"
    assert not (tmp_path / "var" / "nvrdevice.sqlite3").exists()


def test_the_device_is_discovered_with_its_streams(device: RunningDevice) -> None:
    made = typed(device, "./nvr manage users create eve eve-secret")
    assert made.returncode == 0
    line = "./nvr manage discover --interface lo --user eve --json"
    (found,) = answer(device, line, "eve-secret\n")["devices"]
    assert (found["this_device"], found["trouble"]) == (True, "")
    assert [stream["uri"] for stream in found["streams"][:2]] == [
        f"rtsp://127.0.0.1:{device.rtsp_port}/profile1",
        f"rtsp://127.0.0.1:{device.rtsp_port}/profile2",
    ]
    assert (found["streams"][0]["width"], found["manufacturer"]) == (1280, "NVR Device")


def test_a_wrong_password_is_told_in_words(device: RunningDevice) -> None:
    done = typed(device, "./nvr manage discover --interface lo --user eve", "not-the-one\n")
    assert "It does not let in the user 'eve' with this password." in done.stdout


def test_strangers_are_told_what_can_be_told(device: RunningDevice) -> None:
    done = typed(device, "./nvr manage discover --interface lo")
    assert done.stdout.splitlines() == [
        "Network Camera (this device)",
        f"  {device.url}/onvif/device_service",
        "  It tells its streams only to its users: give one with --user.",
    ]


def test_an_unknown_interface_is_refused(device: RunningDevice) -> None:
    done = typed(device, "./nvr manage discover --interface eth99")
    assert done.returncode == 2
    assert done.stderr.startswith("nvr: There is no interface 'eth99' here: give one of ")
