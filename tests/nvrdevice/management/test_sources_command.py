"""./nvr manage sources: the cameras that are here, and the state of the configured ones."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from nvrdevice.audit import trail
from nvrdevice.management import device_checks
from nvrdevice.media import facts, sources
from nvrdevice.media.engine import local_cameras
from nvrdevice.media.engine.local_cameras import Found
from nvrdevice.media.engine.local_modes import Mode

MODES = (
    Mode(format="MJPEG", width=640, height=480, fps=15.0),
    Mode(format="MJPEG", width=1280, height=720, fps=30.0),
    Mode(format="MJPEG", width=640, height=480, fps=30.0),
)
WEBCAM = Found(uri="v4l2:/dev/video0", name="UVC Camera", modes=MODES)
SHUT = Found(uri="v4l2:/dev/video2", name="Other", trouble="This user may not open it.")
ONLINE = facts.Facts(
    uri="v4l2:/dev/video0", width=1280, height=720, fps=30.0, codec="MJPEG", online=True
)


@pytest.fixture(autouse=True)
def machine(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_cameras, "look", lambda: [WEBCAM, SHUT])
    sources.set_sources(["v4l2:/dev/video0", "rtsp://u:secret@192.168.1.20/a"], trail.DEVICE)
    facts.write("source1", ONLINE)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, running: bool = True) -> str:
    monkeypatch.setattr(device_checks, "is_running", lambda: running)
    out = io.StringIO()
    call_command("sources", *arguments, stdout=out)
    return out.getvalue()


def test_what_a_person_reads(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    assert run(monkeypatch).splitlines() == [
        "Cameras of this machine",
        "  v4l2:/dev/video0  UVC Camera, used as source1",
        "    MJPEG  1280 x 720, 30 per second",
        "    MJPEG  640 x 480, 30 per second",
        "  v4l2:/dev/video2  Other",
        "    This user may not open it.",
        "",
        f"Configured sources ({settings.NVR_CONFIG_DIR / 'media.yaml'})",
        "  source1  Camera  v4l2:/dev/video0",
        "    online: MJPEG 1280 x 720, 30 per second, encoded here",
        "  source2  192.168.1.20  rtsp://192.168.1.20/a",
        "    unknown: It was not seen yet.",
    ]


def test_json_for_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    found = json.loads(run(monkeypatch, "--json"))
    assert found["cameras"][0]["modes"] == [
        {"format": "MJPEG", "width": 1280, "height": 720, "fps": 30.0},
        {"format": "MJPEG", "width": 640, "height": 480, "fps": 30.0},
    ]
    assert [source["state"] for source in found["sources"]] == ["online", "unknown"]


def test_what_was_measured_before_is_no_state_of_a_stopped_device(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = json.loads(run(monkeypatch, "--json", running=False))
    assert (found["sources"][0]["state"], found["sources"][0]["reason"]) == (
        "unknown",
        "The device is not running.",
    )


def test_a_camera_that_the_device_has_open_is_listed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_cameras, "look", list)
    (camera,) = json.loads(run(monkeypatch, "--json"))["cameras"]
    assert (camera["uri"], camera["source"], camera["modes"]) == ("v4l2:/dev/video0", "source1", [])
    assert json.loads(run(monkeypatch, "--json", running=False))["cameras"] == []
