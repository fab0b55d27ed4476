"""/device/: the same facts as over ONVIF."""

from nvrdevice.system import identity
from onvif_api.services.device import capabilities
from onvif_api.soap import dispatch
from tests.onvif_api.rest.rest_client import Rest


def test_the_device_says_who_it_is(rest: Rest) -> None:
    own = identity.read()
    assert rest.get("/device/information", as_="viewer") == {
        "manufacturer": own.manufacturer,
        "model": own.model,
        "firmware_version": own.firmware_version,
        "serial_number": own.serial_number,
        "hardware_id": own.hardware_id,
    }


def test_every_service_is_told_with_its_address(rest: Rest) -> None:
    found = rest.get("/device/capabilities", as_="viewer")["services"]
    assert {service["address"] for service in found.values()} == {
        "http://testserver" + service.path for service in dispatch.services()
    }


def test_capabilities_are_those_of_onvif(rest: Rest) -> None:
    found = rest.get("/device/capabilities", as_="viewer")["services"]["device"]
    assert found["capabilities"] == {
        "Network": capabilities.network_facts(),
        "Security": capabilities.security_facts(),
        "System": capabilities.system_facts(),
    }
