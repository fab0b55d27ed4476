"""The WSDiscovery package, which Home Assistant uses, finds the device on loopback."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import wsdiscovery.threaded
from wsdiscovery import QName, Scope
from wsdiscovery.discovery import ThreadedWSDiscovery
from wsdiscovery.service import Service

from nvrdevice.discovery.messages import DN
from tests.nvrdevice.discovery.lone_device import EYE, running

pytestmark = pytest.mark.asyncio


def only_loopback(family: int) -> list[object]:
    return [ipaddress.ip_address("127.0.0.1")] if family == socket.AF_INET else []


@pytest.fixture
def home_assistant(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadedWSDiscovery]:
    """A client that looks on loopback only; its port is set by the test."""
    monkeypatch.setattr(wsdiscovery.threaded, "_getNetworkAddrs", only_loopback)
    found = ThreadedWSDiscovery()
    yield found
    found.stop()


async def search(
    client: ThreadedWSDiscovery, scopes: list[Scope], types: list[QName] | None = None
) -> list[Service]:
    client.start()
    return await asyncio.to_thread(client.searchServices, types=types, scopes=scopes, timeout=2)


async def test_home_assistant_finds_it(
    tmp_path: Path, home_assistant: ThreadedWSDiscovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path) as (device, _):
        monkeypatch.setattr(wsdiscovery.threaded, "MULTICAST_PORT", device.port)
        (found,) = await search(home_assistant, [Scope(EYE.scopes[0])])
    assert found.getEPR() == EYE.endpoint
    assert found.getXAddrs() == ["http://127.0.0.1:8000/onvif/device_service"]
    assert [scope.getValue() for scope in found.getScopes()] == list(EYE.scopes)


async def test_who_looks_for_a_transmitter_finds_it(
    tmp_path: Path, home_assistant: ThreadedWSDiscovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path) as (device, _):
        monkeypatch.setattr(wsdiscovery.threaded, "MULTICAST_PORT", device.port)
        found = await search(home_assistant, [], [QName(DN, "NetworkVideoTransmitter")])
    assert [service.getEPR() for service in found] == [EYE.endpoint]


async def test_it_hears_that_the_device_left(
    tmp_path: Path, home_assistant: ThreadedWSDiscovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    home_assistant.setRemoteServiceByeCallback(heard.append)
    async with running(tmp_path) as (device, _):
        monkeypatch.setattr(wsdiscovery.threaded, "MULTICAST_PORT", device.port)
        await search(home_assistant, [Scope(EYE.scopes[0])])
    for _ in range(50):
        if heard:
            break
        await asyncio.sleep(0.1)
    assert heard == [EYE.endpoint]
