"""Multicast between two machines: two network namespaces with a cable. Needs root and iproute2."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.running_device import PASSWORD, RunningDevice

pytestmark = pytest.mark.e2e

HTTP_PORT, RTSP_PORT = 8000, 8554  # free: a namespace has ports of its own
LIMIT_S = 60.0
LISTEN = """
import socket, sys, time
group, port = sys.argv[1], int(sys.argv[2])
line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
line.bind((group, port))
member = socket.inet_aton(group) + socket.inet_aton("10.92.1.2")
line.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
line.settimeout(float(sys.argv[3]))
try:
    packets = [line.recv(2000) for _ in range(50)]
except TimeoutError:
    packets = []
print(len(packets), len({packet[8:12] for packet in packets}))
"""


class Far:
    """The device in one namespace; commands run in the other."""

    def __init__(self, device: RunningDevice, namespace: str) -> None:
        self.device, self._namespace = device, namespace

    def run(self, *command: str) -> str:
        done = subprocess.run(
            ["ip", "netns", "exec", self._namespace, *command],
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, operation: str, inner: str) -> str:
        envelope = (
            '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
            f'<{operation} xmlns="http://www.onvif.org/ver10/media/wsdl">{inner}</{operation}>'
            "</s:Body></s:Envelope>"
        )
        return self.run(
            "curl", "-s", "--digest", "-u", f"admin:{PASSWORD}", "--data", envelope,
            "-H", "Content-Type: application/soap+xml",
            f"http://10.92.1.1:{HTTP_PORT}/onvif/media_service",
        )  # fmt: skip

    def heard(self, group: str, port: str, patience_s: float) -> list[int]:
        """Packets heard, and how many senders they had."""
        words = self.run(sys.executable, "-c", LISTEN, group, port, str(patience_s))
        return [int(word) for word in words.split()]


class DeviceInNamespace(RunningDevice):
    def __init__(self, folder: Path, namespace: str) -> None:
        ports = {"SERVICE_PORT": str(HTTP_PORT), "RTSP_PORT": str(RTSP_PORT)}
        super().__init__(folder, "test:", **ports)
        self._namespace = namespace

    def start(self) -> "DeviceInNamespace":
        command = ["ip", "netns", "exec", self._namespace, sys.executable, "manage.py"]
        with (self.folder / "output.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "rundevice", "--source", "test:"],
                cwd=Path(__file__).parents[2],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def wait_until_ready(self) -> "DeviceInNamespace":
        deadline = time.monotonic() + LIMIT_S
        while "is ready" not in self.output:
            assert time.monotonic() < deadline, self.output
            time.sleep(0.1)
        return self


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Far]:
    near, other = (f"nvrmc{os.getpid()}{side}" for side in "ab")
    try:
        for namespace in (near, other):
            ip("netns", "add", namespace)
            ip("-n", namespace, "link", "set", "lo", "up")
        ip("-n", near, "link", "add", "eth0", "type", "veth", "peer", "eth0", "netns", other)
        for namespace, address in ((near, "10.92.1.1/24"), (other, "10.92.1.2/24")):
            ip("-n", namespace, "address", "add", address, "dev", "eth0")
            ip("-n", namespace, "link", "set", "eth0", "up")
            ip("-n", namespace, "route", "add", "default", "dev", "eth0")
        with DeviceInNamespace(tmp_path / "device", near) as device:
            yield Far(device, other)
    finally:
        for namespace in (near, other):
            subprocess.run(["ip", "netns", "delete", namespace], check=False, capture_output=True)


def test_streams_reach_their_group_by_rtsp_and_without(far: Far) -> None:
    for path, codec in (("profile1", "h264"), ("jpeg1", "mjpeg")):
        found = far.run(
            "ffprobe", "-v", "error", "-rtsp_transport", "udp_multicast", "-of", "json",
            "-show_entries", "stream=codec_name",
            f"rtsp://admin:{PASSWORD}@10.92.1.1:{RTSP_PORT}/{path}",
        )  # fmt: skip
        assert [one["codec_name"] for one in json.loads(found)["streams"]] == [codec]
    told = far.ask("GetVideoEncoderConfiguration", "<ConfigurationToken>main1</ConfigurationToken>")
    (group,) = re.findall("<tt:IPv4Address>(.*?)<", told)
    (port,) = re.findall("<tt:Port>(.*?)<", told)
    profile = "<ProfileToken>profile1</ProfileToken>"
    far.ask("StartMulticastStreaming", profile)
    assert far.heard(group, port, 20) == [50, 1]
    far.ask("StopMulticastStreaming", profile)
    time.sleep(2)
    assert far.heard(group, port, 2) == [0, 0]
