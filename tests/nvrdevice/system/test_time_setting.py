"""Setting the clock: all of a change or nothing, with one audit row."""

from datetime import UTC, datetime

import pytest

from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system import backends, date_time, ntp, posix_zone, time_setting

pytestmark = pytest.mark.django_db
BY = Actor("alice", "192.0.2.7", "soap")
MOMENT = datetime(2031, 5, 21, 12, 0, tzinfo=UTC)
BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"


class Machine:
    """A backend that notes what it is told, cannot do some things, and fails at others."""

    name = "fake"

    def __init__(self, *, cannot: str = "", fails: str = "") -> None:
        self.told: list[object] = []
        self._cannot, self._fails = cannot, fails

    def why_not(self, what: str) -> str:
        return f"No {what} here." if what == self._cannot else ""

    def set_zone(self, name: str) -> None:
        self._do("zone", name)

    def set_time(self, utc: datetime) -> None:
        self._do("time", utc)

    def set_ntp(self, *, on: bool) -> None:
        self._do("ntp", on)

    def set_servers(self, servers: tuple[str, ...]) -> None:
        self._do("servers", servers)

    def _do(self, what: str, value: object) -> None:
        if what == self._fails:
            raise DeviceError(Kind.UNAVAILABLE, "The machine refused.")
        self.told.append((what, value))


def use(monkeypatch: pytest.MonkeyPatch, *, cannot: str = "", fails: str = "") -> Machine:
    machine = Machine(cannot=cannot, fails=fails)
    monkeypatch.setattr(backends, "clock", lambda: machine)
    monkeypatch.setattr(date_time, "synchronised", lambda: True)
    return machine


def test_zone_and_time_are_set_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = use(monkeypatch)
    time_setting.set_date_time(by_ntp=False, utc=MOMENT, posix=BERLIN, by=BY)
    assert machine.told == [("zone", "Europe/Berlin"), ("ntp", False), ("time", MOMENT)]
    row = AuditRow.objects.get()
    assert (row.action, row.after) == (
        "set clock",
        {"by_ntp": False, "zone": "Europe/Berlin", "utc": "2031-05-21T12:00:00.000Z"},
    )


def test_what_was_done_is_taken_back_where_a_later_step_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    zone = date_time.read().zone
    machine = use(monkeypatch, fails="time")
    with pytest.raises(DeviceError):
        time_setting.set_date_time(by_ntp=False, utc=MOMENT, posix=BERLIN, by=BY)
    assert machine.told == [
        ("zone", "Europe/Berlin"),
        ("ntp", False),
        ("ntp", True),
        ("zone", zone),
    ]
    assert AuditRow.objects.count() == 0


def test_a_function_this_machine_lacks_is_unsupported(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = use(monkeypatch, cannot=backends.ZONE)
    with pytest.raises(DeviceError) as refused:
        time_setting.set_zone("UTC", by=BY)
    assert (refused.value.kind, refused.value.text) == (Kind.UNSUPPORTED, "No zone here.")
    assert machine.told == []
    assert AuditRow.objects.count() == 0


def test_what_is_so_already_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = use(monkeypatch)
    time_setting.set_date_time(by_ntp=True, posix=date_time.read().posix_zone, by=BY)
    assert machine.told == []
    assert AuditRow.objects.count() == 0


def test_a_zone_read_and_written_back_in_winter_keeps_its_summer_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    time_setting.set_zone("Europe/Berlin", by=BY)
    machine = use(monkeypatch)
    time_setting.set_date_time(by_ntp=True, posix=BERLIN, summer_time=False, by=BY)
    assert machine.told == []


def test_summer_time_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = use(monkeypatch)
    time_setting.set_date_time(
        by_ntp=True, posix="EST5EDT,M3.2.0,M11.1.0", summer_time=False, by=BY
    )
    ((what, zone),) = machine.told  # type: ignore[misc]
    assert (what, posix_zone._zones()[zone]) == ("zone", "EST5")


@pytest.mark.parametrize(
    "server", ["two words", "-x", "a;b", "x" * 254, "a\nNTP=b", "fe80::1%eth0"]
)
def test_what_is_no_server_is_refused(monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    machine = use(monkeypatch)
    with pytest.raises(DeviceError) as refused:
        time_setting.set_servers((server,), by=BY)
    assert (refused.value.kind, refused.value.field) == (Kind.INVALID, "servers")
    assert machine.told == []


def test_servers_are_names_and_addresses_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = use(monkeypatch)
    given = ("pool.ntp.org", "192.168.1.1", "fd00::7", " pool.ntp.org ", "")
    time_setting.set_servers(given, by=BY)
    assert machine.told == [("servers", ("pool.ntp.org", "192.168.1.1", "fd00::7"))]


def test_the_simulated_machine_is_read_back() -> None:
    time_setting.set_servers(("192.168.1.1",), by=BY)
    time_setting.set_date_time(by_ntp=False, posix=BERLIN, by=BY)
    now = date_time.read()
    assert (now.zone, now.posix_zone, now.by_ntp) == ("Europe/Berlin", BERLIN, False)
    assert ntp.read().manual == ("192.168.1.1",)
