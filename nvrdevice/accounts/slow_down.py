"""Failed tries make the next ones wait: per user and address, and per address.

The wait doubles up to MAX_WAIT_S and never becomes a ban. What another address does never
delays anybody, and a client that signed in before is not delayed by the other users its address
tries. Time is the monotonic clock's; every table is bounded.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

MAX_WAIT_S = 30.0
PAIR_FREE = 4  # failures of one user at one address before the first wait
ADDRESS_FREE = 19
FORGET_S = 900.0  # without a failure for so long, all is forgiven
TRUST_S = 7 * 86_400.0
ADDRESSES_KEPT = 4096
PAIRS_KEPT = 32  # per address, so that one attacker only pushes out what is its own
TRUSTED_KEPT = 1024


@dataclass
class _Count:
    failures: int = 0
    until_s: float = 0.0
    last_s: float = 0.0

    def fail(self, free: int, now_s: float) -> None:
        if now_s - self.last_s > FORGET_S:
            self.failures = 0
        self.failures += 1
        self.last_s = now_s
        over = self.failures - free
        if over > 0:
            self.until_s = now_s + min(2.0 ** min(over - 1, 10), MAX_WAIT_S)

    def wait_s(self, now_s: float) -> float:
        return max(0.0, self.until_s - now_s)


@dataclass
class _Address:
    total: _Count = field(default_factory=_Count)
    pairs: "OrderedDict[str, _Count]" = field(default_factory=OrderedDict)


class SlowDown:
    """Safe in any thread. Addresses are names of one client (networks.one_client)."""

    def __init__(self) -> None:
        self._addresses: OrderedDict[str, _Address] = OrderedDict()
        self._trusted: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, username: str, address: str, now_s: float) -> float:
        """How long this user at this address must still wait; 0 when a try will be looked at."""
        with self._lock:
            found = self._addresses.get(address)
            if found is None:
                return 0.0
            pair = found.pairs.get(username)
            wait_s = pair.wait_s(now_s) if pair is not None else 0.0
            trusted_s = self._trusted.get((username, address))
            if trusted_s is None or now_s - trusted_s > TRUST_S:
                wait_s = max(wait_s, found.total.wait_s(now_s))
            return wait_s

    def address_wait_s(self, address: str, now_s: float) -> float:
        """How long nobody at this address is looked at; 0 where somebody signed in before."""
        with self._lock:
            found = self._addresses.get(address)
            wait_s = found.total.wait_s(now_s) if found is not None else 0.0
            if wait_s and any(
                where == address and now_s - at_s <= TRUST_S
                for (_, where), at_s in self._trusted.items()
            ):
                return 0.0
            return wait_s

    def failed(self, username: str, address: str, now_s: float) -> tuple[int, float]:
        """Count a wrong try; failures of the user at this address so far, and the wait now."""
        with self._lock:
            found = self._addresses.setdefault(address, _Address())
            self._addresses.move_to_end(address)
            pair = found.pairs.setdefault(username, _Count())
            found.pairs.move_to_end(username)
            pair.fail(PAIR_FREE, now_s)
            found.total.fail(ADDRESS_FREE, now_s)
            while len(found.pairs) > PAIRS_KEPT:
                found.pairs.popitem(last=False)
            while len(self._addresses) > ADDRESSES_KEPT:
                self._addresses.popitem(last=False)
            return pair.failures, pair.wait_s(now_s)

    def refund(self, username: str, address: str) -> None:
        """Take back a try that was counted before it was looked at, and turned out right."""
        with self._lock:
            found = self._addresses.get(address)
            if found is not None and found.total.failures:
                found.total.failures -= 1
                if found.total.failures <= ADDRESS_FREE:
                    found.total.until_s = 0.0

    def lift(self, username: str) -> None:
        """Forget what was held against this user, at every address and against the address."""
        with self._lock:
            for found in self._addresses.values():
                pair = found.pairs.pop(username, None)
                if pair is None:
                    continue
                found.total.failures = max(0, found.total.failures - pair.failures)
                if found.total.failures <= ADDRESS_FREE:
                    found.total.until_s = 0.0

    def succeeded(self, username: str, address: str, now_s: float) -> bool:
        """Forgive this user here; whether there was anything to forgive.

        The address's own count stays: with one account of its own an attacker could else wipe it.
        """
        with self._lock:
            self._trusted[username, address] = now_s
            self._trusted.move_to_end((username, address))
            while len(self._trusted) > TRUSTED_KEPT:
                self._trusted.popitem(last=False)
            found = self._addresses.get(address)
            return found is not None and found.pairs.pop(username, None) is not None
