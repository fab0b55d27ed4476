"""The audit trail: rows are added, never changed, and only the oldest of very many are dropped."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from nvrdevice.audit import trail
from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import ManualClock

BY = Actor("admin", "192.168.1.2", "soap")


def test_a_row_says_who_did_what_from_where(db: None) -> None:
    clock = ManualClock(datetime(2026, 5, 4, tzinfo=UTC))
    trail.record(BY, "set hostname", "network", before={"a": 1}, after={"a": 2}, clock=clock)
    row = AuditRow.objects.values().get()
    del row["id"]
    assert row == {
        "at": datetime(2026, 5, 4, tzinfo=UTC),
        "username": "admin",
        "address": "192.168.1.2",
        "protocol": "soap",
        "action": "set hostname",
        "object": "network",
        "before": {"a": 1},
        "after": {"a": 2},
        "result": "done",
    }


def test_long_values_are_cut_not_refused(db: None) -> None:
    trail.record(Actor("u" * 500, "a" * 500, "soap"), "act", "o" * 500, result="r" * 500)
    row = AuditRow.objects.get()
    assert [len(text) for text in (row.username, row.address, row.object, row.result)] == [
        150,
        45,
        200,
        200,
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: AuditRow.objects.all().delete(),
        lambda row: AuditRow.objects.filter(pk=row.pk).update(username="nobody"),
    ],
)
def test_a_row_is_never_changed(db: None, change: Callable[[AuditRow], object]) -> None:
    trail.record(BY, "act")
    row = AuditRow.objects.get()
    row.username = "somebody else"
    with pytest.raises(TypeError):
        change(row)
    assert AuditRow.objects.get().username == "admin"


def test_only_the_oldest_of_many_are_dropped(db: None) -> None:
    for number in range(5):
        trail.record(BY, f"act {number}")
    assert trail.prune(kept=3) == 2
    assert [row.action for row in AuditRow.objects.all()] == ["act 4", "act 3", "act 2"]
    assert trail.prune(kept=3) == 0


def test_an_empty_trail_has_nothing_to_drop(db: None) -> None:
    assert trail.prune() == 0
