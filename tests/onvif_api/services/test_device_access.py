"""Every operation of the Device service by nobody and by each of the three levels."""

import pytest

from nvrdevice.accounts import access
from onvif_api.soap import dispatch
from tests.onvif_api.services.device_client import ask, each, users

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]

HALL = "onvif://www.onvif.org/location/hall"
INNER = {
    "GetServices": each("IncludeCapability", ["true"]),
    "SetScopes": each("Scopes", [HALL]),
    "AddScopes": each("ScopeItem", [HALL]),
    "RemoveScopes": each("ScopeItem", [HALL]),
    "SetDiscoveryMode": each("DiscoveryMode", ["Discoverable"]),
    "CreateUsers": users(("carol", "Good-enough-1", "User")),
    "SetUser": users(("viewer", "Good-enough-1", "User")),
    "SetSystemDateAndTime": "<tds:DateTimeType>NTP</tds:DateTimeType>"
    "<tds:DaylightSavings>false</tds:DaylightSavings>",
    "DeleteUsers": each("Username", ["viewer"]),
}
# What each operation answers to somebody who may; RemoveScopes finds nothing to remove.
FAULTS = {"RemoveScopes": "Sender/InvalidArgVal/NoScope"}
LEVELS = {None: 0, "viewer": 1, "operator": 2, "admin": 3}
LOWEST = {
    **dict.fromkeys(
        [
            *("GetServices", "GetServiceCapabilities", "GetCapabilities", "GetWsdlUrl"),
            *("GetSystemDateAndTime", "GetHostname", "GetEndpointReference"),
        ],
        0,
    ),
    **dict.fromkeys(
        [
            *("GetDeviceInformation", "GetScopes", "GetDiscoveryMode", "GetDNS", "GetNTP"),
            *("GetNetworkInterfaces", "GetNetworkProtocols", "GetNetworkDefaultGateway"),
        ],
        1,
    ),
    **dict.fromkeys(
        [
            *("SetScopes", "AddScopes", "RemoveScopes", "SetDiscoveryMode"),
            *("GetUsers", "CreateUsers", "SetUser", "DeleteUsers"),
            "SetSystemDateAndTime",
        ],
        3,
    ),
}


def test_these_are_all_operations() -> None:
    found = {operation.name for operation in dispatch.operations().values()}
    assert {f"tds:{name}" for name in LOWEST} == {x for x in found if x.startswith("tds:")}


def test_the_levels_are_those_of_the_table_of_access_classes() -> None:
    for operation, level in LOWEST.items():
        found = access.access_class(f"tds:{operation}")
        assert found is not None
        assert access.LOWEST_LEVEL[found] == level


@pytest.mark.parametrize("as_", LEVELS)
@pytest.mark.parametrize("operation", LOWEST)
def test_who_may(operation: str, as_: str | None) -> None:
    answer = ask(operation, as_, INNER.get(operation, ""))
    if LEVELS[as_] >= LOWEST[operation]:
        fault = FAULTS.get(operation, "")
        assert (answer.status, answer.fault) == (400 if fault else 200, fault)
    else:
        assert answer.fault == "Sender/NotAuthorized"
        assert answer.status == (401 if as_ is None else 400)


@pytest.mark.parametrize(
    "operation",
    [
        *("SetHostname", "SetNetworkInterfaces", "SetNTP", "SetDNS"),
        *("SystemReboot", "SetSystemFactoryDefault", "GetSystemLog", "GetSystemUris"),
        *("GetZeroConfiguration", "GetDPAddresses", "GetRelayOutputs", "NoSuchThing"),
    ],
)
def test_what_is_not_truly_done_is_not_offered(operation: str) -> None:
    answer = ask(operation)
    assert (answer.status, answer.fault) == (500, "Receiver/ActionNotSupported")
