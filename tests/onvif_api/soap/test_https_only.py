"""Where HTTPS is required, SOAP over HTTP tells the time and the way to HTTPS, and nothing else."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from nvrdevice import state
from nvrdevice.system import tls
from nvrdevice.system.tls.mode import TlsSettings
from onvif_api.soap.app import SoapApp
from tests.onvif_api.conftest import people
from tests.onvif_api.soap_client import call, send

__all__ = ["people"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.HTTPS_PORT = 8443
    state.update(TlsSettings, lambda now: replace(now, https=tls.REQUIRED))


def test_the_time_is_told() -> None:
    assert call("<tds:GetSystemDateAndTime/>").status == 200


def test_services_lead_to_https() -> None:
    answer = call("<tds:GetCapabilities><tds:Category>Device</tds:Category></tds:GetCapabilities>")
    assert answer.all("tds:Capabilities/tt:Device/tt:XAddr")[0].text == (
        "https://192.0.2.7:8443/onvif/device_service"
    )


def test_everything_else_is_refused_and_says_where_to_ask() -> None:
    answer = call("<tds:GetDeviceInformation/>", "admin")
    assert answer.status == 400
    assert b"ter:NotAuthorized" in answer.raw
    assert b"over HTTPS only: https://192.0.2.7:8443/onvif/device_service" in answer.raw


def test_a_snapshot_is_refused() -> None:
    answer = asyncio.run(send(SoapApp(), b"", "/onvif/snapshot/profile1", method="GET"))
    assert answer.status == 403
    assert answer.raw == (
        b"This device is asked over HTTPS only: https://192.0.2.7:8443/onvif/snapshot/profile1\n"
    )
