"""XAddrs: what the asker can use, what he asked for first, and only where somebody listens."""

from ipaddress import ip_address

import pytest

from nvrdevice.discovery import addresses
from nvrdevice.system.address_table import Address
from nvrdevice.system.interfaces import Interface


def told(asked_at: str, *own: str, port: int = 8000) -> tuple[str, ...]:
    urls = addresses.xaddrs([ip_address(each) for each in own], port, ip_address(asked_at))
    return tuple(url.removesuffix("/onvif/device_service") for url in urls)


@pytest.mark.parametrize(
    ("asked_at", "own", "expected"),
    [
        ("192.0.2.1", ["192.0.2.1"], ["http://192.0.2.1:8000"]),
        (
            "192.0.2.1",
            ["192.0.2.1", "fd00::1", "fe80::1"],
            ["http://192.0.2.1:8000", "http://[fd00::1]:8000"],
        ),
        (
            "192.0.2.2",
            ["192.0.2.1", "192.0.2.2"],
            ["http://192.0.2.2:8000", "http://192.0.2.1:8000"],
        ),
        (
            "fe80::1",
            ["192.0.2.1", "fe80::1", "fd00::1"],
            ["http://[fd00::1]:8000", "http://[fe80::1]:8000", "http://192.0.2.1:8000"],
        ),
        ("fe80::1", ["fe80::1"], ["http://[fe80::1]:8000"]),
        ("fd00::1", ["fe80::1"], ["http://[fe80::1]:8000"]),
        ("192.0.2.1", [], []),
    ],
)
def test_order(asked_at: str, own: list[str], expected: list[str]) -> None:
    assert told(asked_at, *own) == tuple(expected)


def test_port_80_is_not_written() -> None:
    assert told("192.0.2.1", "192.0.2.1", port=80) == ("http://192.0.2.1",)


def test_only_addresses_that_answer() -> None:
    interface = Interface(
        name="eth0",
        index=2,
        ipv4=(Address(2, ip_address("192.0.2.1"), 24, given=False),),
        ipv6=(
            Address(2, ip_address("fd00::1"), 64, given=False),
            Address(2, ip_address("fd00::2"), 64, given=True, temporary=True),
        ),
    )
    everywhere = addresses.reachable(interface, frozenset({ip_address("::")}))
    assert everywhere == (ip_address("192.0.2.1"), ip_address("fd00::1"))
    ipv4_only = addresses.reachable(interface, frozenset({ip_address("0.0.0.0")}))
    assert ipv4_only == (ip_address("192.0.2.1"),)
    assert addresses.reachable(interface, frozenset()) == ()


def test_where_https_is_required_the_address_says_so() -> None:
    own = [ip_address("192.0.2.7")]
    assert addresses.xaddrs(own, 8443, own[0], secure=True) == (
        "https://192.0.2.7:8443/onvif/device_service",
    )
    assert addresses.xaddrs(own, 443, own[0], secure=True) == (
        "https://192.0.2.7/onvif/device_service",
    )
