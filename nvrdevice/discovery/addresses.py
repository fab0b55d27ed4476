"""Where the device service is reached: the XAddrs, for the interface somebody asked through."""

from collections.abc import Iterable

from nvrdevice.system import protocols
from nvrdevice.system.address_table import IPAddress
from nvrdevice.system.interfaces import Interface

PATH = "/onvif/device_service"
XADDRS_LIMIT = 8


def reachable(interface: Interface, open_on: frozenset[IPAddress]) -> tuple[IPAddress, ...]:
    """The interface's addresses that the web port answers on; IPv6 privacy addresses are none."""
    return tuple(
        address.ip
        for address in (*interface.ipv4, *interface.ipv6)
        if not address.temporary and protocols.reaches(open_on, address.ip)
    )


def xaddrs(addresses: Iterable[IPAddress], port: int, asked_at: IPAddress) -> tuple[str, ...]:
    """Addresses of the asker's family first, because many clients take the first one only.

    asked_at: our address that was asked, or that the answer leaves from. A link-local IPv6
    address comes after others of its family, and is told only to who asked at one.
    """

    def is_local(ip: IPAddress) -> bool:
        return ip.version == 6 and ip.is_link_local

    addresses = list(addresses)
    told = [ip for ip in addresses if is_local(asked_at) or not is_local(ip)] or addresses
    told.sort(key=lambda ip: (ip.version != asked_at.version, is_local(ip), ip != asked_at))
    return tuple(_url(ip, port) for ip in told[:XADDRS_LIMIT])


def _url(ip: IPAddress, port: int) -> str:
    host = f"[{ip}]" if ip.version == 6 else str(ip)
    return f"http://{host}:{port}{PATH}" if port != 80 else f"http://{host}{PATH}"
