"""Who the device is and what time it has."""

from datetime import datetime

from nvrdevice.system import date_time, identity
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

WSDL_URL = "http://www.onvif.org/ver10/device/wsdl/devicemgmt.wsdl"


@operation("tds:GetDeviceInformation")
def get_device_information(call: Call) -> Element:
    own = identity.read()
    return el(
        "tds:GetDeviceInformationResponse",
        el("tds:Manufacturer", own.manufacturer),
        el("tds:Model", own.model),
        el("tds:FirmwareVersion", own.firmware_version),
        el("tds:SerialNumber", own.serial_number),
        el("tds:HardwareId", own.hardware_id),
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


@operation("tds:GetWsdlUrl")
def get_wsdl_url(call: Call) -> Element:
    return el("tds:GetWsdlUrlResponse", el("tds:WsdlUrl", WSDL_URL))


@operation("tds:GetEndpointReference")
def get_endpoint_reference(call: Call) -> Element:
    return el("tds:GetEndpointReferenceResponse", el("tds:GUID", identity.endpoint()))


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
