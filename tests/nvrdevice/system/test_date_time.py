"""The device's time is that of the clock it is given, in the machine's zone."""

from datetime import UTC, datetime
from pathlib import Path

from nvrdevice.lib.clock import ManualClock
from nvrdevice.system import date_time


def test_utc_and_local_are_one_moment(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/localtime").symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    now = date_time.read(ManualClock(datetime(2030, 7, 1, 22, 30, tzinfo=UTC)), tmp_path)
    assert now.utc == now.local
    assert (now.local.day, now.local.hour) == (2, 0)
    assert now.daylight_saving
    assert now.posix_zone == "CET-1CEST,M3.5.0,M10.5.0/3"


def test_the_kernel_tells_whether_its_clock_is_synchronised() -> None:
    assert date_time.synchronised() in (True, False)
