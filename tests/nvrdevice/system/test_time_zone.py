"""POSIX time zones as the zone files of this machine have them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nvrdevice.system import time_zone

SUMMER = datetime(2030, 7, 1, tzinfo=UTC)
ZONES = Path("/usr/share/zoneinfo")
WINTER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "posix", "in_summer", "in_winter"),
    [
        ("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3", True, False),
        ("America/New_York", "EST5EDT,M3.2.0,M11.1.0", True, False),
        ("Australia/Sydney", "AEST-10AEDT,M10.1.0,M4.1.0/3", False, True),
        ("Asia/Kolkata", "IST-5:30", False, False),
        ("Etc/UTC", "UTC0", False, False),
    ],
)
def test_the_machines_zone(
    tmp_path: Path, name: str, posix: str, in_summer: bool, in_winter: bool
) -> None:
    localtime(tmp_path, (ZONES / name).read_bytes())
    zone = time_zone.read(tmp_path)
    assert zone.posix == posix
    assert zone.daylight_saving(SUMMER) is in_summer
    assert zone.daylight_saving(WINTER) is in_winter


def test_a_machine_without_a_zone_has_utc(tmp_path: Path) -> None:
    assert time_zone.read(tmp_path).posix == "UTC0"


@pytest.mark.parametrize("broken", [b"", b"TZif2 broken", b"no zone"])
def test_a_broken_zone_file_is_utc(tmp_path: Path, broken: bytes) -> None:
    localtime(tmp_path, broken)
    assert time_zone.read(tmp_path).posix == "UTC0"


def test_what_django_makes_of_tz_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    localtime(tmp_path, (ZONES / "Asia/Tokyo").read_bytes())
    assert time_zone.read(tmp_path).posix == "JST-9"


def test_a_zone_file_without_a_rule_gives_its_offset(tmp_path: Path) -> None:
    whole = (ZONES / "Asia/Kolkata").read_bytes()
    localtime(tmp_path, whole[: whole.rstrip(b"\n").rfind(b"\n")] + b"\n\n")
    assert time_zone.read(tmp_path).posix == "IST-5:30"


def localtime(root: Path, raw: bytes) -> None:
    (root / "etc").mkdir()
    (root / "etc/localtime").write_bytes(raw)
