"""Whether this machine's clock may be held against a client's.

A board without a real-time clock wakes up with the time of its last shutdown, or of 1970, and is
wrong until its time client has reached a server. Where there is a real-time clock, or nobody who
could set the clock over the network, the time is what people made it, and counts.
"""

from collections.abc import Callable
from pathlib import Path

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.system import date_time, machine_root, ntp

REAL_TIME_CLOCKS = "sys/class/rtc"
LOOK_S = 1.0  # a stranger's wrong token must not make us look more often


class ClockTrust:
    """Called for a token whose time is far from ours; once trusted, always trusted."""

    def __init__(
        self,
        *,
        root: Path = machine_root.ROOT,
        synchronised: Callable[[], bool] = date_time.synchronised,
        client: Callable[[], str] = ntp.client,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._root, self._synchronised, self._client, self._clock = (
            root,
            synchronised,
            client,
            clock,
        )
        self._trusted = False
        self._look_at_s = float("-inf")

    def __call__(self) -> bool:
        now_s = self._clock.monotonic_s()
        if not self._trusted and now_s >= self._look_at_s:
            self._look_at_s = now_s + LOOK_S
            self._trusted = (
                any((self._root / REAL_TIME_CLOCKS).glob("rtc*"))
                or not self._client()
                or self._synchronised()
            )
        return self._trusted
