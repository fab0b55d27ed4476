"""Who the device is and what time it has."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from nvrdevice.lib.clock import ManualClock
from nvrdevice.system import date_time, identity
from tests.onvif_api import soap_client
from tests.onvif_api.services.device_client import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]
NOON = ManualClock(datetime(2031, 2, 3, 12, 34, 56, tzinfo=UTC))


def test_information_is_that_of_device_yaml(config_dir: Path) -> None:
    (config_dir / "device.yaml").write_text(
        "manufacturer: Acme & Sons\nmodel: Eye\nfirmware_version: '7'\n"
        "serial_number: S1\nhardware_id: H\n"
    )
    found = ask("GetDeviceInformation", "viewer").body
    assert [element.text for element in found] == ["Acme & Sons", "Eye", "7", "S1", "H"]


def test_the_endpoint_is_that_of_discovery() -> None:
    found = ask("GetEndpointReference", None).text("tds:GUID")
    assert found == identity.endpoint()


def test_the_wsdl_url_is_a_url() -> None:
    url = urlsplit(ask("GetWsdlUrl", None).text("tds:WsdlUrl") or "")
    assert (url.scheme, url.netloc) == ("http", "www.onvif.org")


def test_the_time_is_the_devices() -> None:
    answer = soap_client.call("<tds:GetSystemDateAndTime/>", clock=NOON)
    told = "tds:SystemDateAndTime/tt:UTCDateTime"
    parts = ("Date/tt:Year", "Date/tt:Month", "Date/tt:Day")
    clock = ("Time/tt:Hour", "Time/tt:Minute", "Time/tt:Second")
    found = [answer.text(f"{told}/tt:{part}") for part in (*parts, *clock)]
    assert found == ["2031", "2", "3", "12", "34", "56"]


def test_zone_and_manner_are_those_of_the_machine() -> None:
    answer = soap_client.call("<tds:GetSystemDateAndTime/>", clock=NOON)
    machine = date_time.read(NOON)
    assert answer.text("tds:SystemDateAndTime/tt:TimeZone/tt:TZ") == machine.posix_zone
    assert answer.text("tds:SystemDateAndTime/tt:DateTimeType") == (
        "NTP" if machine.by_ntp else "Manual"
    )
