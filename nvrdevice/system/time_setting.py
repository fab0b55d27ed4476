"""Setting the clock: zone, time servers, by hand. Each change leaves one audit row.

The row is written first and kept only if the machine did what it was told.
"""

import re
import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime

from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor, Note
from nvrdevice.lib import home
from nvrdevice.lib.clock import iso_utc
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system import backends, date_time, ntp
from nvrdevice.system.backends import NTP, SERVERS, TIME, ZONE

SERVERS_MAX = 8
HOST_MAX = 253
# A name, an IPv4 or an IPv6 address; nothing a configuration file would read otherwise.
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+")
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


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
    _carry_out(
        ZONE,
        "zone",
        by,
        Note(object="time zone", before=before, after=name),
        lambda: backends.clock().set_zone(name),
    )


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
    _carry_out(
        SERVERS,
        "servers",
        by,
        Note(object="time servers", before=list(before), after=list(servers)),
        lambda: backends.clock().set_servers(servers),
    )


def use_ntp(*, by: Actor) -> None:
    """From now on time servers set the clock."""
    before = date_time.read().by_ntp
    _carry_out(
        NTP,
        "source",
        by,
        Note(object="clock", before={"by_ntp": before}, after={"by_ntp": True}),
        lambda: backends.clock().set_ntp(on=True),
    )


def set_by_hand(utc: datetime, *, by: Actor) -> None:
    """Set the clock once; time servers are no longer asked, or they would set it back."""
    if not EARLIEST <= utc < LATEST:
        raise DeviceError(
            Kind.INVALID,
            f"Give a time from {EARLIEST.year} to {LATEST.year - 1}.",
            subcode="InvalidArgVal/InvalidDateTime",
            field="time",
        )
    now = date_time.read()

    def act() -> None:
        if now.by_ntp and not backends.clock().why_not(NTP):
            backends.clock().set_ntp(on=False)
        backends.clock().set_time(utc)

    note = Note(
        object="clock",
        before={"utc": iso_utc(now.utc), "by_ntp": now.by_ntp},
        after={"utc": iso_utc(utc), "by_ntp": False},
    )
    _carry_out(TIME, "time", by, note, act)


def _carry_out(what: str, field: str, by: Actor, note: Note, act: Callable[[], None]) -> None:
    reason = why_not(what)
    if reason:
        raise DeviceError(Kind.UNAVAILABLE, reason, field=field)
    try:
        with trail.noting(by, f"set {note.object}", lambda _before, _after: note) as tell:
            tell(None, None)
            act()
    except DeviceError as error:
        error.field = error.field or field
        raise
    ntp.look_again()
    home.ring("state")
