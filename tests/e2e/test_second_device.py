"""A second device takes the first as its camera, passed through, and hears when it goes away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.onvif_client import PullPoint
from tests.e2e.running_device import RunningDevice
from tests.e2e.test_home_assistant import jpeg_size
from tests.e2e.test_streams import probe

pytestmark = pytest.mark.e2e


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[RunningDevice]:
    with RunningDevice(tmp_path / "camera", "test:") as running:
        yield running.wait_until_it_shows()


def signal_losses(pull_point: PullPoint) -> list[str]:
    return [data["State"] for _, operation, data in pull_point.pull(20) if operation == "Changed"]


def test_it_shows_the_camera_and_follows_its_loss_and_return(
    camera: RunningDevice, tmp_path: Path
) -> None:
    with RunningDevice(tmp_path / "second", camera.rtsp()) as second:
        stream = probe(second.wait_until_it_shows().rtsp(), "tcp")
        assert (stream["codec_name"], stream["width"], stream["height"]) == ("h264", 1280, 720)
        assert probe(second.rtsp("profile2"), "udp")["height"] == 360
        assert jpeg_size(snapshot(second)) == (1280, 720)
        pull_point = PullPoint(second, "tns1:VideoSource/SignalLoss")
        pull_point.pull(1)
        camera.kill()
        assert signal_losses(pull_point) == ["true"]
        camera.start().wait_until_ready()
        assert signal_losses(pull_point) == ["false"]
        assert probe(second.wait_until_it_shows().rtsp(), "tcp")["width"] == 1280


def test_the_cameras_password_is_written_nowhere(camera: RunningDevice, tmp_path: Path) -> None:
    folder = tmp_path / "second"
    with RunningDevice(folder, camera.rtsp(), NVR_ADMIN_PASSWORD="another-password") as second:
        second.wait_until_it_shows()
    texts = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert [text for text in texts if b"picture-of-a-door" in text] == []


def snapshot(device: RunningDevice) -> bytes:
    import httpx

    from tests.e2e.running_device import PASSWORD

    answer = httpx.get(
        f"{device.url}/onvif/snapshot/profile1", auth=httpx.DigestAuth("admin", PASSWORD)
    )
    assert answer.status_code == 200
    return answer.content
