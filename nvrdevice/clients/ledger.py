"""Who talked to us, held in memory: bounded in count and age, and told apart from strangers.

Whoever has not signed in shares places only with others who have not: a stranger that floods
the device never pushes out what is known of a configured NVR. Times are seconds since 1970.
Safe in any thread; noting a call costs a few microseconds.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nvrdevice.clients.journeys import PLAYED, SEARCHED, Journeys

CALLS_KEPT = 200  # of those who signed in, and as many of strangers
CALLERS_KEPT = 128  # the same
AGENTS_PER_ADDRESS = 6
OPERATIONS_KEPT = 60  # names, of one caller
REFUSALS_KEPT = 256
REFUSALS_PER_ADDRESS = 16
PROBES_KEPT = 128
STREAMS_KEPT = 512
DAY_S = 86_400.0
CALLS_AGE_S = DAY_S
AGE_S = 30 * DAY_S
REFUSALS_AGE_S = 7 * DAY_S
NAME_LENGTH = 64
OTHER_AGENTS = "(many names)"


class Call(NamedTuple):
    at: float
    address: str
    agent: str
    username: str
    operation: str
    result: str  # "ok" or the fault
    ms: float


@dataclass
class Caller:
    """One program at one address, as it called us."""

    address: str
    agent: str
    first: float
    last: float = 0.0
    username: str = ""
    requests: int = 0
    errors: int = 0
    operations: dict[str, int] = field(default_factory=dict)


@dataclass
class Refusal:
    """Tries to sign in that were refused for one reason, counted together."""

    address: str
    username: str
    protocol: str
    reason: str  # the name of accounts.refusals.Reason
    note: str
    first: float
    last: float
    count: int = 1


@dataclass
class Search:
    """WS-Discovery requests of one address."""

    address: str
    first: float
    last: float
    count: int = 0


@dataclass(frozen=True)
class Stream:
    """Somebody plays a profile over RTSP just now."""

    key: str
    address: str
    username: str
    path: str
    transport: str
    agent: str
    since: float


class Ledger:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self._strange_calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self._callers: OrderedDict[tuple[str, str], Caller] = OrderedDict()
        self._strangers: OrderedDict[tuple[str, str], Caller] = OrderedDict()
        self._refusals: OrderedDict[tuple[str, str, str, str], Refusal] = OrderedDict()
        self._searches: OrderedDict[str, Search] = OrderedDict()
        self._streams: dict[str, Stream] = {}
        self.journeys = Journeys()
        self.changes = 0  # counts up with whatever is noted

    def call(
        self,
        at: float,
        address: str,
        agent: str,
        username: str,
        operation: str,
        result: str,
        ms: float,
    ) -> None:
        noted = Call(at, address, agent, username[:NAME_LENGTH], operation, result, ms)
        with self._lock:
            self.changes += 1
            (self._calls if username else self._strange_calls).append(noted)
            caller = self._caller(address, agent, username, at)
            caller.last = at
            caller.requests += 1
            if result != "ok":
                caller.errors += 1
            count = caller.operations.get(operation)
            if count is not None or len(caller.operations) < OPERATIONS_KEPT:
                caller.operations[operation] = (count or 0) + 1
        self.journeys.call(at, address, username, operation, result)

    def _caller(self, address: str, agent: str, username: str, at: float) -> Caller:
        key = address, agent
        caller = self._callers.get(key)
        if caller is None and not username:
            return self._stranger(key, at)
        if caller is None:
            caller = _place(self._callers, key, at)
            before = self._strangers.pop(key, None)
            if before is not None and before.agent == caller.agent:
                vars(caller).update(vars(before))
        self._callers.move_to_end((address, caller.agent))
        if username:
            caller.username = username[:NAME_LENGTH]
        return caller

    def _stranger(self, key: tuple[str, str], at: float) -> Caller:
        found = self._strangers.get(key)
        if found is None:
            return _place(self._strangers, key, at)
        self._strangers.move_to_end(key)
        return found

    def refusal(
        self, at: float, address: str, username: str, protocol: str, reason: str, note: str
    ) -> None:
        key = address, username[:NAME_LENGTH], protocol, reason
        with self._lock:
            self.changes += 1
            found = self._refusals.pop(key, None)
            if found is None:
                found = Refusal(*key[:4], note=note, first=at, last=at, count=0)
                own = [each for each in self._refusals if each[0] == address]
                if len(own) >= REFUSALS_PER_ADDRESS:
                    del self._refusals[own[0]]
            found.count += 1
            found.last, found.note = at, note
            _keep(self._refusals, key, found, REFUSALS_KEPT)

    def search(self, at: float, address: str) -> None:
        with self._lock:
            self.changes += 1
            found = self._searches.get(address) or Search(address, first=at, last=at)
            found.count += 1
            found.last = at
            _keep(self._searches, address, found, PROBES_KEPT)
        self.journeys.step(at, address, SEARCHED)

    def step(self, at: float, address: str, step: str, path: str = "") -> None:
        """What the RTSP server sees of a client, by the names of journeys."""
        self.changes += step == PLAYED
        self.journeys.step(at, address, step, path=path)

    def clock(self, at: float, address: str, off_s: float) -> None:
        """By how much a client's clock is ahead of ours; it says so with every request."""
        self.journeys.clock(at, address, off_s)

    def streams_are(self, streams: Iterable[Stream]) -> None:
        """All streams there are just now, as the process that serves them says."""
        with self._lock:
            self._streams = {each.key: each for each in streams}

    def calls(self, now: float) -> list[Call]:
        """The newest CALLS_KEPT, newest first; strangers never take more than half from others."""
        with self._lock:
            known, strange = list(self._calls), list(self._strange_calls)
        room = CALLS_KEPT - len(known)
        strange = strange[-max(room, CALLS_KEPT // 2) :]
        known = known[-(CALLS_KEPT - len(strange)) :]
        found = sorted((*known, *strange), key=lambda call: call.at, reverse=True)
        return [call for call in found if now - call.at < CALLS_AGE_S]

    def callers(self, now: float) -> list[Caller]:
        with self._lock:
            found = [*self._callers.values(), *self._strangers.values()]
            return [_copy(each) for each in found if now - each.last < AGE_S]

    def refusals(self, now: float) -> list[Refusal]:
        """Newest first."""
        with self._lock:
            found = [Refusal(**vars(each)) for each in self._refusals.values()]
        return [each for each in reversed(found) if now - each.last < REFUSALS_AGE_S]

    def searches(self, now: float) -> list[Search]:
        with self._lock:
            found = [Search(**vars(each)) for each in self._searches.values()]
        return [each for each in reversed(found) if now - each.last < AGE_S]

    def streams(self) -> list[Stream]:
        with self._lock:
            return sorted(self._streams.values(), key=lambda each: each.since)

    def plain(self) -> dict[str, Any]:
        """What is worth keeping over a restart, as JSON values; streams end with it."""
        with self._lock:
            callers = [*self._callers.values(), *self._strangers.values()]
            return {
                "calls": [list(call) for call in (*self._strange_calls, *self._calls)],
                "callers": [vars(_copy(each)) for each in callers],
                "refusals": [dict(vars(each)) for each in self._refusals.values()],
                "searches": [dict(vars(each)) for each in self._searches.values()],
                "journeys": self.journeys.plain(),
            }

    def restore(self, plain: dict[str, Any]) -> None:
        """Begin with what was kept; raises where it is not what plain() makes."""
        calls = [Call(*each) for each in plain["calls"]]
        callers = [Caller(**each) for each in plain["callers"]]
        refusals = [Refusal(**each) for each in plain["refusals"]]
        searches = [Search(**each) for each in plain["searches"]]
        with self._lock:
            for call in calls:
                (self._calls if call.username else self._strange_calls).append(call)
            for caller in callers:
                home = self._callers if caller.username else self._strangers
                _keep(home, (caller.address, caller.agent), caller, CALLERS_KEPT)
            for refusal in refusals:
                key = refusal.address, refusal.username, refusal.protocol, refusal.reason
                _keep(self._refusals, key, refusal, REFUSALS_KEPT)
            for search in searches:
                _keep(self._searches, search.address, search, PROBES_KEPT)
        self.journeys.restore(plain.get("journeys", []))  # older files have none


def _place(
    callers: "OrderedDict[tuple[str, str], Caller]", key: tuple[str, str], at: float
) -> Caller:
    """Who calls itself by ever new names gets one place for all of them."""
    address, agent = key
    if sum(beside == address for beside, _ in callers) >= AGENTS_PER_ADDRESS:
        agent = OTHER_AGENTS
    found = callers.get((address, agent)) or Caller(address, agent, at)
    _keep(callers, (address, agent), found, CALLERS_KEPT)
    return found


def _keep(table: "OrderedDict[Any, Any]", key: Any, value: Any, most: int) -> None:
    """Put value last; the one that was not heard of for longest makes room."""
    table[key] = value
    table.move_to_end(key)
    while len(table) > most:
        table.popitem(last=False)


def _copy(caller: Caller) -> Caller:
    return Caller(**{**vars(caller), "operations": dict(caller.operations)})
