"""A responder on loopback without the rest of the device, and a client beside it."""

import asyncio
import contextlib
import dataclasses
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from nvrdevice.discovery.responder import Facts, Responder
from nvrdevice.lib.clock import ManualClock
from nvrdevice.system.address_table import Address
from nvrdevice.system.interfaces import Interface
from tests.nvrdevice.discovery.probes import Heard
from tests.ports import free_port

GROUP = "239.255.255.250"
HERE = "127.0.0.1"
EVERYWHERE = frozenset({ip_address("0.0.0.0")})
LOOPBACK = Interface(
    name="lo",
    index=socket.if_nametoindex("lo"),
    loopback=True,
    ipv4=(Address(1, ip_address(HERE), 8, given=False),),
)
EYE = Facts(
    discoverable=True,
    endpoint="urn:uuid:b4c23cb8-88b4-5abc-a32f-af3d51c103e4",
    scopes=("onvif://www.onvif.org/Profile/Streaming", "onvif://www.onvif.org/name/Eye"),
    port=8000,
    open_on=EVERYWHERE,
    announced=(LOOPBACK,),
    joined=(LOOPBACK,),
)
STANDING = ManualClock(datetime(2030, 1, 1, tzinfo=UTC))  # allowances never refill
PATIENCE_S = 5.0  # only ever spent by a test that fails


class Client:
    """Sends to the device, hears its answers and, as a member of the group, its Hellos."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._asking = self._socket()
        self._asking.bind((HERE, 0))
        self._asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(HERE))
        self._listening = self._socket()
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listening.bind((GROUP, port))
        membership = socket.inet_aton(GROUP) + socket.inet_aton(HERE)
        self._listening.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)

    @staticmethod
    def _socket() -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.setblocking(False)
        return made

    def ask(self, data: bytes) -> None:
        """By unicast: answered at once and in order."""
        self._asking.sendto(data, (HERE, self.port))

    def ask_everybody(self, data: bytes) -> None:
        self._asking.sendto(data, (GROUP, self.port))

    async def answer(self) -> Heard:
        return await self._next(self._asking)

    async def answers(self, quiet_s: float = 1.0) -> list[Heard]:
        """All answers, until none came for a while."""
        heard = []
        with contextlib.suppress(TimeoutError):
            while True:
                heard.append(await self._next(self._asking, quiet_s))
        return heard

    async def announcement(self, action: str) -> Heard:
        """The next Hello or Bye; what other clients sent to the group is passed over."""
        while True:
            heard = await self._next(self._listening)
            if heard.action == action:
                return heard

    @staticmethod
    async def _next(on: socket.socket, timeout_s: float = PATIENCE_S) -> Heard:
        loop = asyncio.get_running_loop()
        return Heard(await asyncio.wait_for(loop.sock_recv(on, 65_535), timeout_s))

    def close(self) -> None:
        self._asking.close()
        self._listening.close()


class Device:
    """A responder whose facts the test changes."""

    def __init__(self, folder: Path, facts: Facts = EYE) -> None:
        self.facts = facts
        self.port = free_port(socket.SOCK_DGRAM)
        self.trouble: Exception | None = None
        self.responder = Responder(folder, self.port, self._gather, clock=STANDING)

    def _gather(self) -> Facts:
        if self.trouble is not None:
            raise self.trouble
        return self.facts

    def become(self, **changes: object) -> None:
        self.facts = dataclasses.replace(self.facts, **changes)  # type: ignore[arg-type]
        self.responder.changed()


@contextlib.asynccontextmanager
async def running(
    folder: Path, facts: Facts = EYE, *, greeted: bool = True
) -> AsyncIterator[tuple[Device, Client]]:
    """A device that has said its Hello, and a client."""
    device = Device(folder, facts)
    client = Client(device.port)
    await device.responder.start()
    try:
        if greeted:
            await client.announcement("Hello")
        yield device, client
    finally:
        await device.responder.stop()
        client.close()
