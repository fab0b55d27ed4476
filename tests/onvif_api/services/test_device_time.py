"""SetSystemDateAndTime, as the device tests ask it (DEVICE-3-1-4, 3-1-5, 3-1-11)."""

from datetime import UTC, datetime, timedelta

import pytest

from nvrdevice.audit.models import AuditRow
from nvrdevice.system import backends, date_time
from nvrdevice.system.backends.timedated import Timedated
from tests.onvif_api.services.device_client import ask
from tests.onvif_api.soap_client import Answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]


def moment(at: datetime) -> str:
    return (
        f"<tds:UTCDateTime><tt:Time><tt:Hour>{at.hour}</tt:Hour><tt:Minute>{at.minute}</tt:Minute>"
        f"<tt:Second>{at.second}</tt:Second></tt:Time><tt:Date><tt:Year>{at.year}</tt:Year>"
        f"<tt:Month>{at.month}</tt:Month><tt:Day>{at.day}</tt:Day></tt:Date></tds:UTCDateTime>"
    )


AT = datetime(2031, 5, 21, 12, 30, tzinfo=UTC)


def put(manner: str, rest: str = "", summer: str = "true") -> Answer:
    return ask(
        "SetSystemDateAndTime",
        inner=f"<tds:DateTimeType>{manner}</tds:DateTimeType>"
        f"<tds:DaylightSavings>{summer}</tds:DaylightSavings>{rest}",
    )


def zone(posix: str) -> str:
    return f"<tds:TimeZone><tt:TZ>{posix}</tt:TZ></tds:TimeZone>"


def told(path: str) -> str | None:
    return ask("GetSystemDateAndTime", None).text(f"tds:SystemDateAndTime/{path}")


def test_the_time_is_set_by_hand_and_read_back() -> None:
    answer = put("Manual", zone("PST8PDT,M3.2.0,M11.1.0") + moment(AT))
    assert (answer.status, answer.fault) == (200, "")
    assert told("tt:DateTimeType") == "Manual"
    assert told("tt:TimeZone/tt:TZ") == "PST8PDT,M3.2.0,M11.1.0"
    assert told("tt:DaylightSavings") == "true"
    assert abs(date_time.read().utc - AT) < timedelta(minutes=5)
    assert [row.action for row in AuditRow.objects.filter(protocol="soap")] == ["set clock"]


def test_time_servers_take_over_again() -> None:
    put("Manual", moment(AT))
    assert put("NTP").status == 200
    assert told("tt:DateTimeType") == "NTP"
    assert told("tt:UTCDateTime/tt:Date/tt:Year") == str(datetime.now(UTC).year)


def test_a_time_has_no_meaning_with_ntp() -> None:
    assert put("NTP", moment(AT).replace("<tt:Month>5", "<tt:Month>15")).status == 200
    assert told("tt:UTCDateTime/tt:Date/tt:Year") == str(datetime.now(UTC).year)


@pytest.mark.parametrize("posix", ["INVALIDTIMEZONE", "Europe/Berlin", "UTC"])
def test_a_zone_that_is_none(posix: str) -> None:
    before = told("tt:TimeZone/tt:TZ")
    assert put("Manual", zone(posix) + moment(AT)).fault == "Sender/InvalidArgVal/InvalidTimeZone"
    assert told("tt:TimeZone/tt:TZ") == before
    assert abs(date_time.read().utc - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("<tt:Month>15", "<tt:Month>5"),
        ("<tt:Day>32", "<tt:Day>21"),
        ("<tt:Hour>24", "<tt:Hour>12"),
        ("<tt:Second>99", "<tt:Second>0"),
        ("<tt:Year>99999", "<tt:Year>2031"),
        ("<tt:Year>1970", "<tt:Year>2031"),
    ],
)
def test_a_time_that_is_none(wrong: str, right: str) -> None:
    answer = put("Manual", moment(AT).replace(right, wrong))
    assert answer.fault == "Sender/InvalidArgVal/InvalidDateTime"


def test_a_machine_whose_clock_cannot_be_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(backends, "clock", lambda: Timedated(root=tmp_path))  # type: ignore[arg-type]
    assert put("Manual", moment(AT)).fault == "Receiver/ActionNotSupported"
