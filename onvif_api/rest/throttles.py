"""How many requests a minute each role has; strangers share theirs per address.

A bucket fills evenly up to one minute's worth, so a burst is fine and a flood is not. In memory
and bounded: forgetting a bucket only means that it is full again.
"""

import math
import threading
from collections import OrderedDict

from nvrdevice.accounts import networks
from nvrdevice.accounts.book import Account
from nvrdevice.accounts.levels import Level
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import Kind
from onvif_api.rest.errors import RestError

PER_MINUTE = {
    Level.ANONYMOUS: 120,
    Level.USER: 300,
    Level.OPERATOR: 600,
    Level.ADMINISTRATOR: 600,
}
BUCKETS_KEPT = 2048


class Throttle:
    """Safe in any thread."""

    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock
        self._buckets: OrderedDict[tuple[Level, str], tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, account: Account | None, address: str) -> None:
        """Count one request; RestError with the seconds to wait where there is no room."""
        level = account.level if account is not None else Level.ANONYMOUS
        who = account.username if account is not None else networks.one_client(address)
        wait_s = self._take(level, who)
        if wait_s > 0:
            raise RestError(
                Kind.LIMIT,
                f"More than {PER_MINUTE[level]} requests in a minute: "
                f"wait {wait_s} s, then ask less often.",
                code="throttled",
                status=429,
                wait_s=wait_s,
            )

    def _take(self, level: Level, who: str) -> int:
        most = float(PER_MINUTE[level])
        per_s = most / 60
        now_s = self._clock.monotonic_s()
        with self._lock:
            left, at_s = self._buckets.get((level, who), (most, now_s))
            left = min(most, left + (now_s - at_s) * per_s)
            if left < 1:
                return math.ceil((1 - left) / per_s)
            self._buckets[level, who] = (left - 1, now_s)
            self._buckets.move_to_end((level, who))
            while len(self._buckets) > BUCKETS_KEPT:
                self._buckets.popitem(last=False)
        return 0


_throttle = Throttle()


def throttle() -> Throttle:
    """The one of this process."""
    return _throttle


def use(other: Throttle) -> None:
    """Make other the throttle of this process."""
    global _throttle
    _throttle = other
