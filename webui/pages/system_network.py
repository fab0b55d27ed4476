"""/system/network/: how this device stands in its network; to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nvrdevice.accounts.levels import Level
from nvrdevice.system import dns, gateway, hostname, interfaces, protocols
from nvrdevice.system.address_table import Address
from nvrdevice.system.interfaces import Interface
from webui.access import needs


@dataclass(frozen=True)
class Shown:
    name: str
    kind: str  # of its state
    words: str
    announced: bool
    mac: str
    addresses: tuple[str, ...]
    assigned: str


@require_safe
@needs(Level.ADMINISTRATOR)
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/system_network.html", facts())


def facts() -> dict[str, Any]:
    """What partials/network.html shows; the setup shows it too."""
    announced = interfaces.usable()
    return {
        "interfaces": [_shown(each, announced) for each in _listed(announced)],
        "host": hostname.read(),
        "gateways": gateway.default_gateways(),
        "dns": dns.read(),
        "protocols": protocols.read(),
    }


def _listed(announced: tuple[Interface, ...]) -> list[Interface]:
    """Those NVRs are told of first, then what else has an address or is a card."""
    rest = [
        each
        for each in interfaces.list_interfaces()
        if each.name not in {one.name for one in announced}
        and not each.loopback
        and (each.physical or each.ipv4)
    ]
    return [*announced, *rest]


def _shown(each: Interface, announced: tuple[Interface, ...]) -> Shown:
    if not each.up:
        kind, words = "off", "Off"
    elif each.running:
        kind, words = "ok", "Connected"
    else:
        kind, words = "danger", "No link: is the cable in?"
    own = (*each.ipv4, *each.ipv6)
    return Shown(
        name=each.name,
        kind=kind,
        words=words,
        announced=each.name in {one.name for one in announced},
        mac=each.mac,
        addresses=tuple(f"{address.ip}/{address.prefix}" for address in own),
        assigned=_assigned(each.ipv4),
    )


def _assigned(ipv4: Iterable[Address]) -> str:
    """An address with a life time was given; where there is none, nothing is known."""
    given = {address.given for address in ipv4}
    if given == {True}:
        return "By DHCP"
    if given == {False}:
        return "Fixed on this machine"
    return "Some by DHCP, some fixed" if given else "No IPv4 address"
