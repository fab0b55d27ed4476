"""The self-test: asks each part once and gathers what it says.

A check that itself breaks is a finding, never an error: /health/ must answer above all when
things are broken.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator

from nvrdevice.health import automation_checks, certificate_checks, machine_checks, part_checks
from nvrdevice.health.check import Check, Level
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock

log = logging.getLogger(__name__)

CHECKS: tuple[Callable[[], Iterable[Check]], ...] = (
    machine_checks.database,
    machine_checks.disk,
    machine_checks.clock,
    machine_checks.simulated,
    part_checks.config_folder,
    part_checks.documents,
    part_checks.first_password,
    part_checks.media_process,
    part_checks.rtsps,
    part_checks.sources,
    part_checks.recordings,
    certificate_checks.certificate,
    certificate_checks.https,
    automation_checks.schedules_understood,
    automation_checks.schedules_there,
    automation_checks.digital_channels,
    automation_checks.rules_that_act,
    automation_checks.heads_that_move,
)


RECENT_S = 5.0

_lock = threading.Lock()
_last: tuple[float, list[Check]] | None = None


def report(checks: Iterable[Callable[[], Iterable[Check]]] = CHECKS) -> list[Check]:
    return [found for check in checks for found in _guarded(check)]


def recent(clock: Clock = SYSTEM_CLOCK) -> list[Check]:
    """The report, at most RECENT_S old: however many ask, the parts are asked once."""
    global _last
    with _lock:
        if _last is None or clock.monotonic_s() - _last[0] >= RECENT_S:
            _last = (clock.monotonic_s(), report())
        return _last[1]


def _guarded(check: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    try:
        yield from check()
    except Exception:
        log.exception("The check %s broke", check.__name__)
        yield Check(
            name=check.__name__,
            level=Level.DANGER,
            text=f"The check of {check.__name__.replace('_', ' ')} could not be made.",
            fix="The device's log says why.",
        )
