"""Real footage moves, and a pull point hears of it; noise and a lamp do not count as motion."""

import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.onvif_client import PullPoint
from tests.e2e.running_device import RunningDevice

pytestmark = pytest.mark.e2e

WALKERS = Path("/usr/share/doc/opencv-doc/examples/data/vtest.avi")
FOOTAGE_LIMIT_S = 150
QUIET_S = 40

# Seconds of a still picture with sensor noise; from second 12 a lamp lights it, softly.
LAMP = (
    "testsrc2=size=640x360:rate=10:duration=24,trim=end_frame=1,loop=loop=239:size=1,"
    "setpts=N/10/TB,noise=alls=14:allf=t,eq=brightness='if(gt(t,12),0.16,0)':eval=frame"
)


def motion_states(messages: list[tuple[str, str, dict[str, str]]]) -> list[str]:
    return [
        data["State"]
        for topic, operation, data in messages
        if topic == "tns1:VideoSource/MotionAlarm" and operation == "Changed"
    ]


def test_people_walking_start_and_end_motion(tmp_path: Path) -> None:
    with RunningDevice(tmp_path, f"file://{WALKERS}") as device:
        pull_point = PullPoint(device, "tns1:VideoSource/MotionAlarm")
        seen: list[str] = []
        deadline = time.monotonic() + FOOTAGE_LIMIT_S
        while time.monotonic() < deadline and not {"true", "false"} <= set(seen):
            seen += motion_states(pull_point.pull(timeout_s=10))
    assert seen[:2] == ["true", "false"]


def test_noise_and_a_lamp_are_no_motion(tmp_path: Path) -> None:
    clip = tmp_path / "lamp.mp4"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", LAMP, "-c:v", "libx264",
         "-preset", "ultrafast", "-bf", "0", "-g", "20", str(clip)],
        check=True, timeout=60,
    )  # fmt: skip
    with RunningDevice(tmp_path, f"file://{clip}") as device:
        pull_point = PullPoint(device, "tns1:VideoSource/MotionAlarm")
        seen: list[str] = []
        deadline = time.monotonic() + QUIET_S
        while time.monotonic() < deadline:
            seen += motion_states(pull_point.pull(timeout_s=10))
    assert seen == []
