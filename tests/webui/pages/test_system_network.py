"""The page of the network tells what is."""

from nvrdevice.system import hostname, interfaces
from tests.webui.conftest import Browser


def test_the_page_names_interfaces_addresses_and_ports(browser: Browser) -> None:
    text = browser("alice").get("/system/network/").content.decode()
    for each in interfaces.usable():
        assert f">{each.name}</h2>" in text
        for address in each.ipv4:
            assert f"<code>{address.ip}/{address.prefix}</code>" in text
    assert hostname.read().name in text
    assert "<dt>RTSP</dt><dd>8554, " in text


def test_the_page_offers_nothing_to_change(browser: Browser) -> None:
    client = browser("alice")
    text = client.get("/system/network/").content.decode()
    assert "This page is to read." in text
    assert text.count("<form") == 1  # signing out
    assert client.post("/system/network/").status_code == 405
