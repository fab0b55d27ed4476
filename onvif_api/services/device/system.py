"""Who the device is and what time it has."""

import functools
from datetime import UTC, datetime

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system import date_time, identity, time_setting
from onvif_api.soap import read
from onvif_api.soap.build import Element, Kept, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

WSDL_URL = "http://www.onvif.org/ver10/device/wsdl/devicemgmt.wsdl"


@operation("tds:GetDeviceInformation")
def get_device_information(call: Call) -> Kept:
    return _information(identity.read())


@functools.lru_cache(maxsize=1)
def _information(own: identity.Identity) -> Kept:
    return Kept(
        el(
            "tds:GetDeviceInformationResponse",
            el("tds:Manufacturer", own.manufacturer),
            el("tds:Model", own.model),
            el("tds:FirmwareVersion", own.firmware_version),
            el("tds:SerialNumber", own.serial_number),
            el("tds:HardwareId", own.hardware_id),
        )
    )


@operation("tds:GetSystemDateAndTime")
def get_system_date_and_time(call: Call) -> Element:
    """Nearly every NVR asks this first, without credentials, to sign with the device's time."""
    now = date_time.read(call.clock)
    return el(
        "tds:GetSystemDateAndTimeResponse",
        el(
            "tds:SystemDateAndTime",
            el("tt:DateTimeType", "NTP" if now.by_ntp else "Manual"),
            el("tt:DaylightSavings", now.daylight_saving),
            el("tt:TimeZone", el("tt:TZ", now.posix_zone)),
            el("tt:UTCDateTime", _moment(now.utc)),
            el("tt:LocalDateTime", _moment(now.local)),
        ),
    )


@operation("tds:SetSystemDateAndTime", waits=True)
def set_system_date_and_time(call: Call) -> Element:
    manner = read.choice(call.request, "tds:DateTimeType", ("NTP", "Manual"))
    summer_time = read.boolean(call.request, "tds:DaylightSavings")
    moment = read.child(call.request, "tds:UTCDateTime", None)
    time_setting.set_date_time(
        by_ntp=manner == "NTP",
        # Of no meaning with NTP; a client may send whatever it likes then.
        utc=_utc(moment) if moment is not None and manner == "Manual" else None,
        posix=read.token(call.request, "tds:TimeZone/tt:TZ", None),
        summer_time=summer_time,
        by=call.actor,
    )
    return el("tds:SetSystemDateAndTimeResponse")


@operation("tds:GetWsdlUrl")
def get_wsdl_url(call: Call) -> Element:
    return el("tds:GetWsdlUrlResponse", el("tds:WsdlUrl", WSDL_URL))


@operation("tds:GetEndpointReference")
def get_endpoint_reference(call: Call) -> Element:
    return el("tds:GetEndpointReferenceResponse", el("tds:GUID", identity.endpoint()))


def _utc(moment: Element) -> datetime:
    parts = ("Date/tt:Year", "Date/tt:Month", "Date/tt:Day")
    clock = ("Time/tt:Hour", "Time/tt:Minute", "Time/tt:Second")
    numbers = [read.integer(moment, f"tt:{part}") for part in (*parts, *clock)]
    try:
        return datetime(*numbers, tzinfo=UTC)  # type: ignore[misc,arg-type]
    except (ValueError, OverflowError):
        raise DeviceError(
            Kind.INVALID,
            "UTCDateTime is no date and time: give one such as 2031-05-21 and 14:30:00.",
            subcode="InvalidArgVal/InvalidDateTime",
            field="tds:UTCDateTime",
        ) from None


def _moment(moment: datetime) -> list[Element]:
    return [
        el(
            "tt:Time",
            el("tt:Hour", moment.hour),
            el("tt:Minute", moment.minute),
            el("tt:Second", moment.second),
        ),
        el(
            "tt:Date",
            el("tt:Year", moment.year),
            el("tt:Month", moment.month),
            el("tt:Day", moment.day),
        ),
    ]
