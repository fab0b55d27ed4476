"""A schedule as the grid makes it begins and ends a recording, at the edges of the wall clock.

Over midnight, and over both nights in which Berlin changes its clock.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import ManualClock
from nvrdevice.recordings import journal_states
from nvrdevice.recordings.deciding import Decision
from nvrdevice.recordings.settings import CameraRecording
from nvrdevice.schedules import book
from nvrdevice.schedules.watch import Watch
from nvrdevice.schedules.week import Period, Week

pytestmark = pytest.mark.django_db(transaction=True)

BERLIN = ZoneInfo("Europe/Berlin")
# What painting 22:00 to 24:00 and 00:00 to 06:00 on every day makes.
NIGHTS = Week(((Period(0, 360), Period(1320, 1440)),) * 7)
STEP_S = 30


def recorded(start: datetime, hours: int) -> list[str]:
    """When recording begins (+) and ends (-), by the clock on the wall."""
    book.create("nights", NIGHTS, by=Actor("oscar", "", "web"))
    clock = ManualClock(start)
    watch = Watch(zone=lambda: BERLIN, clock=clock)
    setting = CameraRecording(source="source1", mode="schedule", schedule="nights")
    decision, was, found = Decision(), False, []
    for _ in range(hours * 3600 // STEP_S):
        watch.turn()
        now = clock.now()
        records = decision.look(setting, journal_states.states(), at=now, now_s=clock.monotonic_s())
        if records != was:
            found.append(f"{'+' if records else '-'}{now.astimezone(BERLIN):%a %H:%M:%S %Z}")
        was = records
        clock.advance(STEP_S)
    return found


@pytest.mark.parametrize(
    ("start", "edges"),
    [
        ((2026, 6, 1, 19, 0), ["+Mon 22:00:00 CEST", "-Tue 06:00:00 CEST"]),
        ((2026, 3, 28, 20, 0), ["+Sat 22:00:00 CET", "-Sun 06:00:00 CEST"]),
        ((2026, 10, 24, 19, 0), ["+Sat 22:00:00 CEST", "-Sun 06:00:00 CET"]),
    ],
    ids=["an ordinary night", "to summer time", "to winter time"],
)
def test_a_night_is_recorded_from_edge_to_edge(
    start: tuple[int, int, int, int, int], edges: list[str]
) -> None:
    assert recorded(datetime(*start, tzinfo=UTC), hours=12) == edges


def test_a_schedule_reads_the_same_after_the_night() -> None:
    recorded(datetime(2026, 6, 1, 19, tzinfo=UTC), hours=1)
    assert book.get("nights").week == NIGHTS
    moment = datetime(2026, 6, 1, 22, tzinfo=UTC)
    assert book.get("nights").week.next_change(moment, BERLIN) == moment + timedelta(hours=6)
