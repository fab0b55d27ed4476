"""The network as it is: interfaces with their kinds of address, servers, open ports."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest
from lxml import etree

from nvrdevice.system import gateway, hostname, interfaces
from nvrdevice.system.address_table import Address
from nvrdevice.system.interfaces import Interface
from onvif_api.services.device import network
from onvif_api.soap.namespaces import name
from tests.onvif_api import schema
from tests.onvif_api.services.device_client import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]


def address(text: str, prefix: int, given: bool) -> Address:
    return Address(2, ip_address(text), prefix, given=given)


ETH0 = Interface(
    name="eth0",
    index=2,
    mac="02:00:5e:00:53:01",
    mtu=1500,
    ipv4=(
        address("192.0.2.5", 24, given=True),
        address("10.0.0.5", 8, given=False),
        address("169.254.1.2", 16, given=False),
    ),
    ipv6=(
        address("fe80::1", 64, given=False),
        address("2001:db8::5", 64, given=True),
        address("2001:db8::9", 128, given=True),
        address("fd00::5", 64, given=False),
    ),
)


def prefixed(element: etree._Element, path: str) -> list[str]:
    found = element.findall("/".join(name(step) for step in path.split("/")))
    return [
        f"{each.findtext(name('tt:Address'))}/{each.findtext(name('tt:PrefixLength'))}"
        for each in found
    ]


def test_each_address_is_where_it_comes_from() -> None:
    found = network._interface(ETH0)
    kinds = {
        f"{family}/{kind}": prefixed(found, f"tt:{family}/tt:Config/tt:{kind}")
        for family in ("IPv4", "IPv6")
        for kind in ("Manual", "LinkLocal", "FromDHCP", "FromRA")
    }
    assert kinds == {
        "IPv4/Manual": ["10.0.0.5/8"],
        "IPv4/LinkLocal": ["169.254.1.2/16"],
        "IPv4/FromDHCP": ["192.0.2.5/24"],
        "IPv4/FromRA": [],
        "IPv6/Manual": ["fd00::5/64"],
        "IPv6/LinkLocal": ["fe80::1/64"],
        "IPv6/FromDHCP": ["2001:db8::9/128"],
        "IPv6/FromRA": ["2001:db8::5/64"],
    }


def test_such_an_interface_is_valid() -> None:
    answer = etree.Element(name("tds:GetNetworkInterfacesResponse"))
    answer.append(network._interface(ETH0))
    assert schema.problems(answer) == []


def test_the_first_enabled_interface_has_the_mac_of_the_scopes() -> None:
    """Home Assistant takes the one for the unique id and reads the other in discovery."""
    found = [
        element.findtext(name("tt:Info") + "/" + name("tt:HwAddress"))
        for element in ask("GetNetworkInterfaces", "viewer").all("tds:NetworkInterfaces")
        if element.findtext(name("tt:Enabled")) == "true"
    ]
    assert (found[0] if found else "") == (interfaces.identity_mac() or None)


def test_host_and_gateway_are_the_machines() -> None:
    assert ask("GetHostname", None).text("tds:HostnameInformation/tt:Name") == hostname.read().name
    gates = [element.text for element in ask("GetNetworkDefaultGateway").body[0]]
    assert gates == list(gateway.default_gateways())


@pytest.mark.parametrize(("text", "kind"), [("192.0.2.1", "IPv4"), ("::5", "IPv6"), ("a.b", "DNS")])
def test_a_time_server_is_an_address_or_a_name(text: str, kind: str) -> None:
    tag = {"IPv4": "IPv4Address", "IPv6": "IPv6Address", "DNS": "DNSname"}[kind]
    assert [(etree.QName(part).localname, part.text) for part in network._host(text)] == [
        ("Type", kind),
        (tag, text),
    ]


def test_a_protocol_is_enabled_while_its_port_is_open(settings: Any) -> None:
    def told() -> dict[str, tuple[str, str]]:
        return {
            each.findtext(name("tt:Name"), ""): (
                each.findtext(name("tt:Enabled"), ""),
                each.findtext(name("tt:Port"), ""),
            )
            for each in ask("GetNetworkProtocols", "viewer").all("tds:NetworkProtocols")
        }

    with (
        socket.create_server(("127.0.0.1", 0)) as web,
        socket.create_server(("127.0.0.1", 0)) as tls,
        socket.create_server(("::1", 0), family=socket.AF_INET6) as rtsp,
    ):
        ports = {
            "HTTP": web.getsockname()[1],
            "HTTPS": tls.getsockname()[1],
            "RTSP": rtsp.getsockname()[1],
        }
        settings.SERVICE_PORT, settings.HTTPS_PORT = ports["HTTP"], ports["HTTPS"]
        settings.RTSP_PORT = ports["RTSP"]
        assert told() == {each: ("true", str(port)) for each, port in ports.items()}
    assert told() == {each: ("false", str(port)) for each, port in ports.items()}
