"""Which names and addresses count as nearby while everybody knows the first password."""

import pytest

from nvrdevice.accounts import networks


@pytest.mark.parametrize(
    "host",
    [
        "192.168.1.20:8000",
        "8.8.8.8:80",
        "[fe80::1]:8000",
        "[::1]",
        "localhost:8000",
        "camera",
        "camera.local:8000",
        "Camera.LAN.",
        "door.home.arpa",
        "",
        "user@evil.example",
        "evil.example/path",
    ],
)
def test_an_address_a_local_name_and_no_name_are_not_public(host: str) -> None:
    assert not networks.is_public_name(host)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "192.168.1.20.evil.example", "local.evil.com"]
)
def test_a_domain_of_the_internet_is_public(host: str) -> None:
    assert networks.is_public_name(host)
