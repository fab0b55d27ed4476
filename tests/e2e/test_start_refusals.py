"""What cannot work ends in one clear sentence with the remedy, never in a traceback."""

import socket
import subprocess
from pathlib import Path

import pytest

from tests.e2e.running_device import RunningDevice

pytestmark = pytest.mark.e2e


def refusal(device: RunningDevice) -> str:
    """The last words of a device that must not start; its exit code must tell so too."""
    device.start()
    assert device.process is not None
    try:
        assert device.process.wait(30) == 2
    except subprocess.TimeoutExpired:
        device.kill()
        raise
    assert "Traceback" not in device.output
    return device.output.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("webcam", "webcam"),
        ("file:///no/such/clip.mp4", "/no/such/clip.mp4"),
        ("rtsp://", "rtsp://"),
        ("http://camera/", "http"),
    ],
)
def test_a_wrong_source(tmp_path: Path, source: str, words: str) -> None:
    assert words in refusal(RunningDevice(tmp_path, source))


def test_a_taken_web_port(tmp_path: Path) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        device = RunningDevice(tmp_path, "test:", SERVICE_PORT=str(taken.getsockname()[1]))
        device.http_port = taken.getsockname()[1]
        last = refusal(device)
    assert str(device.http_port) in last
    assert "SERVICE_PORT" in last


def test_a_taken_rtsp_port(tmp_path: Path) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        device = RunningDevice(tmp_path, "test:", RTSP_PORT=str(taken.getsockname()[1]))
        device.rtsp_port = taken.getsockname()[1]
        last = refusal(device)
    assert str(device.rtsp_port) in last
    assert "RTSP_PORT" in last


def test_a_data_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file stands where the folder should be")
    last = refusal(RunningDevice(tmp_path, "test:"))
    assert str(tmp_path / "var") in last
    assert "NVR_DATA_DIR" in last


def test_a_port_that_is_no_number(tmp_path: Path) -> None:
    last = refusal(RunningDevice(tmp_path, "test:", SERVICE_PORT="eighty"))
    assert last == "nvr: SERVICE_PORT is 'eighty': give a whole number from 1 to 65535."
