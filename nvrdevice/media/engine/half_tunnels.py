"""RTSP tunnels of which only one half has come yet: few, and not for long.

A tunnel through HTTP is two connections with one session cookie (Streaming 5.1.1.4). The RTSP
server waits for the other half as long as the first lives, so a flood of them would take every
place. A whole tunnel may lose its POST and be given another, as old clients do.
"""

import re
from dataclasses import dataclass
from typing import Protocol

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock

LIMIT = 96
PER_ADDRESS_LIMIT = 48  # a recorder with as many channels may begin all at once
WAIT_S = 10.0  # between GET and POST lies one round trip
GIVE_WAY_S = 1.0  # after which a half makes room for another when there is none

_COOKIE = re.compile(rb"(?im)^x-sessioncookie[ \t]*:[ \t]*(\S+)")


class Connection(Protocol):
    def closed(self) -> bool: ...

    def drop(self) -> None:
        """Ends it, wherever the RTSP server has got with it."""
        ...


@dataclass(frozen=True)
class _Half:
    method: bytes
    address: str
    since_s: float
    connection: Connection


class HalfTunnels:
    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock
        self._halves: dict[bytes, _Half] = {}
        self._whole: dict[bytes, Connection] = {}  # the GET of each, which is the tunnel's life

    def make_room(self, first: bytes, address: str) -> bool:
        """Whether a connection that begins so may come; only first halves are ever too many."""
        method, cookie = _read(first)
        if not cookie or self._belongs(method, cookie):
            return True
        beside = [one for one in self._halves.items() if one[1].address == address]
        if len(beside) >= PER_ADDRESS_LIMIT:
            return self._give_way(beside)
        return len(self._halves) < LIMIT or self._give_way(list(self._halves.items()))

    def came(self, first: bytes, address: str, connection: Connection) -> None:
        method, cookie = _read(first)
        if not cookie:
            return
        if not self._belongs(method, cookie):
            before = self._halves.get(cookie)
            if before is not None:
                before.connection.drop()  # the server forgets it for the one with its cookie
            self._halves[cookie] = _Half(method, address, self._clock.monotonic_s(), connection)
        elif cookie in self._halves:
            other = self._halves.pop(cookie)
            self._whole[cookie] = connection if method == b"GET" else other.connection

    def sweep(self) -> int:
        """Drop the halves that waited too long; how many."""
        oldest_s = self._clock.monotonic_s() - WAIT_S
        late = {cookie: one for cookie, one in self._halves.items() if one.since_s <= oldest_s}
        for cookie, one in late.items():
            del self._halves[cookie]
            one.connection.drop()
        self._whole = {cookie: get for cookie, get in self._whole.items() if not get.closed()}
        return len(late)

    @property
    def waiting(self) -> int:
        return len(self._halves)

    def _give_way(self, halves: list[tuple[bytes, _Half]]) -> bool:
        cookie, oldest = min(halves, key=lambda one: one[1].since_s)
        if oldest.since_s > self._clock.monotonic_s() - GIVE_WAY_S:
            return False
        del self._halves[cookie]
        oldest.connection.drop()
        return True

    def _belongs(self, method: bytes, cookie: bytes) -> bool:
        """Whether it is the other half of one that waits, or another POST of a whole tunnel."""
        if cookie in self._halves:
            return self._halves[cookie].method != method
        get = self._whole.get(cookie)
        return method == b"POST" and get is not None and not get.closed()


def _read(first: bytes) -> tuple[bytes, bytes]:
    """Method and session cookie of the first request."""
    head = first.partition(b"\r\n\r\n")[0]
    found = _COOKIE.search(head)
    return head.partition(b" ")[0], (found[1] if found else b"")
