"""How the device stands in its network. Reads only: they tell what is, or leave it out."""

import ipaddress
from collections.abc import Iterable

from nvrdevice.system import dns, gateway, hostname, interfaces, ntp, protocols
from nvrdevice.system.address_table import Address
from nvrdevice.system.interfaces import Interface
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

STATEFUL_PREFIX = 128  # DHCPv6 gives single addresses, a router advertisement a network


@operation("tds:GetHostname", waits=True)
def get_hostname(call: Call) -> Element:
    own = hostname.read()
    return el(
        "tds:GetHostnameResponse",
        el(
            "tds:HostnameInformation",
            el("tt:FromDHCP", own.from_dhcp),
            el("tt:Name", own.name),
        ),
    )


@operation("tds:GetDNS", waits=True)
def get_dns(call: Call) -> Element:
    servers = dns.read()
    return el(
        "tds:GetDNSResponse",
        el(
            "tds:DNSInformation",
            el("tt:FromDHCP", bool(servers.from_dhcp)),
            [el("tt:SearchDomain", domain) for domain in servers.search],
            [el("tt:DNSFromDHCP", _ip(server)) for server in servers.from_dhcp],
            [el("tt:DNSManual", _ip(server)) for server in servers.manual],
        ),
    )


@operation("tds:GetNTP", waits=True)
def get_ntp(call: Call) -> Element:
    servers = ntp.read()
    return el(
        "tds:GetNTPResponse",
        el(
            "tds:NTPInformation",
            el("tt:FromDHCP", bool(servers.from_dhcp)),
            [el("tt:NTPFromDHCP", _host(server)) for server in servers.from_dhcp],
            [el("tt:NTPManual", _host(server)) for server in servers.manual],
        ),
    )


@operation("tds:GetNetworkInterfaces", waits=True)
def get_network_interfaces(call: Call) -> Element:
    return el("tds:GetNetworkInterfacesResponse", [_interface(each) for each in interfaces.shown()])


NETWORK_PROTOCOLS = ("HTTP", "HTTPS", "RTSP")  # tt:NetworkProtocolType has no RTSPS


@operation("tds:GetNetworkProtocols", waits=True)
def get_network_protocols(call: Call) -> Element:
    return el(
        "tds:GetNetworkProtocolsResponse",
        [
            el(
                "tds:NetworkProtocols",
                el("tt:Name", protocol.name),
                el("tt:Enabled", protocol.enabled),
                el("tt:Port", protocol.port),
            )
            for protocol in protocols.read()
            if protocol.name in NETWORK_PROTOCOLS
        ],
    )


@operation("tds:GetNetworkDefaultGateway", waits=True)
def get_network_default_gateway(call: Call) -> Element:
    gates = [ipaddress.ip_address(gate) for gate in gateway.default_gateways()]
    return el(
        "tds:GetNetworkDefaultGatewayResponse",
        el(
            "tds:NetworkGateway",
            [el("tt:IPv4Address", str(gate)) for gate in gates if gate.version == 4],
            [el("tt:IPv6Address", str(gate)) for gate in gates if gate.version == 6],
        ),
    )


def _interface(interface: Interface) -> Element:
    """Link is left out: speed and duplex are settings only where they can be set."""
    return el(
        "tds:NetworkInterfaces",
        el("tt:Enabled", interface.up),
        el(
            "tt:Info",
            el("tt:Name", interface.name),
            el("tt:HwAddress", interface.mac),
            el("tt:MTU", interface.mtu),
        )
        if interface.mac
        else None,
        _ipv4(interface.ipv4) if interface.ipv4 else None,
        _ipv6(interface.ipv6) if interface.ipv6 else None,
        token=interface.name,
    )


def _ipv4(addresses: tuple[Address, ...]) -> Element:
    local = [each for each in addresses if each.ip.is_link_local]
    given = [each for each in addresses if each.given and each not in local]
    manual = [each for each in addresses if not each.given and each not in local]
    return el(
        "tt:IPv4",
        el("tt:Enabled", True),  # noqa: FBT003 - an XML value
        el(
            "tt:Config",
            _prefixed("tt:Manual", manual),
            _prefixed("tt:LinkLocal", local[:1]),
            _prefixed("tt:FromDHCP", given[:1]),
            el("tt:DHCP", bool(given)),
        ),
    )


def _ipv6(addresses: tuple[Address, ...]) -> Element:
    local = [each for each in addresses if each.ip.is_link_local]
    rest = [each for each in addresses if each not in local]
    stateful = [each for each in rest if each.given and each.prefix == STATEFUL_PREFIX]
    from_router = [each for each in rest if each.given and each not in stateful]
    return el(
        "tt:IPv6",
        el("tt:Enabled", True),  # noqa: FBT003 - an XML value
        el(
            "tt:Config",
            el("tt:AcceptRouterAdvert", True) if from_router else None,  # noqa: FBT003
            el("tt:DHCP", "Stateful" if stateful else "Off"),
            _prefixed("tt:Manual", [each for each in rest if not each.given]),
            _prefixed("tt:LinkLocal", local),
            _prefixed("tt:FromDHCP", stateful),
            _prefixed("tt:FromRA", from_router),
        ),
    )


def _prefixed(name: str, addresses: Iterable[Address]) -> list[Element]:
    return [
        el(name, el("tt:Address", str(each.ip)), el("tt:PrefixLength", each.prefix))
        for each in addresses
    ]


def _ip(text: str) -> list[Element]:
    version = ipaddress.ip_address(text).version
    return [el("tt:Type", f"IPv{version}"), el(f"tt:IPv{version}Address", text)]


def _host(text: str) -> list[Element]:
    try:
        return _ip(text)
    except ValueError:
        return [el("tt:Type", "DNS"), el("tt:DNSname", text)]
