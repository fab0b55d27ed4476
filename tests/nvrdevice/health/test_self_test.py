"""The report as a whole: it answers above all when things are broken."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from nvrdevice.health import self_test
from nvrdevice.health.check import Check, Level, worst
from nvrdevice.lib.clock import ManualClock

FINE = Check(name="fine", level=Level.OK, text="All is well.")


def fine() -> Iterator[Check]:
    yield FINE


def strange_part() -> Iterator[Check]:
    raise RuntimeError("unheard of")
    yield FINE


def test_a_check_that_breaks_is_a_finding() -> None:
    found = self_test.report((fine, strange_part))
    assert found == [
        FINE,
        Check(
            name="strange_part",
            level=Level.DANGER,
            text="The check of strange part could not be made.",
            fix="The device's log says why.",
        ),
    ]


def test_the_worst_finding_is_the_overall_state() -> None:
    warning = Check(name="slow", level=Level.WARN, text="It is slow.")
    assert [worst([]), worst([FINE]), worst([warning, FINE])] == [Level.OK, Level.OK, Level.WARN]


def test_many_who_ask_cost_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []

    def report() -> list[Check]:
        looks.append(len(looks))
        return [FINE]

    monkeypatch.setattr(self_test, "report", report)
    monkeypatch.setattr(self_test, "_last", None)
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    for seconds in (0.0, 1.0, 3.0, 1.5):
        clock.advance(seconds)
        self_test.recent(clock)
    assert looks == [0, 1]
