"""RTSP inside TLS, on its own port: the same streams, the same users, the same end for them."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.gstreamer_player import pictures
from tests.e2e.running_device import PASSWORD, ROOT, RunningDevice
from tests.e2e.test_removed_user import users
from tests.e2e.test_streams import probe
from tests.e2e.tunnel_client import PlainClient, unverified
from tests.ports import free_port

pytestmark = pytest.mark.e2e

LIMIT_S = 30.0
RENEW = (
    "from nvrdevice.audit.trail import DEVICE; from nvrdevice.system.tls import changing; "
    "changing.renew(by=DEVICE)"
)


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    folder: Path = tmp_path_factory.mktemp("rtsps")
    with RunningDevice(folder, "test:") as running:
        yield running.wait_until_it_shows()


def client(device: RunningDevice, username: str = "admin") -> PlainClient:
    return PlainClient(device.rtsps_port, "profile2", tls=True, username=username)


def manage(device: RunningDevice, *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=device.environment, check=True, capture_output=True)


def shown(device: RunningDevice) -> bytes:
    """The certificate that a new client is shown."""
    line = socket.create_connection(("127.0.0.1", device.rtsps_port), LIMIT_S)
    with unverified().wrap_socket(line) as secure:
        return secure.getpeercert(binary_form=True) or b""


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_ffprobe_plays_inside_tls(device: RunningDevice, host: str) -> None:
    uri = device.rtsps("profile2").replace("127.0.0.1", host)
    found = probe(uri, "tcp")
    assert (found["codec_name"], found["width"]) == ("h264", 640)


def test_gstreamer_plays_inside_tls(device: RunningDevice, tmp_path: Path) -> None:
    assert pictures(device.rtsps("profile2"), tmp_path / "received.h264", goal=50) >= 50


@pytest.mark.parametrize("login", ["admin:wrong-password", "nobody:nothing"])
def test_without_the_right_password_there_is_no_picture(device: RunningDevice, login: str) -> None:
    with pytest.raises(AssertionError, match="401"):
        probe(device.rtsps(login=login), "tcp")


@pytest.mark.parametrize(
    "transport",
    [
        "RTP/AVP;unicast;client_port=5000-5001",
        "RTP/AVP/UDP;unicast;client_port=5000-5001",
        "RTP/AVP;multicast",
        "RTP/AVP/TCP;unicast;interleaved=0-1,RTP/AVP;unicast;client_port=5000-5001",
    ],
)
def test_pictures_do_not_leave_tls(device: RunningDevice, transport: str) -> None:
    with client(device) as one:
        with pytest.raises(AssertionError, match="461"):
            one.play(transport)
        one.play()
        assert one.pictures(20) == 20


def test_a_removed_user_is_cut_off(device: RunningDevice) -> None:
    users(device, "create", "vera", PASSWORD, "--roles", "viewer")
    with client(device, "vera") as hers, client(device) as other:
        hers.play()
        other.play()
        users(device, "delete", "vera")
        assert hers.ended()
        assert len(other.packets(100)) == 100


def test_a_new_certificate_is_shown_and_nobody_is_cut_off(device: RunningDevice) -> None:
    before = shown(device)
    with client(device) as one:
        one.play()
        manage(device, "shell", "-c", RENEW)
        deadline = time.monotonic() + LIMIT_S
        while shown(device) == before:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert len(one.packets(100)) == 100
        assert one.ask("GET_PARAMETER").status == 200


def test_a_taken_port_leaves_everything_else(tmp_path: Path) -> None:
    port = free_port()
    with (
        socket.create_server(("0.0.0.0", port)),
        RunningDevice(tmp_path, "test:", RTSPS_PORT=str(port)) as running,
    ):
        running.wait_until_it_shows()
        assert f"The RTSPS port {port} is taken by another program" in running.output


def test_the_greeting_says_where(device: RunningDevice) -> None:
    line = rf"Encrypted: rtsps://\S+:{device.rtsps_port}/profile1"
    deadline = time.monotonic() + LIMIT_S
    while not re.search(line, device.output):
        assert time.monotonic() < deadline, device.output
        time.sleep(0.1)
