"""The network interfaces of this machine, and which of them a camera speaks of.

A container's bridge on the host, a tunnel or loopback is not a camera's address: NVRs that
were told one could never reach the device (christgau/wsdd issue 227).
"""

import dataclasses
import ipaddress
import re
import socket
from collections.abc import Iterable
from pathlib import Path

import psutil

from nvrdevice import state
from nvrdevice.system import address_table, gateway
from nvrdevice.system.address_table import Address
from nvrdevice.system.machine_facts import NO_HARDWARE_ADDRESS

SYSTEM_FOLDER = Path("/sys/class/net")
CONTAINER_NAMES = re.compile(
    r"(docker|br-|veth|virbr|vnet|cni|flannel|cali|lxc|lxdbr|podman|kube|nodelocal|zt|tailscale"
    r"|tun|tap|wg|ppp|ifb|dummy|sit|gre|ip6|teql|vmnet|vboxnet)"
)


@state.section("system.yaml")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Announced:
    announced_interfaces: tuple[str, ...] = state.setting(
        factory=tuple,
        title="Announced interfaces",
        help="Names of the network interfaces NVRs are told of. Empty: chosen by themselves.",
        most=16,
        low=1,
        high=15,
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Interface:
    """One interface as the kernel has it; up means enabled, running means its link is there."""

    name: str
    index: int
    mac: str = ""
    up: bool = True
    running: bool = True
    mtu: int = 1500
    loopback: bool = False
    point_to_point: bool = False
    physical: bool = False
    bridge: bool = False
    physical_ports: bool = False  # of a bridge: a real card is one of its ports
    default_route: bool = False
    ipv4: tuple[Address, ...] = ()
    ipv6: tuple[Address, ...] = ()

    @property
    def link_local(self) -> tuple[Address, ...]:
        return tuple(address for address in self.ipv6 if address.ip.is_link_local)


def list_interfaces() -> tuple[Interface, ...]:
    """All of them, also those that are down."""
    addresses: dict[int, list[Address]] = {}
    for address in address_table.read():
        addresses.setdefault(address.index, []).append(address)
    routes = gateway.default_interfaces()
    macs = _hardware_addresses()
    found = []
    for name, facts in psutil.net_if_stats().items():
        try:
            index = socket.if_nametoindex(name)
        except OSError:  # it went away meanwhile
            continue
        own = addresses.get(index, [])
        flags = set(facts.flags.split(","))
        found.append(
            Interface(
                name=name,
                index=index,
                mac=macs.get(name, ""),
                up="up" in flags,
                running=facts.isup,
                mtu=facts.mtu,
                loopback="loopback" in flags,
                point_to_point="pointopoint" in flags,
                physical=(SYSTEM_FOLDER / name / "device").exists(),
                bridge=(SYSTEM_FOLDER / name / "bridge").exists(),
                physical_ports=_has_physical_port(name),
                default_route=name in routes,
                ipv4=tuple(address for address in own if address.ip.version == 4),
                ipv6=tuple(address for address in own if address.ip.version == 6),
            )
        )
    return in_order(found)


def usable(
    interfaces: Iterable[Interface] | None = None, chosen: tuple[str, ...] | None = None
) -> tuple[Interface, ...]:
    """Those an NVR is told of; loopback only where there is nothing else."""
    if interfaces is None:
        interfaces = list_interfaces()
    if chosen is None:
        chosen = state.read(Announced).announced_interfaces
    alive = [each for each in interfaces if each.up and (each.ipv4 or each.ipv6)]
    found = [each for each in alive if (each.name in chosen if chosen else is_own(each))]
    return tuple(found) or tuple(each for each in alive if each.loopback)


def shown() -> tuple[Interface, ...]:
    """What GetNetworkInterfaces lists: the usable ones first, then cards that are not in use.

    Home Assistant takes the first enabled one's MAC for the identity of the device.
    """
    everything = list_interfaces()
    first = usable(everything)
    rest = tuple(each for each in everything if each.physical and each not in first)
    return first + rest


def identity_mac() -> str:
    """The MAC a client recognises this device by; "" where no interface has one."""
    return next((each.mac for each in shown() if each.up and each.mac), "")


def is_own(interface: Interface) -> bool:
    """Whether an NVR can be at the other end of it."""
    if interface.loopback or interface.point_to_point:
        return False
    if interface.physical or interface.default_route:
        return True
    if interface.bridge:
        return interface.physical_ports
    return CONTAINER_NAMES.match(interface.name) is None


def in_order(interfaces: Iterable[Interface]) -> tuple[Interface, ...]:
    """Cards first, wired before wireless, by name: the same order after every start."""

    def rank(each: Interface) -> tuple[bool, bool, bool, str]:
        wireless = each.name.startswith(("wl", "ra"))
        return each.loopback, not (each.physical or each.default_route), wireless, each.name

    return tuple(sorted(interfaces, key=rank))


def local_networks(
    interfaces: Iterable[Interface],
) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """The networks this machine is a direct member of."""
    return tuple(
        ipaddress.ip_network((address.ip, address.prefix), strict=False)
        for each in interfaces
        for address in (*each.ipv4, *each.ipv6)
    )


def _hardware_addresses() -> dict[str, str]:
    return {
        name: address.address.lower()
        for name, addresses in psutil.net_if_addrs().items()
        for address in addresses
        if address.family == psutil.AF_LINK and address.address != NO_HARDWARE_ADDRESS
    }


def _has_physical_port(name: str) -> bool:
    try:
        ports = list((SYSTEM_FOLDER / name / "brif").iterdir())
    except OSError:
        return False
    return any((SYSTEM_FOLDER / port.name / "device").exists() for port in ports)
