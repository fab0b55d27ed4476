"""Looks for ONVIF devices: a Probe by each interface, answers for a bounded time.

Each probe leaves from a socket of its own on the interface's own address, so that what answers
is reached by the same way; nothing is bound to the discovery port.
"""

import contextlib
import selectors
import socket
import struct
from collections.abc import Iterable

from nvrdevice.discovery import matches
from nvrdevice.discovery.matches import Match
from nvrdevice.discovery.sockets import GROUPS
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system.address_table import IPAddress
from nvrdevice.system.interfaces import Interface

WAIT_S = 4.0  # ONVIF lets a device wait half a second; slow ones on busy networks take longer
REPEAT_AFTER_S = 1.0  # UDP may be lost: everybody is asked twice
DEVICES_LIMIT = 256
DATAGRAMS_LIMIT = 4096


def search(
    interfaces: Iterable[Interface],
    port: int,
    *,
    wait_s: float = WAIT_S,
    clock: Clock = SYSTEM_CLOCK,
) -> list[Match]:
    """The devices that answered; DeviceError where there is no interface to ask by."""
    ids: set[str] = set()
    with contextlib.ExitStack() as opened, selectors.DefaultSelector() as selector:
        ways = []
        for interface in interfaces:
            for address in _own_addresses(interface):
                with contextlib.suppress(OSError):  # it went away meanwhile
                    way = opened.enter_context(_open(interface.index, address))
                    ways.append((way, address, interface.index))
                    selector.register(way, selectors.EVENT_READ)
        if not _send(ways, ids, port):
            raise DeviceError(
                Kind.UNAVAILABLE,
                "No network interface can ask others: is the cable in, or the Wi-Fi joined?",
            )
        began_s = clock.monotonic_s()
        found: list[Match] = []
        is_repeated = False
        taken = 0
        while (waited_s := clock.monotonic_s() - began_s) < wait_s and taken < DATAGRAMS_LIMIT:
            if not is_repeated and waited_s >= REPEAT_AFTER_S:
                is_repeated = True
                _send(ways, ids, port)
            until_s = wait_s if is_repeated else min(wait_s, max(REPEAT_AFTER_S, waited_s))
            for key, _ in selector.select(max(0.01, until_s - waited_s)):
                with contextlib.suppress(OSError):
                    data, sender = key.fileobj.recvfrom(matches.SIZE_LIMIT)  # type: ignore[union-attr]
                    taken += 1
                    found += matches.read(data, ids, sender[0])
            if len(found) > 4 * DEVICES_LIMIT:
                found = matches.merge(found, DEVICES_LIMIT)
    return matches.merge(found, DEVICES_LIMIT)


def _own_addresses(interface: Interface) -> list[IPAddress]:
    """The first IPv4 address of each network, and the link-local one of IPv6."""
    found = [address.ip for address in interface.ipv4[:4]]
    return found + [address.ip for address in interface.link_local[:1]]


def _open(index: int, address: IPAddress) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    way = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        if address.version == 4:
            chosen = struct.pack("=4s4si", b"\0" * 4, address.packed, index)
            way.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, chosen)
            way.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
            way.bind((str(address), 0))
        else:
            way.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
            way.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
            way.bind((str(address), 0, 0, index))
    except OSError:
        way.close()
        raise
    return way


def _send(ways: list[tuple[socket.socket, IPAddress, int]], ids: set[str], port: int) -> bool:
    """Whether any way took its probes; their ids are added to ids.

    Each has an id of its own: a device answers one that it heard before, by another way, never.
    """
    is_sent = False
    for way, address, index in ways:
        group = str(GROUPS[address.version])
        target = (group, port) if address.version == 4 else (group, port, 0, index)
        for types in matches.ASKED:
            id = matches.new_id()
            with contextlib.suppress(OSError):
                way.sendto(matches.probe(types, id), target)
                ids.add(id)
                is_sent = True
    return is_sent
