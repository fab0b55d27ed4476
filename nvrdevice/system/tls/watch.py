"""Takes back what nobody kept, and renews what the device made itself, until it is stopped."""

import logging
import threading

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.system.tls import changing

log = logging.getLogger(__name__)

LOOK_S = 1.0
RENEW_LOOK_S = 60.0  # soon after a clock without a battery was set


class Watch:
    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock
        self._ending = threading.Event()
        self._renew_at_s = 0.0

    def run(self) -> None:
        while not self._ending.wait(LOOK_S):
            self.look()

    def stop(self) -> None:
        self._ending.set()

    def look(self) -> None:
        try:
            changing.settle(self._clock)
            if self._clock.monotonic_s() >= self._renew_at_s:
                self._renew_at_s = self._clock.monotonic_s() + RENEW_LOOK_S
                changing.renew_when_due(self._clock)
        except Exception:  # a full disk must not end the watch
            log.exception("Looking after the certificate failed")
