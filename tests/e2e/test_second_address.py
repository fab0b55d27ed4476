"""A camera with a second address: its own small stream is played, and decoded in place of the
large one."""

import time
from pathlib import Path

import httpx
import pytest

from tests.e2e.drain import draining
from tests.e2e.running_device import PASSWORD, RunningDevice
from tests.e2e.test_home_assistant import jpeg_size
from tests.e2e.test_streams import probe

pytestmark = pytest.mark.e2e

LIMIT_S = 30
MEDIA = """sources:
- token: source1
  uri: {main}
  sub_uri: {sub}
"""


def snapshot_size(device: RunningDevice) -> tuple[int, int] | None:
    login = httpx.DigestAuth("admin", PASSWORD)
    answer = httpx.get(f"{device.url}/onvif/snapshot/profile1", auth=login)
    return jpeg_size(answer.content) if answer.status_code == 200 else None


def test_it_is_played_and_decoded(device: RunningDevice, tmp_path: Path) -> None:
    folder = tmp_path / "second"
    (folder / "config").mkdir(parents=True)
    written = folder / "config" / "media.yaml"
    written.write_text(MEDIA.format(main=device.rtsp("profile1"), sub=device.rtsp("profile2")))
    with RunningDevice(folder) as second:
        deadline = time.monotonic() + LIMIT_S
        while snapshot_size(second) != (640, 360):  # not the 1280x720 of the main stream
            assert time.monotonic() < deadline
            time.sleep(0.5)
        assert probe(second.wait_until_it_shows().rtsp("profile1"), "tcp")["height"] == 720
        assert probe(second.rtsp("profile2"), "tcp")["height"] == 360
        assert probe(second.rtsp("jpeg1"), "tcp")["codec_name"] == "mjpeg"
        with draining(second.rtsp("profile2")) as (drain,):
            while drain.pictures < 25:
                assert time.monotonic() < deadline + LIMIT_S
                time.sleep(0.1)
        assert drain.gaps == 0
        assert PASSWORD not in written.read_text()
