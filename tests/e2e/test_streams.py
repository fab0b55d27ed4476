"""ffprobe pulls every profile over each transport at the announced size and rate."""

import json
import subprocess
from typing import Any

import pytest

from tests.e2e.running_device import RunningDevice
from tests.e2e.tunnel_client import PlainClient

pytestmark = pytest.mark.e2e

PROBE_LIMIT_S = 30


def probe(uri: str, transport: str) -> dict[str, Any]:
    """The first video stream as ffprobe sees it; AssertionError with its words if it cannot."""
    command = [
        "ffprobe", "-v", "error", "-rtsp_transport", transport, "-select_streams", "v:0",
        "-show_entries", "stream=codec_name,width,height,avg_frame_rate,r_frame_rate",
        "-of", "json", uri,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=PROBE_LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    stream: dict[str, Any] = json.loads(done.stdout)["streams"][0]
    return stream


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize(
    ("path", "size"), [("profile1", (1280, 720)), ("profile2", (640, 360))], ids=["main", "sub"]
)
def test_a_profile_is_h264_of_its_size_and_rate(
    device: RunningDevice, path: str, size: tuple[int, int], transport: str
) -> None:
    stream = probe(device.rtsp(path), transport)
    assert stream["codec_name"] == "h264"
    assert (stream["width"], stream["height"]) == size
    assert stream["r_frame_rate"] == "25/1"


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_the_jpeg_profile_is_jpeg_of_its_size_and_rate(
    device: RunningDevice, transport: str
) -> None:
    stream = probe(device.rtsp("jpeg1"), transport)
    assert (stream["codec_name"], stream["width"], stream["height"]) == ("mjpeg", 640, 360)
    assert stream["r_frame_rate"] == "5/1"


@pytest.mark.parametrize("login", ["admin:wrong-password", "nobody:nothing", ":"])
def test_without_the_right_password_there_is_no_picture(device: RunningDevice, login: str) -> None:
    with pytest.raises(AssertionError, match="401"):
        probe(device.rtsp(login=login), "tcp")


def test_an_unknown_path_is_not_found(device: RunningDevice) -> None:
    with pytest.raises(AssertionError, match="404"):
        probe(device.rtsp("profile99"), "tcp")


@pytest.mark.parametrize(
    "transport",
    ["garbage", "RTP/AVP;unicast", "RTP/AVP;unicast;client_port=99999-100000"],
)
def test_a_transport_that_cannot_be_served_is_refused_and_the_next_is_taken(
    device: RunningDevice, transport: str
) -> None:
    with PlainClient(device.rtsp_port, "profile2") as one:
        with pytest.raises(AssertionError, match="461"):
            one.play(transport)
        one.play()
        assert one.pictures(20) == 20


@pytest.mark.parametrize(
    "transport", ["RTP/AVP;unicast;client_port=5000-5001", "RTP/AVP;multicast"]
)
def test_what_plays_keeps_its_transport(device: RunningDevice, transport: str) -> None:
    with PlainClient(device.rtsp_port, "profile2") as one:
        one.play()
        again = one.ask("SETUP", f"{one.url}/stream=0", f"Transport: {transport}")
        assert again.status == 455
        assert one.pictures(20) == 20


def test_a_client_is_told_how_long_its_session_lasts(device: RunningDevice) -> None:
    with PlainClient(device.rtsp_port, "profile2") as one:
        transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"
        answer = one.ask("SETUP", f"{one.url}/stream=0", transport)
        assert answer.headers["session"] == f"{one.session};timeout=60"
