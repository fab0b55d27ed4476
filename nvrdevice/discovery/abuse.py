"""Whom not to answer: repeated messages, senders who ask too often, senders from afar.

Probes are answered with more bytes than they have, to an address that may be forged: without
these limits the device would be an amplifier. All memories here are bounded and age.
"""

import ipaddress
from collections import OrderedDict
from collections.abc import Iterable

from nvrdevice.system.address_table import IPAddress

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

IDS_LIMIT = 1024
ID_AGE_S = 120.0
SOURCES_LIMIT = 512
BURST = 10.0  # answers to one sender at once …
REFILL_S = 1.0  # … and after that one in this time
TOTAL_BURST = 100.0  # the same for all senders together
TOTAL_REFILL_S = 0.05


class SeenIds:
    """Message ids heard lately: senders repeat a datagram, and it comes by several roads."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, float] = OrderedDict()

    def is_new(self, message_id: str, now_s: float) -> bool:
        while self._seen and next(iter(self._seen.values())) < now_s - ID_AGE_S:
            self._seen.popitem(last=False)
        if message_id in self._seen:
            return False
        if len(self._seen) >= IDS_LIMIT:
            self._seen.popitem(last=False)
        self._seen[message_id] = now_s
        return True


class Allowance:
    """Token buckets, one a sender and one for all."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._total = (TOTAL_BURST, 0.0)

    def grant(self, sender: str, now_s: float) -> bool:
        """Whether one more answer may go to this address."""
        level, since = self._buckets.pop(sender, (BURST, now_s))
        level = min(BURST, level + (now_s - since) / REFILL_S)
        total, since = self._total
        total = min(TOTAL_BURST, total + (now_s - since) / TOTAL_REFILL_S)
        granted = level >= 1 and total >= 1
        if granted:
            level, total = level - 1, total - 1
        if len(self._buckets) >= SOURCES_LIMIT:
            self._buckets.popitem(last=False)
        self._buckets[sender] = (level, now_s)
        self._total = (total, now_s)
        return granted


def is_local(sender: IPAddress, networks: Iterable[Network]) -> bool:
    """Whether an answer stays in a network this machine is a member of."""
    if sender.is_loopback or sender.is_link_local:
        return True
    return any(sender.version == each.version and sender in each for each in networks)
