"""A device with two networks and a container bridge: each client hears its own side's address.

Three network namespaces of this machine: the device, and a client at the other end of each of
its two cables. Needs root and the `ip` of iproute2, as the whole machine's tests do.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e
PORT, WEB_PORT = 3702, 8000  # free: a namespace has ports of its own
SCRIPT = "tests.nvrdevice.discovery.process_in_namespace"
PATIENCE_S = 20.0
SERVICE = ":8000/onvif/device_service"


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Network:
    """device: eth0 10.91.1.1 ↔ left 10.91.1.2, eth1 10.91.2.1 ↔ right 10.91.2.2, docker0."""

    def __init__(self, name: str, folder: Path) -> None:
        self.device, self.left, self.right = (f"{name}{side}" for side in ("dev", "lft", "rgt"))
        self.folder = folder

    def build(self) -> None:
        for namespace in (self.device, self.left, self.right):
            ip("netns", "add", namespace)
            ip("-n", namespace, "link", "set", "lo", "up")
        self._cable("eth0", self.left, "10.91.1")
        self._cable("eth1", self.right, "10.91.2")
        ip("-n", self.device, "link", "add", "docker0", "type", "bridge")
        self._up(self.device, "docker0", "172.17.0.1/16")

    def _cable(self, name: str, other: str, network: str) -> None:
        ip("-n", self.device, "link", "add", name, "type", "veth", "peer", "eth0", "netns", other)
        self._up(self.device, name, f"{network}.1/24")
        self._up(other, "eth0", f"{network}.2/24")

    @staticmethod
    def _up(namespace: str, name: str, address: str) -> None:
        ip("-n", namespace, "address", "add", address, "dev", name)
        ip("-n", namespace, "link", "set", name, "up")

    def tear_down(self) -> None:
        for namespace in (self.device, self.left, self.right):
            subprocess.run(["ip", "netns", "delete", namespace], check=False, capture_output=True)

    def start(self, namespace: str, *words: str) -> subprocess.Popen[str]:
        environment = os.environ | {
            "NVR_DATA_DIR": str(self.folder / "var"),
            "NVR_CONFIG_DIR": str(self.folder / "config"),
            "SERVICE_PORT": str(WEB_PORT),
        }
        command = ["ip", "netns", "exec", namespace, sys.executable, "-m", SCRIPT, *words]
        return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE)

    def ask(self, namespace: str, own: str) -> list[dict[str, Any]]:
        with self.start(namespace, "ask", str(PORT), own) as process:
            assert process.stdout is not None
            return [json.loads(line) for line in process.stdout]

    @contextlib.contextmanager
    def hearing(self, namespace: str, own: str) -> Iterator[Callable[[], dict[str, Any]]]:
        """A function that waits for the next announcement on this side."""
        process = self.start(namespace, "hear", str(PORT), own)
        assert process.stdout is not None
        lines = process.stdout
        assert json.loads(lines.readline())["action"] == "listening"
        try:
            yield lambda: dict(json.loads(lines.readline()))
        finally:
            process.kill()
            process.communicate()


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    made = Network(f"nvr{os.getpid()}", tmp_path_factory.mktemp("device"))
    try:
        made.build()
        yield made
    finally:
        made.tear_down()


@pytest.fixture(scope="module")
def device(network: Network) -> Iterator[Network]:
    """The network with a device that has said its Hello on both sides."""
    with network.hearing(network.left, "10.91.1.2") as hear:
        process = network.start(network.device, "device", str(PORT))
        assert hear()["action"] == "Hello"
        yield network
        process.terminate()
        process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0


def test_each_side_is_told_its_own_address(device: Network) -> None:
    left, right = device.ask(device.left, "10.91.1.2"), device.ask(device.right, "10.91.2.2")
    assert [answer["sender"] for answer in left] == ["10.91.1.1"]
    assert [answer["sender"] for answer in right] == ["10.91.2.1"]
    assert [answer["xaddrs"] for answer in left] == [["http://10.91.1.1" + SERVICE]]
    assert [answer["xaddrs"] for answer in right] == [["http://10.91.2.1" + SERVICE]]


def test_a_probe_over_ipv6_is_answered_over_ipv6(device: Network) -> None:
    own = link_local(device.left, "eth0")
    (answer,) = device.ask(device.left, own + "%eth0")
    theirs = link_local(device.device, "eth0")
    assert answer["sender"] == theirs
    assert answer["xaddrs"][0] == f"http://[{theirs}]{SERVICE}"


def test_a_link_that_comes_back_is_joined_again_and_greeted(device: Network) -> None:
    with device.hearing(device.right, "10.91.2.2") as hear:
        ip("-n", device.device, "link", "set", "eth1", "down")
        time.sleep(4)  # longer than the device needs to see it
        ip("-n", device.device, "link", "set", "eth1", "up")
        hello = hear()
    assert hello == {"action": "Hello", "xaddrs": ["http://10.91.2.1" + SERVICE]}
    (answer,) = device.ask(device.right, "10.91.2.2")
    assert answer["xaddrs"] == ["http://10.91.2.1" + SERVICE]


def test_a_new_address_is_announced_and_told(device: Network) -> None:
    with device.hearing(device.left, "10.91.1.2") as hear:
        ip("-n", device.device, "address", "add", "10.91.1.9/24", "dev", "eth0")
        hello = hear()
    both = ["http://10.91.1.1" + SERVICE, "http://10.91.1.9" + SERVICE]
    assert (hello["action"], hello["xaddrs"]) == ("Hello", both)
    ip("-n", device.device, "address", "delete", "10.91.1.9/24", "dev", "eth0")


def link_local(namespace: str, name: str) -> str:
    """The interface's fe80:: address, once the kernel is sure of it."""
    command = ["ip", "-j", "-n", namespace, "-6", "address", "show", "dev", name, "scope", "link"]
    for _ in range(100):
        shown = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        for address in shown[0]["addr_info"] if shown else []:
            if not address.get("tentative"):
                return str(address["local"])
        time.sleep(0.1)
    raise AssertionError(f"{name} has no link-local address")
