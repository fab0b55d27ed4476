"""Whose address a request has that came through a proxy: believed from listed proxies only.

Anybody can write X-Forwarded-For or X-Forwarded-Proto. Only the entries that listed proxies added
are known to be true, and those stand last: the list is read from its end, up to the first stranger.
"""

import functools
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor
from nvrdevice.clients import addresses
from nvrdevice.lib.errors import DeviceError, Kind

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
HEADER, SCHEME_HEADER = b"x-forwarded-for", b"x-forwarded-proto"
_TOLD = frozenset((HEADER, SCHEME_HEADER))
SOCKET_OF = {"http": "ws", "https": "wss"}
HOPS_MAX = 20
LENGTH_MAX = 2000


@state.section("system.yaml")
@dataclass(frozen=True, kw_only=True)
class ProxySettings:
    trusted_proxies: tuple[str, ...] = state.setting(
        factory=tuple,
        title="Trusted proxies",
        help="Addresses or networks of reverse proxies before this device, such as 192.168.1.2 or "
        "10.0.0.0/24. Only from these are X-Forwarded-For and X-Forwarded-Proto believed.",
        most=20,
        low=1,
        high=50,
    )

    def __post_init__(self) -> None:
        for text in self.trusted_proxies:
            if _network(text) is None:
                raise DeviceError(
                    Kind.INVALID,
                    f"trusted_proxies: {text!r} is no address or network: write 192.168.1.2 or "
                    "10.0.0.0/24.",
                    field="trusted_proxies",
                )


def set_trusted(proxies: tuple[str, ...], *, by: Actor) -> None:
    """Replace the proxies that are believed; counts from the next request on."""
    state.update(
        ProxySettings,
        lambda now: replace(now, trusted_proxies=tuple(dict.fromkeys(proxies))),
        trail.noting(by, "set trusted proxies", trail.differences("web")),
    )


def client_of(peer: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The address of who sent a request: the socket's peer, or whom trusted proxies name."""
    told = [value for name, value in headers if name == HEADER]
    if not told:
        return addresses.plain(peer) or peer
    trusted = state.read(ProxySettings).trusted_proxies
    return _behind(addresses.plain(peer) or peer, told, trusted)


def from_proxies(scope: dict[str, Any]) -> dict[str, Any]:
    """An ASGI scope whose client and scheme are the true ones; itself where they are already."""
    client = scope.get("client")
    if not client:
        return scope
    if _TOLD.isdisjoint([name for name, _ in scope["headers"]]):
        found = addresses.plain(client[0]) or client[0]
        return scope if found == client[0] else {**scope, "client": [found, client[1]]}
    if scheme := _scheme_of(client[0], scope["headers"]):
        scope = {**scope, "scheme": SOCKET_OF[scheme] if scope["type"] == "websocket" else scheme}
    found = client_of(client[0], scope["headers"])
    return scope if found == client[0] else {**scope, "client": [found, client[1]]}


def _scheme_of(peer: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
    """How the client came to the proxy next to us, if that is trusted and says so; else ""."""
    told = [value for name, value in headers if name == SCHEME_HEADER]
    if not told or not _is_trusted(
        addresses.plain(peer) or peer, state.read(ProxySettings).trusted_proxies
    ):
        return ""
    last = told[-1][-LENGTH_MAX:].decode("latin-1").rpartition(",")[2].strip().lower()
    return last if last in SOCKET_OF else ""


def _behind(peer: str, told: list[bytes], trusted: tuple[str, ...]) -> str:
    hops = b",".join(told)[-LENGTH_MAX:].decode("latin-1").split(",")[-HOPS_MAX:]
    found = peer
    while hops and _is_trusted(found, trusted):
        hop = addresses.plain(_without_port(hops.pop().strip()))
        if not hop:  # "unknown", or nothing a proxy writes: the last one known counts
            return found
        found = hop
    return found


def _is_trusted(address: str, trusted: tuple[str, ...]) -> bool:
    found = addresses.parse(address)
    return found is not None and any(
        network.version == found.version and found in network
        for network in map(_network, trusted)
        if network is not None
    )


def _without_port(hop: str) -> str:
    """ "203.0.113.7:4711" and "[2001:db8::1]:4711" are written by some proxies."""
    if hop.startswith("["):
        return hop.partition("]")[0] + "]"
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


@functools.lru_cache(maxsize=64)
def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
