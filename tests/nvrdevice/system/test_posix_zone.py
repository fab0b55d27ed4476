"""POSIX zones: which are well formed, and which of the machine's zones they mean."""

import pytest

from nvrdevice.system import posix_zone


def named(posix: str) -> str | None:
    wanted = posix_zone.rules(posix)
    assert wanted is not None
    return posix_zone.machine_zone(posix, wanted)


@pytest.mark.parametrize(
    "posix",
    [
        *("INVALIDTIMEZONE", "", "UTC", "Europe/Berlin", "CE-1", "CET-25", "CET-1CEST,M3.5.0"),
        *("CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0"),
        *("CET-1:60", "CET-1CEST,J0,J300", "CET-1CEST,1,366", "UTC0\n", "UTC" + "0" * 200),
        *("<+0x>-8;rm", "UTC\u0660"),
    ],
)
def test_not_well_formed(posix: str) -> None:
    assert posix_zone.rules(posix) is None


@pytest.mark.parametrize(
    ("posix", "name"),
    [
        ("UTC0", "UTC"),
        ("UTC+0", "UTC"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Berlin"),
        ("CET-1CEST,M3.5.0/02:00:00,M10.5.0/03:00:00", "Europe/Berlin"),
        ("EST5EDT", "America/New_York"),
        ("PST8PDT,M3.2.0,M11.1.0", "America/Los_Angeles"),
        ("CST-8", "Asia/Shanghai"),
        ("China-08:00:00", "Asia/Shanghai"),
        ("IST-5:30", "Asia/Kolkata"),
        ("<+08>-8", "Etc/GMT-8"),
        ("JST-9", "Asia/Tokyo"),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "Australia/Sydney"),
    ],
)
def test_the_zone_with_these_rules(posix: str, name: str) -> None:
    assert named(posix) == name


def test_rules_that_no_zone_here_has() -> None:
    assert named("XYZ-3:17") is None


def test_without_summer_the_offset_remains() -> None:
    found = posix_zone.rules("CET-1CEST,M3.5.0,M10.5.0/3")
    assert found is not None
    assert posix_zone.without_summer(found) == posix_zone.rules("CET-1")


def test_every_zone_of_this_machine_is_well_formed() -> None:
    found = posix_zone._zones()
    assert [name for name, posix in found.items() if posix_zone.rules(posix) is None] == []
