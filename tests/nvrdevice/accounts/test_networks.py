"""Which names and addresses count as nearby while everybody knows the first password."""

import pytest

from nvrdevice.accounts import networks


@pytest.mark.parametrize(
    "host",
    [
        "192.168.1.20:8000",
        "8.8.8.8",
        "[fe80::1]:8000",
        "[::1]",
        "localhost:8000",
        "camera",
        "camera.local:8000",
        "Camera.LAN.",
        "door.home.arpa",
        "",
    ],
)
def test_an_address_or_a_name_of_the_local_network_is_local(host: str) -> None:
    assert networks.is_local_name(host)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "192.168.1.20.evil.example", "local.evil.com"]
)
def test_a_public_name_is_not(host: str) -> None:
    assert not networks.is_local_name(host)
