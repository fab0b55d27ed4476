"""The device's voice in WS-Discovery: answers Probe and Resolve, says Hello and Bye.

Runs in one asyncio loop. Facts (scopes, addresses, interfaces) are read anew every few
seconds and when changed() is called; a difference raises MetadataVersion and is told by a
Hello. No datagram, whatever it holds, may end the loop: everything is bounded and caught.
"""

import asyncio
import contextlib
import dataclasses
import logging
import random
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from nvrdevice import clients
from nvrdevice.discovery import abuse, addresses, matching, messages
from nvrdevice.discovery.counters import Counters
from nvrdevice.discovery.messages import Description, Probe, Resolve
from nvrdevice.discovery.sockets import Datagram, DiscoverySocket
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.system.address_table import IPAddress
from nvrdevice.system.interfaces import Interface, local_networks

log = logging.getLogger(__name__)

APP_MAX_DELAY_S = 0.5  # WS-Discovery: multicast answers are spread over this time
REPEAT_S = (0.05, 0.25)  # SOAP-over-UDP: each message goes out once more after this
LOOK_S = 3.0
HURRY_S = 0.3
DATAGRAMS_A_TURN = 32
WAITING_LIMIT = 200  # answers that wait for their delay


@dataclasses.dataclass(frozen=True)
class Facts:
    """What the device is just now; gathered by a function, so that tests have their own.

    announced: interfaces that NVRs are told of. joined: those plus loopback.
    """

    discoverable: bool
    endpoint: str
    scopes: tuple[str, ...]
    port: int
    open_on: frozenset[IPAddress]
    announced: tuple[Interface, ...]
    joined: tuple[Interface, ...]
    answer_foreign_networks: bool = False
    secure: bool = False  # the port is one of HTTPS


NOTHING = Facts(
    discoverable=False,
    endpoint="",
    scopes=(),
    port=0,
    open_on=frozenset(),
    announced=(),
    joined=(),
)


class Responder:
    def __init__(
        self,
        folder: Path,
        port: int,
        gather: Callable[[], Facts],
        *,
        clock: Clock = SYSTEM_CLOCK,
        look_s: float = LOOK_S,
    ) -> None:
        """folder: where the rising numbers are kept. port: UDP, 3702 outside of tests."""
        self._port, self._gather, self._clock, self._look_s = port, gather, clock, look_s
        self._counters = Counters(folder, clock)
        self._seen, self._allowance = abuse.SeenIds(), abuse.Allowance()
        self._sockets: list[DiscoverySocket] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._look_now = asyncio.Event()
        self._facts = NOTHING
        self._networks: tuple[abuse.Network, ...] = ()
        self._greeted: int | None = None  # the metadata version of the last Hello

    async def start(self) -> None:
        """Open the sockets and begin to listen; OSError where UDP cannot be had at all."""
        for version in (4, 6):
            try:
                self._sockets.append(DiscoverySocket(version, self._port))
            except OSError as error:
                if version == 4:
                    raise
                log.info("discovery without IPv6: %s", error.strerror)
        with contextlib.suppress(Exception):  # _watch looks again, and says what is wrong
            self._use(await asyncio.to_thread(self._gather))
        loop = asyncio.get_running_loop()
        for each in self._sockets:
            loop.add_reader(each.socket, self._drain, each)
        self._spawn(self._watch())

    async def stop(self) -> None:
        """Say Bye and close; what still waited to be sent is dropped."""
        loop = asyncio.get_running_loop()
        for each in self._sockets:
            loop.remove_reader(each.socket)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._greeted is not None:
            self._send_to_all(self._announcement(messages.bye))
        for each in self._sockets:
            each.close()
        self._sockets.clear()

    def changed(self) -> None:
        """Look at the facts now: scopes, mode, name or ports may be others."""
        self._look_now.set()

    # -- what we say by ourselves

    async def _watch(self) -> None:
        await asyncio.sleep(random.uniform(0, APP_MAX_DELAY_S))  # noqa: S311 - spreads load
        trouble = ""
        while True:
            self._look_now.clear()
            try:
                await self._look()
                trouble = ""
            except Exception as error:  # discovery goes on with what it knew; said once
                if trouble != repr(error):
                    trouble = repr(error)
                    log.exception("discovery cannot read the state of the device")
            hurry = self._facts.discoverable and self._greeted is None  # the web server starts
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(
                    self._look_now.wait(), min(HURRY_S, self._look_s) if hurry else self._look_s
                )

    async def _look(self) -> None:
        before = self._facts
        self._use(await asyncio.to_thread(self._gather))
        returned = _returned(before, self._facts)
        for each in self._sockets:
            each.rejoin(returned)
        version = self._counters.metadata_version
        if not self._facts.discoverable or not any(self._told()):
            self._greeted = None  # a Hello is due when it is discoverable or reachable again
        elif version != self._greeted or returned:
            self._greeted = version
            hellos = self._announcement(messages.hello)
            self._send_to_all(hellos)
            await asyncio.sleep(random.uniform(*REPEAT_S))  # noqa: S311
            self._send_to_all(hellos)

    def _use(self, facts: Facts) -> None:
        self._facts = facts
        self._networks = local_networks(facts.joined)
        for each in self._sockets:
            each.join(
                interface.index
                for interface in facts.joined
                if (interface.ipv4 if each.version == 4 else interface.ipv6)
            )
        told = tuple(url for urls in self._told() for url in urls)
        if told:  # a web server that is away for a moment is no change of address
            self._counters.describe(tuple(messages.TYPES), facts.scopes, told)

    def _told(self) -> list[tuple[str, ...]]:
        """The XAddrs of each announced interface."""
        return [
            self._describe(each, (*each.ipv4, *each.ipv6)[0].ip).xaddrs
            for each in self._facts.announced
        ]

    def _announcement(
        self, message: Callable[[Description, messages.Sequence], bytes]
    ) -> list[tuple[DiscoverySocket, bytes, int, IPAddress]]:
        """One message an interface and family, each with the addresses of that interface."""
        found = []
        for interface in self._facts.joined:
            for each in self._sockets:
                source = _source(interface, each.version)
                if source is None:
                    continue
                description = self._describe(interface, source)
                if description.xaddrs:
                    data = message(description, self._counters.next())
                    found.append((each, data, interface.index, source))
        return found

    @staticmethod
    def _send_to_all(sendings: list[tuple[DiscoverySocket, bytes, int, IPAddress]]) -> None:
        for on, data, index, source in sendings:
            on.multicast(data, index, source)

    # -- what we say when asked

    def _drain(self, on: DiscoverySocket) -> None:
        for _ in range(DATAGRAMS_A_TURN):
            try:
                datagram = on.receive()
            except BlockingIOError:
                return
            except OSError as error:  # an ICMP answer to one of ours
                log.debug("discovery: %s", error.strerror)
                continue
            if datagram is None:
                continue
            try:
                self._answer(datagram, on)
            except Exception:
                log.exception("discovery cannot answer %s", datagram.sender)

    def _answer(self, datagram: Datagram, on: DiscoverySocket) -> None:
        facts = self._facts
        if not facts.discoverable or datagram.port == 0:
            return
        if not facts.answer_foreign_networks and not abuse.is_local(
            datagram.sender, self._networks
        ):
            return
        asked = self._asked(datagram, on.version)
        if asked is None:
            return
        request = messages.read_request(datagram.data)
        now_s = self._clock.monotonic_s()
        if request is None or not self._seen.is_new(request.message_id, now_s):
            return
        answer = self._answer_to(request, self._describe(*asked), multicast=datagram.multicast)
        if answer is None or len(self._tasks) >= WAITING_LIMIT:
            return
        if self._allowance.grant(str(datagram.sender), now_s):
            clients.note_search(str(datagram.sender))
            self._spawn(self._send(answer, datagram, on, asked[1]))

    def _asked(self, datagram: Datagram, version: int) -> tuple[Interface, IPAddress] | None:
        """The interface a datagram is for, and the address of ours that answers it."""
        for each in self._facts.joined:
            if datagram.multicast and each.index == datagram.interface:
                source = _source(each, version)
                return None if source is None else (each, source)
            if any(own.ip == datagram.arrived_at for own in (*each.ipv4, *each.ipv6)):
                return each, datagram.arrived_at
        return None

    def _answer_to(
        self, request: Probe | Resolve, description: Description, *, multicast: bool
    ) -> bytes | None:
        if isinstance(request, Resolve):
            if request.endpoint != description.endpoint or not description.xaddrs:
                return None
            return messages.resolve_match(description, self._counters.next(), request.message_id)
        try:
            meant = matching.matches(request, description.scopes)
        except matching.UnknownRule:
            if multicast:  # a fault from every device on the network would be a storm
                return None
            return messages.matching_rule_fault(
                matching.RULES, self._counters.next(), request.message_id
            )
        if not meant or not description.xaddrs:
            return None
        return messages.probe_match(description, self._counters.next(), request.message_id)

    async def _send(
        self, answer: bytes, datagram: Datagram, on: DiscoverySocket, source: IPAddress
    ) -> None:
        if datagram.multicast:
            await asyncio.sleep(random.uniform(0, APP_MAX_DELAY_S))  # noqa: S311
        on.send(answer, datagram.sender, datagram.port, datagram.interface, source)
        await asyncio.sleep(random.uniform(*REPEAT_S))  # noqa: S311
        on.send(answer, datagram.sender, datagram.port, datagram.interface, source)

    def _describe(self, interface: Interface, asked_at: IPAddress) -> Description:
        reachable = addresses.reachable(interface, self._facts.open_on)
        return Description(
            self._facts.endpoint,
            self._facts.scopes,
            addresses.xaddrs(reachable, self._facts.port, asked_at, secure=self._facts.secure),
            self._counters.metadata_version,
        )

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _source(interface: Interface, version: int) -> IPAddress | None:
    """The address our own messages leave from: for IPv6 the link-local one, as ff02:: is."""
    if version == 4:
        return next((address.ip for address in interface.ipv4), None)
    local = interface.link_local or interface.ipv6
    return next((address.ip for address in local), None)


def _returned(before: Facts, now: Facts) -> set[int]:
    """Interfaces whose link came back or that got an address since the last look."""
    if before is NOTHING:
        return set()

    def alive(facts: Facts) -> dict[int, frozenset[IPAddress]]:
        return {
            each.index: frozenset(own.ip for own in (*each.ipv4, *each.ipv6))
            for each in facts.joined
            if each.running
        }

    old, new = alive(before), alive(now)
    return {index for index, own in new.items() if own - old.get(index, frozenset())}
