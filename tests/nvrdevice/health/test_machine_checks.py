"""What the self-test says of the machine: disk, clock and database."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from nvrdevice.health import machine_checks
from nvrdevice.health.check import Check, Level


@dataclass
class Usage:
    free: int


def levels(found: list[Check]) -> list[Level]:
    return [check.level for check in found]


@pytest.mark.parametrize(
    ("free", "level", "words"),
    [
        (5 * 1024**3, Level.OK, "5.0 GiB are free on the device's disk."),
        (1023 * 1024**2, Level.WARN, "1023 MiB are free on the device's disk."),
        (99 * 1024**2, Level.DANGER, "99 MiB are free on the device's disk."),
    ],
)
def test_room_on_the_disk(free: int, level: Level, words: str) -> None:
    found = list(machine_checks.disk(Path("/data"), lambda _: Usage(free)))
    assert [(check.level, check.text) for check in found] == [(level, words)]


def test_a_full_disk_says_which_to_clear() -> None:
    (found,) = machine_checks.disk(Path("/data"), lambda _: Usage(0))
    assert found.fix == "Free some room on the disk that holds /data."


@dataclass(frozen=True)
class Clock:
    by_ntp: bool
    reached: bool = True


def test_a_clock_that_ntp_keeps() -> None:
    assert levels(list(machine_checks.clock(lambda: Clock(by_ntp=True)))) == [Level.OK]


def test_a_time_service_that_reaches_nobody_keeps_no_clock_right() -> None:
    (found,) = machine_checks.clock(lambda: Clock(by_ntp=True, reached=False))
    assert (found.level, found.text) == (
        Level.WARN,
        "The clock may be wrong: no time server was reached lately.",
    )


def test_a_clock_that_nothing_keeps_is_a_warning_with_a_remedy() -> None:
    (found,) = machine_checks.clock(lambda: Clock(by_ntp=False))
    assert (found.level, "chrony" in found.fix) == (Level.WARN, True)


@pytest.mark.django_db
def test_a_database_that_can_be_written() -> None:
    assert levels(list(machine_checks.database())) == [Level.OK]


@pytest.mark.django_db
def test_a_database_that_cannot_be_written() -> None:
    def refuse(execute: object, sql: str, *rest: object) -> object:
        raise OperationalError("attempt to write a readonly database")

    with connection.execute_wrapper(refuse):
        (found,) = machine_checks.database()
    assert (found.level, found.text) == (
        Level.DANGER,
        "The database cannot be written (attempt to write a readonly database).",
    )


def test_a_simulated_machine_says_so() -> None:
    (found,) = machine_checks.simulated(lambda: True)
    assert (found.level, "NVR_SYSTEM_BACKEND" in found.fix) == (Level.WARN, True)
    assert list(machine_checks.simulated(lambda: False)) == []
