"""UDP sockets that know which interface a datagram came by, and choose the one it leaves by.

One socket a family, joined on each interface. SO_REUSEADDR and never SO_REUSEPORT: other
programs on this machine share port 3702, and with REUSEPORT they would get our datagrams.
"""

import contextlib
import dataclasses
import errno
import ipaddress
import logging
import socket
import struct
from collections.abc import Iterable

from nvrdevice.system.address_table import IPAddress

log = logging.getLogger(__name__)

GROUPS = {4: ipaddress.ip_address("239.255.255.250"), 6: ipaddress.ip_address("ff02::c")}
DATAGRAM_SIZE = 65_535
RECEIVE_BUFFER = 256_000
# Python 3.11 has no names for these of <linux/in.h> and <linux/in6.h>.
IP_PKTINFO, IP_MULTICAST_ALL, IPV6_MULTICAST_ALL = 8, 49, 29
ANCILLARY_SIZE = 256


@dataclasses.dataclass(frozen=True)
class Datagram:
    data: bytes
    sender: IPAddress
    port: int
    interface: int
    multicast: bool
    arrived_at: IPAddress  # the address it was sent to; ours, where not multicast


class DiscoverySocket:
    def __init__(self, version: int, port: int) -> None:
        """Open and bind; OSError where this family is not there or the port is held alone."""
        self.version, self.port = version, port
        family = socket.AF_INET if version == 4 else socket.AF_INET6
        self.socket = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._joined: set[int] = set()
        try:
            self._prepare()
            self.socket.bind(("" if version == 4 else "::", port))
        except OSError:
            self.socket.close()
            raise

    def _prepare(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        if self.version == 4:
            self.socket.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
            self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
            # Only what we joined for, not what other programs on this machine joined for.
            self.socket.setsockopt(socket.IPPROTO_IP, IP_MULTICAST_ALL, 0)
        else:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
            with contextlib.suppress(OSError):  # since Linux 4.20
                self.socket.setsockopt(socket.IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0)

    def join(self, interfaces: Iterable[int]) -> None:
        """Be a member of the group on exactly these interfaces."""
        wanted = set(interfaces)
        for index in self._joined - wanted:
            with contextlib.suppress(OSError):  # gone with the interface
                self._membership(index, join=False)
            self._joined.discard(index)
        for index in wanted - self._joined:
            try:
                self._membership(index, join=True)
                self._joined.add(index)
            except OSError as error:
                if error.errno == errno.EADDRINUSE:  # the kernel kept it over a flap
                    self._joined.add(index)
                elif error.errno not in (errno.ENODEV, errno.EADDRNOTAVAIL):
                    log.warning("discovery cannot join interface %d: %s", index, error.strerror)

    def rejoin(self, indexes: set[int]) -> None:
        """Leave and join again, so that switches hear of it after a link came back."""
        members = self._joined & indexes
        self.join(self._joined - members)
        self.join(self._joined | members)

    def _membership(self, index: int, *, join: bool) -> None:
        group = GROUPS[self.version].packed
        if self.version == 4:
            option = socket.IP_ADD_MEMBERSHIP if join else socket.IP_DROP_MEMBERSHIP
            value = struct.pack("=4s4si", group, b"\0" * 4, index)
            self.socket.setsockopt(socket.IPPROTO_IP, option, value)
        else:
            option = socket.IPV6_JOIN_GROUP if join else socket.IPV6_LEAVE_GROUP
            self.socket.setsockopt(socket.IPPROTO_IPV6, option, struct.pack("=16si", group, index))

    def receive(self) -> Datagram | None:
        """The next datagram; None where there is none or it cannot be told where it came from."""
        data, ancillary, _, sender = self.socket.recvmsg(DATAGRAM_SIZE, ANCILLARY_SIZE)
        for level, kind, raw in ancillary:
            if (level, kind) == (socket.IPPROTO_IP, IP_PKTINFO) and len(raw) >= 12:
                index, _, target = struct.unpack_from("=i4s4s", raw)
            elif (level, kind) == (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO) and len(raw) >= 20:
                target, index = struct.unpack_from("=16si", raw)
            else:
                continue
            arrived_at = ipaddress.ip_address(target)
            return Datagram(
                data,
                ipaddress.ip_address(sender[0].split("%")[0]),
                sender[1],
                index,
                arrived_at.is_multicast,
                arrived_at,
            )
        return None

    def multicast(self, data: bytes, interface: int, source: IPAddress) -> None:
        self.send(data, GROUPS[self.version], self.port, interface, source)

    def send(
        self, data: bytes, to: IPAddress, port: int, interface: int, source: IPAddress
    ) -> None:
        """Send by this interface from this address of ours; failures are the network's."""
        if self.version == 4:
            info = struct.pack("=i4s4s", interface, source.packed, b"\0" * 4)
            ancillary = [(socket.IPPROTO_IP, IP_PKTINFO, info)]
            target: tuple[str, int] | tuple[str, int, int, int] = (str(to), port)
        else:
            info = struct.pack("=16si", source.packed, interface)
            ancillary = [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, info)]
            scope = interface if to.is_link_local or to.is_multicast else 0
            target = (str(to), port, 0, scope)
        try:
            self.socket.sendmsg([data], ancillary, 0, target)
        except OSError as error:
            log.debug("discovery cannot send to %s: %s", to, error.strerror)

    def close(self) -> None:
        self.socket.close()
