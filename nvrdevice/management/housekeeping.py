"""What must be swept now and then, so that nothing grows for years."""

import logging
from collections.abc import Callable

from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections

from nvrdevice.audit import trail
from nvrdevice.events import pruning, pull_points
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.recordings import exporting

log = logging.getLogger(__name__)

EVERY_S = 600.0
CHUNKS = 20  # of the journal in one round: the writer is shared with those who publish

Task = tuple[str, Callable[[], object]]


def tasks(clock: Clock = SYSTEM_CLOCK) -> tuple[Task, ...]:
    return (
        ("the journal of events", lambda: _prune(clock)),
        ("expired pull points", lambda: pull_points.reap(clock)),
        ("the audit trail", trail.prune),
        ("downloads of yesterday", lambda: exporting.sweep(clock=clock)),
        ("expired sign-ins", SessionStore.clear_expired),
    )


def sweep(todo: tuple[Task, ...]) -> list[str]:
    """Do each task, whatever becomes of the others; the names of those that failed."""
    failed = []
    for name, task in todo:
        try:
            task()
        except Exception:
            log.exception("%s could not be swept", name)
            close_old_connections()
            failed.append(name)
    return failed


def _prune(clock: Clock) -> None:
    for _ in range(CHUNKS):
        if not pruning.prune(clock):
            return
