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


def xaddrs(
    addresses: Iterable[IPAddress], port: int, asked_at: IPAddress, *, secure: bool = False
) -> tuple[str, ...]:
    """Addresses of the asker's family first, because many clients take the first one only.

    asked_at: our address that was asked, or that the answer leaves from. A link-local IPv6
    address comes after others of its family, and is told only to who asked at one.
    """

    def is_local(ip: IPAddress) -> bool:
        return ip.version == 6 and ip.is_link_local

    addresses = list(addresses)
    told = [ip for ip in addresses if is_local(asked_at) or not is_local(ip)] or addresses
    told.sort(key=lambda ip: (ip.version != asked_at.version, is_local(ip), ip != asked_at))
    return tuple(_url(ip, port, "https" if secure else "http") for ip in told[:XADDRS_LIMIT])


def _url(ip: IPAddress, port: int, scheme: str) -> str:
    host = f"[{ip}]" if ip.version == 6 else str(ip)
    usual = port == {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{host}{PATH}" if usual else f"{scheme}://{host}:{port}{PATH}"
