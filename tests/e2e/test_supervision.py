"""A crash of one process leaves the others serving and heals; the end is clean."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.e2e.running_device import RunningDevice
from tests.e2e.test_streams import probe

pytestmark = pytest.mark.e2e

HEAL_LIMIT_S = 30


@pytest.fixture
def own_device(tmp_path: Path) -> Iterator[RunningDevice]:
    with RunningDevice(tmp_path, "test:") as running:
        yield running


def child(device: RunningDevice, command: str) -> psutil.Process:
    assert device.process is not None
    for process in psutil.Process(device.process.pid).children(recursive=True):
        if command in process.cmdline():
            return process
    raise AssertionError(f"no process runs {command}")


@pytest.mark.parametrize("command", ["runweb", "runmedia"])
def test_a_killed_process_is_back_by_itself(own_device: RunningDevice, command: str) -> None:
    before = child(own_device, command)
    before.kill()
    deadline = time.monotonic() + HEAL_LIMIT_S
    while time.monotonic() < deadline:
        time.sleep(0.2)
        try:
            if child(own_device, command).pid != before.pid:
                break
        except (AssertionError, psutil.NoSuchProcess):
            continue
    own_device.wait_until_ready().wait_until_it_shows()
    assert probe(own_device.rtsp(), "tcp")["width"] == 1280


def test_each_process_has_its_name_and_its_log(own_device: RunningDevice) -> None:
    assert own_device.process is not None
    own = own_device.process.pid
    assert [child(own_device, name).ppid() for name in ("runweb", "runmedia")] == [own] * 2
    folder, wanted = own_device.folder / "var" / "log", {"device.log", "media.log", "web.log"}
    deadline = time.monotonic() + HEAL_LIMIT_S
    while (logs := {path.name for path in folder.iterdir()}) != wanted:
        assert time.monotonic() < deadline, logs  # lines are gathered before they are written
        time.sleep(0.05)


def test_sigterm_ends_every_process(own_device: RunningDevice) -> None:
    assert own_device.process is not None
    family = psutil.Process(own_device.process.pid).children(recursive=True)
    assert len(family) >= 2
    assert own_device.stop() == 0
    _, alive = psutil.wait_procs(family, timeout=1)
    assert alive == []


def test_no_orphan_outlives_a_killed_parent(own_device: RunningDevice) -> None:
    assert own_device.process is not None
    family = psutil.Process(own_device.process.pid).children(recursive=True)
    own_device.process.send_signal(signal.SIGKILL)
    own_device.process.wait(10)
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []


def test_it_starts_again_after_a_power_cut(own_device: RunningDevice) -> None:
    own_device.kill()
    own_device.start().wait_until_ready().wait_until_it_shows()
    assert probe(own_device.rtsp(), "tcp")["codec_name"] == "h264"


def test_a_second_signal_does_not_leave_it_hanging(own_device: RunningDevice) -> None:
    assert own_device.process is not None
    own_device.process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    own_device.process.send_signal(signal.SIGINT)
    try:
        own_device.process.wait(12)
    except subprocess.TimeoutExpired:
        own_device.kill()
        raise


def test_a_process_that_hangs_is_not_called_live_and_is_back_by_itself(
    own_device: RunningDevice,
) -> None:
    before = child(own_device, "runmedia")
    before.suspend()
    _, alive = psutil.wait_procs([before], timeout=120)
    assert alive == [], own_device.output
    own_device.wait_until_it_shows()
    assert "media hung for 30 s and was ended" in own_device.output  # said before it began anew
