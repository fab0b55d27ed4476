"""How long the journal remembers: bounded by count and by age, whichever is reached first.

The newest rows stay whatever their age, so that a clock set from 1970 to today on a box without
a battery does not take what nobody has read yet. States of properties are not touched.
"""

import dataclasses
from datetime import timedelta

from django.db import transaction

from nvrdevice import state
from nvrdevice.events.models import Event
from nvrdevice.lib.clock import Clock

ALWAYS_KEPT = 1000
CHUNK = 2000  # rows deleted in one transaction, so that nobody waits long for the writer


@state.section("system.yaml")
@dataclasses.dataclass(frozen=True, kw_only=True)
class JournalRetention:
    event_journal_rows: int = state.setting(
        100_000,
        title="Events kept",
        help="The oldest go first. One event takes about half a kilobyte.",
        low=ALWAYS_KEPT,
        high=2_000_000,
    )
    event_journal_days: int = state.setting(
        90, title="Days events are kept", unit="days", low=1, high=3650
    )


def prune(clock: Clock) -> int:
    """Delete at most one chunk of what is too old or too much; how many rows went."""
    keep = state.read(JournalRetention)
    with transaction.atomic():
        newest = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
        oldest_kept = newest - keep.event_journal_rows + 1
        too_much = Event.objects.filter(id__lt=oldest_kept)
        too_old = Event.objects.filter(
            id__lte=newest - ALWAYS_KEPT,
            at__lt=clock.now() - timedelta(days=keep.event_journal_days),
        )
        doomed = {
            *too_much.values_list("id", flat=True)[:CHUNK],
            *too_old.values_list("id", flat=True)[:CHUNK],
        }
        chunk = sorted(doomed)[:CHUNK]
        Event.objects.filter(id__in=chunk).delete()
    return len(chunk)
