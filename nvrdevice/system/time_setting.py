"""Setting the clock: zone, time servers, by hand. Each change leaves one audit row.

The row is written first and kept only if the machine did what it was told.
"""

import contextlib
import dataclasses
import re
import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime

from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor, Note
from nvrdevice.lib import home
from nvrdevice.lib.clock import iso_utc
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system import backends, date_time, ntp, posix_zone
from nvrdevice.system.backends import NTP, SERVERS, TIME, ZONE

SERVERS_MAX = 8
HOST_MAX = 253
# A name, an IPv4 or an IPv6 address; nothing a configuration file would read otherwise.
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+")
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
Act = Callable[[], None]


def why_not(what: str) -> str:
    """Why this machine cannot set ZONE, TIME, NTP or SERVERS, and what to do; "" where it can."""
    return backends.clock().why_not(what)


def zones() -> tuple[str, ...]:
    """The names of all zones, Region/City, and UTC."""
    found = zoneinfo.available_timezones()
    regions = {name for name in found if "/" in name and not name.startswith(("Etc/", "SystemV/"))}
    return ("UTC", *sorted(regions))


def set_zone(name: str, *, by: Actor) -> None:
    if name not in zoneinfo.available_timezones():
        raise DeviceError(
            Kind.INVALID,
            f"There is no time zone {name[:64]!r}: give one such as Europe/Berlin or UTC.",
            subcode="InvalidArgVal/InvalidTimeZone",
            field="zone",
        )
    before = date_time.read().zone
    note = Note(object="time zone", before=before, after=name)
    _carry_out("zone", by, note, [_zone_step(name, before)])


def set_servers(servers: tuple[str, ...], *, by: Actor) -> None:
    """The time servers to ask; none: those of the machine's own configuration."""
    servers = tuple(dict.fromkeys(server.strip() for server in servers if server.strip()))
    if len(servers) > SERVERS_MAX:
        raise DeviceError(
            Kind.LIMIT, f"The device asks at most {SERVERS_MAX} time servers.", field="servers"
        )
    for server in servers:
        if len(server) > HOST_MAX or not HOST.fullmatch(server):
            raise DeviceError(
                Kind.INVALID,
                f"{server[:64]!r} is no time server: give a name or an address, such as "
                "pool.ntp.org or 192.168.1.1.",
                subcode="InvalidArgVal/InvalidDnsName",
                field="servers",
            )
    before = ntp.read().manual
    note = Note(object="time servers", before=list(before), after=list(servers))
    step = Step(SERVERS, lambda: backends.clock().set_servers(servers))
    _carry_out("servers", by, note, [step])


def use_ntp(*, by: Actor) -> None:
    """From now on time servers set the clock."""
    set_date_time(by_ntp=True, by=by)


def set_by_hand(utc: datetime, *, by: Actor) -> None:
    """Set the clock once; time servers are no longer asked, or they would set it back."""
    set_date_time(by_ntp=False, utc=utc, by=by)


def set_date_time(
    *,
    by_ntp: bool,
    utc: datetime | None = None,
    posix: str | None = None,
    summer_time: bool = True,
    by: Actor,
) -> None:
    """All of it at once, or nothing: by time servers or by hand, the time, and the zone.

    posix: a zone as POSIX writes it; without summer_time what it says of that is ignored.
    """
    now = date_time.read()
    before = {"by_ntp": now.by_ntp, "zone": now.zone}
    after = {"by_ntp": by_ntp, "zone": now.zone}
    steps: list[Step] = []
    if posix is not None:
        after["zone"] = zone = _zone_for(posix, now, summer_time=summer_time)
        if zone != now.zone:
            steps.append(_zone_step(zone, now.zone))
    if by_ntp and not now.by_ntp:
        steps.append(Step(NTP, lambda: backends.clock().set_ntp(on=True)))
    elif now.by_ntp and not by_ntp and not why_not(NTP):
        steps.append(
            Step(
                NTP,
                lambda: backends.clock().set_ntp(on=False),
                lambda: backends.clock().set_ntp(on=True),
            )
        )
    if utc is not None and not by_ntp:
        before, after = before | {"utc": iso_utc(now.utc)}, after | {"utc": iso_utc(utc)}
        moment = _within_reason(utc)
        steps.append(Step(TIME, lambda: backends.clock().set_time(moment)))
    if not by_ntp and now.by_ntp and not steps:
        raise DeviceError(Kind.UNSUPPORTED, why_not(NTP), field="source")
    if not steps:  # it is so already
        return
    _carry_out("time", by, Note(object="clock", before=before, after=after), steps)


@dataclasses.dataclass(frozen=True)
class Step:
    """What the backend is told, what that needs, and how it is taken back."""

    needs: str
    act: Act
    undo: Act = lambda: None


def _zone_step(name: str, before: str) -> Step:
    clock = backends.clock
    return Step(ZONE, lambda: clock().set_zone(name), lambda: clock().set_zone(before))


def _zone_for(posix: str, now: date_time.DateTime, *, summer_time: bool) -> str:
    wanted = posix_zone.rules(posix)
    if wanted is None:
        raise DeviceError(
            Kind.INVALID,
            f"{posix[:64]!r} is no POSIX time zone: write CET-1CEST,M3.5.0,M10.5.0/3 or UTC0.",
            subcode="InvalidArgVal/InvalidTimeZone",
            field="zone",
        )
    # Clients write back what they read, with summer_time as whether it is summer just now.
    if wanted == posix_zone.rules(now.posix_zone):
        return now.zone
    if not summer_time:
        wanted = posix_zone.without_summer(wanted)
    found = posix_zone.machine_zone(posix, wanted)
    if found is None:
        raise DeviceError(
            Kind.INVALID,
            f"This machine knows no time zone with the rules {posix[:64]!r}.",
            subcode="InvalidArgVal/InvalidTimeZone",
            field="zone",
        )
    return found


def _within_reason(utc: datetime) -> datetime:
    if not EARLIEST <= utc < LATEST:
        raise DeviceError(
            Kind.INVALID,
            f"Give a time from {EARLIEST.year} to {LATEST.year - 1}.",
            subcode="InvalidArgVal/InvalidDateTime",
            field="time",
        )
    return utc


def _carry_out(field: str, by: Actor, note: Note, steps: list[Step]) -> None:
    for step in steps:
        reason = why_not(step.needs)
        if reason:
            raise DeviceError(Kind.UNSUPPORTED, reason, field=field)
    undone: list[Act] = []
    try:
        with trail.noting(by, f"set {note.object}", lambda _before, _after: note) as tell:
            tell(None, None)
            for step in steps:
                step.act()
                undone.append(step.undo)
    except DeviceError as error:
        for undo in reversed(undone):
            with contextlib.suppress(DeviceError):  # the first refusal is the one to tell
                undo()
        error.field = error.field or field
        raise
    ntp.look_again()
    home.ring("state")
