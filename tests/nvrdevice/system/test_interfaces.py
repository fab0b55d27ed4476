"""Which interfaces a camera speaks of: cards and what leads outside, no container's bridge."""

from ipaddress import ip_address

import pytest

from nvrdevice.system import interfaces
from nvrdevice.system.address_table import Address
from nvrdevice.system.interfaces import Interface

NOBODY: tuple[str, ...] = ()


def card(name: str, ip: str = "192.0.2.10", **facts: object) -> Interface:
    address = Address(1, ip_address(ip), 24, given=True)
    return Interface(name=name, index=1, ipv4=(address,), **facts)  # type: ignore[arg-type]


LOOPBACK = card("lo", "127.0.0.1", loopback=True)


@pytest.mark.parametrize(
    "interface",
    [
        card("eth0", physical=True),
        card("wlan0", physical=True),
        card("br0", bridge=True, physical_ports=True),
        card("eth0"),  # inside a container: no card behind it, and an ordinary name
        card("docker0", bridge=True, default_route=True),
        card("bond0"),
    ],
)
def test_announced(interface: Interface) -> None:
    assert interfaces.usable([interface, LOOPBACK], NOBODY) == (interface,)


@pytest.mark.parametrize(
    "interface",
    [
        card("docker0", bridge=True),
        card("br-4f2a", bridge=True),
        card("br5", bridge=True),
        card("veth1234"),
        card("virbr0", bridge=True),
        card("wg0"),
        card("tun0", point_to_point=True),
        card("eth1", physical=True, up=False),
        Interface(name="eth1", index=2, physical=True),  # has no address
    ],
)
def test_not_announced(interface: Interface) -> None:
    other = card("eth0", physical=True)
    assert interfaces.usable([interface, other], NOBODY) == (other,)


def test_loopback_where_there_is_nothing_else() -> None:
    assert interfaces.usable([card("docker0", bridge=True), LOOPBACK], NOBODY) == (LOOPBACK,)


def test_the_owner_may_choose() -> None:
    cards = [card("eth0", physical=True), card("docker0", bridge=True)]
    assert interfaces.usable(cards, ("docker0",)) == (cards[1],)


def test_the_order_does_not_depend_on_the_kernels() -> None:
    cards = [
        LOOPBACK,
        card("docker0", bridge=True),
        card("wlan0", physical=True),
        card("eth1", physical=True),
        card("eth0", physical=True),
    ]
    names = [each.name for each in interfaces.in_order(cards)]
    assert names == ["eth0", "eth1", "wlan0", "docker0", "lo"]


def test_this_machine_has_its_loopback() -> None:
    found = {each.name: each for each in interfaces.list_interfaces()}
    loopback = found["lo"]
    assert loopback.loopback
    assert ip_address("127.0.0.1") in {address.ip for address in loopback.ipv4}


def test_networks_are_those_of_the_addresses() -> None:
    networks = interfaces.local_networks([card("eth0", "192.0.2.10")])
    assert [str(network) for network in networks] == ["192.0.2.0/24"]
