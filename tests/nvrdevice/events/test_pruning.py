"""How long the journal remembers."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from nvrdevice import state
from nvrdevice.events import pruning
from nvrdevice.events.models import Event
from nvrdevice.events.pruning import JournalRetention
from nvrdevice.lib.clock import ManualClock

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, tzinfo=UTC)


def fill(count: int, at: datetime) -> None:
    Event.objects.bulk_create(Event(at=at, topic="tns1:A/B") for _ in range(count))


def test_the_oldest_go_when_there_are_too_many() -> None:
    state.update(JournalRetention, lambda now: dataclasses.replace(now, event_journal_rows=1000))
    fill(1005, NOW)
    first = Event.objects.earliest("id").pk
    assert pruning.prune(ManualClock(NOW)) == 5
    assert (Event.objects.count(), Event.objects.earliest("id").pk) == (1000, first + 5)


def test_old_ones_go_but_never_the_newest() -> None:
    fill(1010, NOW - timedelta(days=91))
    assert pruning.prune(ManualClock(NOW)) == 10
    assert Event.objects.count() == 1000


def test_one_call_takes_one_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "CHUNK", 4)
    fill(1010, NOW - timedelta(days=91))
    assert [pruning.prune(ManualClock(NOW)) for _ in range(4)] == [4, 4, 2, 0]
