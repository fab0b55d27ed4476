"""One task that fails does not keep the others from their work."""

from datetime import UTC, datetime

import pytest

from nvrdevice.lib.clock import ManualClock
from nvrdevice.management import housekeeping


@pytest.mark.django_db
def test_a_failing_task_is_named_and_the_next_one_runs() -> None:
    done: list[str] = []

    def fail() -> None:
        raise OSError("no space left")

    failed = housekeeping.sweep((("first", fail), ("second", lambda: done.append("second"))))
    assert (failed, done) == (["first"], ["second"])


@pytest.mark.django_db(transaction=True)
def test_the_tasks_of_the_device_run() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    assert housekeeping.sweep(housekeeping.tasks(clock)) == []
