"""The first lines a person reads."""

from ipaddress import ip_address
from typing import Any

from nvrdevice.management import greeting
from nvrdevice.system.address_table import Address
from nvrdevice.system.interfaces import Interface


def interface(index: int, *addresses: str) -> Interface:
    found = [
        Address(index=index, ip=ip_address(each), prefix=24, given=False) for each in addresses
    ]
    return Interface(
        name=f"eth{index}",
        index=index,
        ipv4=tuple(each for each in found if each.ip.version == 4),
        ipv6=tuple(each for each in found if each.ip.version == 6),
    )


TWO = (interface(0, "192.0.2.7", "2001:db8::7", "fe80::7"), interface(1, "198.51.100.7"))


def told(**changes: Any) -> list[str]:
    facts: dict[str, Any] = {"host": "0.0.0.0", "account": "", "default_password": "", **changes}
    return greeting.lines(TWO, port=8000, rtsp_port=8554, **facts)


def test_every_address_of_the_machine_is_told() -> None:
    assert told() == [
        "NVR Device is ready. Open it in a browser:",
        "  http://192.0.2.7:8000/",
        "  http://198.51.100.7:8000/",
        "ONVIF address for your NVR: http://192.0.2.7:8000/onvif/device_service",
        "RTSP address of the first picture: rtsp://192.0.2.7:8554/profile1",
    ]


def over_https(*, https_only: bool) -> list[str]:
    return greeting.lines(
        TWO,
        host="0.0.0.0",
        port=8000,
        https_port=8443,
        https_only=https_only,
        rtsp_port=8554,
        account="",
        default_password="",
    )


def test_https_is_told_where_it_is_served() -> None:
    assert over_https(https_only=False)[3] == "Encrypted: https://192.0.2.7:8443/"


def test_encrypted_pictures_are_told_where_they_are_served() -> None:
    assert told(rtsps_port=8322)[-2:] == [
        "RTSP address of the first picture: rtsp://192.0.2.7:8554/profile1",
        "Encrypted: rtsps://192.0.2.7:8322/profile1",
    ]


def test_where_https_is_required_only_that_is_told() -> None:
    assert over_https(https_only=True)[1:4] == [
        "  https://192.0.2.7:8443/",
        "  https://198.51.100.7:8443/",
        "ONVIF address for your NVR: https://192.0.2.7:8443/onvif/device_service",
    ]


def test_the_account_and_its_first_password_are_told() -> None:
    assert told(account="admin", default_password="admin123")[-1] == (
        "Account: admin, password admin123. Its password must be changed at first sign-in."
    )


def test_a_password_of_the_environment_is_not_told() -> None:
    assert told(account="admin")[-1] == (
        "Account: admin. Its password must be changed at first sign-in."
    )


def test_where_one_address_is_served_only_that_is_told() -> None:
    assert greeting.addresses(TWO, "198.51.100.7") == ["198.51.100.7"]


def test_an_address_of_ipv6_stands_in_brackets() -> None:
    assert greeting.addresses(TWO, "::") == ["192.0.2.7", "198.51.100.7", "[2001:db8::7]"]


def test_without_a_network_there_is_this_machine() -> None:
    assert greeting.addresses((), "0.0.0.0") == ["127.0.0.1"]
