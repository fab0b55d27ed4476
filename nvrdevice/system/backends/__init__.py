"""What sets this machine's clock: systemd's timedated, a simulation, or nothing.

Chosen once for each process. Where nothing real is there, the functions are off and say why;
nothing is pretended.
"""

import functools
import logging
from datetime import datetime
from typing import Protocol

from nvrdevice.system import machine_root

log = logging.getLogger(__name__)

# What a backend may be able to set.
ZONE, TIME, NTP, SERVERS = "zone", "time", "ntp", "servers"


class ClockBackend(Protocol):
    """Each function raises DeviceError(UNAVAILABLE) where the machine refuses."""

    name: str

    def why_not(self, what: str) -> str:
        """ "" where `what` (ZONE, TIME, NTP, SERVERS) can be set, else a sentence with a remedy."""
        ...

    def set_zone(self, name: str) -> None: ...

    def set_time(self, utc: datetime) -> None:
        """NTP is off by then."""
        ...

    def set_ntp(self, *, on: bool) -> None: ...

    def set_servers(self, servers: tuple[str, ...]) -> None:
        """An empty tuple: those of the machine's own configuration."""
        ...


@functools.cache
def clock() -> ClockBackend:
    """The one of this machine."""
    from nvrdevice.system.backends import simulated, timedated

    if machine_root.is_simulated():
        log.warning("Clock and time zone are simulated: what is set changes nothing here.")
        return simulated.Simulated(machine_root.simulated())
    return timedated.Timedated()
