"""What the machine must give: a database that can be written, room on the disk, a set clock."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import DatabaseError, transaction

from nvrdevice.health.check import Check, Level
from nvrdevice.system import date_time, machine_root

MIB = 1024 * 1024
DISK_DANGER = 100 * MIB  # the database needs this much to go on safely
DISK_WARN = 1024 * MIB


class Usage(Protocol):
    @property
    def free(self) -> int: ...


class Clock(Protocol):
    @property
    def by_ntp(self) -> bool: ...
    @property
    def reached(self) -> bool: ...


def database() -> Iterator[Check]:
    from django.contrib.sessions.models import Session

    try:
        with transaction.atomic():  # IMMEDIATE: takes the writer's lock, as any change does
            Session.objects.filter(pk="").update(session_data="")
            transaction.set_rollback(True)
    except DatabaseError as error:
        yield Check(
            name="database",
            level=Level.DANGER,
            text=f"The database cannot be written ({error}).",
            fix=f"Check that the disk of {settings.NVR_DATA_DIR} can be written and has room.",
        )
    else:
        yield Check(name="database", level=Level.OK, text="The database can be written.")


def disk(
    folder: Path | None = None, usage: Callable[[Path], Usage] = shutil.disk_usage
) -> Iterator[Check]:
    folder = folder or settings.NVR_DATA_DIR
    free = usage(folder).free
    level = Level.DANGER if free < DISK_DANGER else Level.WARN if free < DISK_WARN else Level.OK
    text = f"{_size(free)} are free on the device's disk."
    fix = f"Free some room on the disk that holds {folder}." if level else ""
    yield Check(name="disk", level=level, text=text, fix=fix)


def clock(read: Callable[[], Clock] = lambda: date_time.read()) -> Iterator[Check]:
    now = read()
    if now.by_ntp and now.reached:
        yield Check(name="clock", level=Level.OK, text="The clock is kept right by NTP.")
    elif now.by_ntp:
        yield Check(
            name="clock",
            level=Level.WARN,
            text="The clock may be wrong: no time server was reached lately.",
            fix="Let the device reach its time servers (UDP port 123), or name one in your own "
            "network. An NVR whose clock differs by more than 5 minutes cannot sign in.",
        )
    else:
        yield Check(
            name="clock",
            level=Level.WARN,
            text="Nothing keeps the clock right: no time server is in use.",
            fix="Install and start chrony or systemd-timesyncd. "
            "An NVR whose clock differs by more than 5 minutes cannot sign in.",
        )


def simulated(asked_for: Callable[[], bool] = machine_root.is_simulated) -> Iterator[Check]:
    if asked_for():
        yield Check(
            name="simulated",
            level=Level.WARN,
            text="System functions are simulated: setting clock or zone changes nothing here.",
            fix="Start the device without NVR_SYSTEM_BACKEND=simulated.",
        )


def _size(count: int) -> str:
    return f"{count / MIB / 1024:.1f} GiB" if count >= 1024 * MIB else f"{count // MIB} MiB"
