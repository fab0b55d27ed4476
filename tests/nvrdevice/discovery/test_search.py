"""Foreign devices are found on each network of this machine, and on those alone.

The machine with two cables of test_two_interfaces.py is the one that looks; a device answers at
the other end of each. Needs root and the `ip` of iproute2, as the whole machine's tests do.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from nvrdevice.discovery import search
from nvrdevice.lib.errors import DeviceError
from nvrdevice.system.interfaces import Interface
from tests.nvrdevice.discovery.test_two_interfaces import (
    PATIENCE_S,
    PORT,
    SERVICE,
    Network,
    link_local,
)

OWN = {"left": "10.91.1.2", "right": "10.91.2.2"}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """With a device at each end that has said its Hello."""
    made = Network(f"fnd{os.getpid()}", tmp_path_factory.mktemp("looks"))
    devices: list[subprocess.Popen[str]] = []
    try:
        made.build()
        for side in (made.left, made.right):
            link_local(side, "eth0")
            far = Network("", tmp_path_factory.mktemp("device"))  # folders and a name of its own
            own = "10.91.1.1" if side == made.left else "10.91.2.1"
            with made.hearing(made.device, own) as hear:
                devices.append(far.start(side, "device", str(PORT)))
                assert hear()["action"] == "Hello"
        yield made
    finally:
        for device in devices:
            device.terminate()
            device.communicate(timeout=PATIENCE_S)
        made.tear_down()


def found(network: Network, namespace: str) -> list[dict[str, Any]]:
    with network.start(namespace, "find", str(PORT)) as process:
        assert process.stdout is not None
        return [json.loads(line) for line in process.stdout]


@pytest.mark.e2e
def test_the_devices_of_both_networks_are_found(network: Network) -> None:
    devices = found(network, network.device)
    senders = {sender.partition("%")[0] for device in devices for sender in device["senders"]}
    assert len(devices) == 2
    assert set(OWN.values()) <= senders
    offered = {xaddr for device in devices for xaddr in device["xaddrs"]}
    assert {f"http://{own}{SERVICE}" for own in OWN.values()} <= offered


@pytest.mark.e2e
def test_it_is_found_over_ipv6_too(network: Network) -> None:
    far = link_local(network.left, "eth0")
    senders = [sender for device in found(network, network.device) for sender in device["senders"]]
    assert far in [sender.partition("%")[0] for sender in senders]


def test_without_an_interface_nobody_can_be_asked() -> None:
    with pytest.raises(DeviceError) as refused:
        search.search([Interface(name="eth0", index=1)], PORT)
    assert refused.value.text.startswith("No network interface can ask others")
