"""Several sources at once: what happens to one of them costs the others no frame."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.drain import Drain, draining
from tests.e2e.running_device import ROOT, RunningDevice

pytestmark = pytest.mark.e2e

LIMIT_S = 60.0
COMMAND = (
    "from nvrdevice.audit import trail\n"
    "from nvrdevice.media import sources\n"
    "import os\n"
    "sources.change_source('source4', trail.DEVICE, uri=os.environ['NEW_URI'])"
)


def until(happened: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def change_fourth(device: RunningDevice, uri: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", COMMAND],
        cwd=ROOT,
        env={**device.environment, "NEW_URI": uri},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def plays(device: RunningDevice) -> bool:
    """Whether the fourth source's main stream gives pictures to a new client."""
    try:
        with draining(device.rtsp("profile7")) as (drain,):
            until(lambda: drain.pictures > 5 or bool(drain.ended), "the fourth source")
            return drain.pictures > 5
    except ConnectionError:
        return False


def go_on(drains: list[Drain]) -> None:
    """Until each of them got another second of pictures."""
    seen = [drain.pictures for drain in drains]
    until(
        lambda: all(
            drain.pictures > before + 10 for drain, before in zip(drains, seen, strict=True)
        ),
        f"the others play on: {[drain.ended for drain in drains]}",
    )


def test_one_is_killed_changed_and_brought_back_and_the_others_lose_nothing(
    tmp_path: Path,
) -> None:
    clip = tmp_path / "clip.mp4"
    make = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25"]
    subprocess.run([*make, "-frames:v", "100", "-pix_fmt", "yuv420p", str(clip)], check=True)
    camera = RunningDevice(tmp_path / "camera", "test:")
    with (
        camera,
        RunningDevice(
            tmp_path / "device", "test:", "test:", clip.as_uri(), camera.rtsp("profile2")
        ) as device,
    ):
        until(lambda: plays(device), "the camera is shown")
        paths = ("profile1", "profile2", "profile3", "profile5")
        with draining(*(device.rtsp(path) for path in paths)) as others:
            go_on(others)
            camera.kill()
            go_on(others)
            change_fourth(device, "test:")
            until(lambda: plays(device), "the changed source is shown")
            camera.start().wait_until_ready()
            change_fourth(device, camera.rtsp("profile2"))
            until(lambda: plays(device), "the camera is back")
            go_on(others)
            assert [(one.gaps, one.ended) for one in others] == [(0, "")] * len(others)
