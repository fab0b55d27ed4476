"""Which Origin is a page of this device."""

import pytest

from nvrdevice.clients.origin import is_own


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://192.168.1.9:8000", "192.168.1.9:8000"),
        ("http://camera.local", "camera.local"),
        ("http://camera.local", "camera.local:80"),
        ("https://camera.local", "camera.local:443"),
        ("http://[fd00::9]:8000", "[fd00::9]:8000"),
        ("http://Camera.local:8000", "camera.LOCAL:8000"),
    ],
)
def test_the_devices_own_pages(origin: str, host: str) -> None:
    assert is_own(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://evil.example", "192.168.1.9:8000"),
        ("http://192.168.1.9:9000", "192.168.1.9:8000"),
        ("http://192.168.1.9:8000.evil.example", "192.168.1.9:8000"),
        ("https://camera.local", "camera.local:80"),
        ("null", "192.168.1.9:8000"),
        ("file://", "192.168.1.9:8000"),
        ("", "192.168.1.9:8000"),
        ("http://192.168.1.9:99999", "192.168.1.9:8000"),
        ("http://[", "192.168.1.9:8000"),
    ],
)
def test_pages_from_elsewhere(origin: str, host: str) -> None:
    assert not is_own(origin, host)


def test_over_https_only_pages_of_https_are_own() -> None:
    assert is_own("https://camera.local", "camera.local", secure=True)
    assert is_own("https://camera.local:8443", "camera.local:8443", secure=True)
    assert not is_own("http://camera.local", "camera.local", secure=True)
    assert not is_own("http://camera.local:8443", "camera.local:8443", secure=True)
