"""Listening sockets, and sentences for those that cannot be opened."""

import socket
from collections.abc import Iterator

import pytest

from nvrdevice.lib.errors import DeviceError
from nvrdevice.management.web_server import sockets


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def refused(host: str, port: int) -> str:
    with pytest.raises(DeviceError) as caught:
        sockets.listen(host, port)
    return caught.value.text


def test_a_taken_port_is_one_sentence(taken_port: int) -> None:
    assert refused("127.0.0.1", taken_port) == (
        f"Port {taken_port} is taken by another program: stop that program, "
        "or choose another port with SERVICE_PORT."
    )


def test_an_address_of_another_machine_is_one_sentence() -> None:
    assert refused("192.0.2.1", 0) == (
        "SERVICE_HOST is '192.0.2.1', which is no address of this machine: "
        "give one of its addresses, or 0.0.0.0 for all."
    )


def test_one_address_is_one_socket() -> None:
    opened = sockets.listen("127.0.0.1", 0)
    found = [each.getsockname()[0] for each in opened]
    for each in opened:
        each.close()
    assert found == ["127.0.0.1"]


def test_all_addresses_are_ipv4_and_ipv6_on_one_port() -> None:
    opened = sockets.listen("0.0.0.0", 0)
    found = {(each.family, each.getsockname()[1]) for each in opened}
    port = opened[0].getsockname()[1]
    for each in opened:
        each.close()
    assert found == {(socket.AF_INET, port), (socket.AF_INET6, port)}
