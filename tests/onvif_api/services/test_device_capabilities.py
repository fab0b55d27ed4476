"""GetServices, GetServiceCapabilities and GetCapabilities agree (DEVICE-1-1-2 to 1-1-31)."""

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree

from nvrdevice.accounts import settings as account_settings
from nvrdevice.audit.trail import Actor
from onvif_api.soap import dispatch
from onvif_api.soap.namespaces import NS, name
from tests.onvif_api.services.device_client import ask, canonical, each
from tests.onvif_api.soap_client import Answer, call

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]

WITH, WITHOUT = each("IncludeCapability", ["true"]), each("IncludeCapability", ["false"])
SERVED = [service.prefix for service in dispatch.services()]
# Elements of GetCapabilities, and the attribute of a service's own Capabilities they repeat.
DEVICE_PAIRS = [
    *(("Network", "tt:Network", key) for key in ("IPFilter", "ZeroConfiguration", "IPVersion6")),
    *(("Network", "tt:Network", key) for key in ("DynDNS",)),
    ("Network", "tt:Network/tt:Extension", "Dot11Configuration"),
    *(("System", "tt:System", key) for key in ("DiscoveryResolve", "DiscoveryBye")),
    *(("System", "tt:System", key) for key in ("RemoteDiscovery", "SystemBackup")),
    *(("System", "tt:System", key) for key in ("SystemLogging", "FirmwareUpgrade")),
    *(("System", "tt:System/tt:Extension", f"Http{key}") for key in (
        "FirmwareUpgrade", "SystemBackup", "SystemLogging", "SupportInformation")),
    *(("Security", "tt:Security", key) for key in ("TLS1.1", "TLS1.2", "OnboardKeyGeneration")),
    *(("Security", "tt:Security", key) for key in ("AccessPolicyConfig", "X.509Token")),
    *(("Security", "tt:Security", key) for key in ("SAMLToken", "KerberosToken", "RELToken")),
    ("Security", "tt:Security/tt:Extension", "TLS1.0"),
    ("Security", "tt:Security/tt:Extension/tt:Extension", "Dot1X"),
    ("Security", "tt:Security/tt:Extension/tt:Extension", "RemoteUserHandling"),
]  # fmt: skip


def own(answer: Answer, prefix: str) -> etree._Element:
    """A service's Capabilities in GetServices."""
    for service in answer.all("tds:Service"):
        if service.findtext(name("tds:Namespace")) == NS[prefix]:
            capabilities = service.find(name("tds:Capabilities"))
            assert capabilities is not None
            return capabilities[0]
    raise AssertionError(f"{prefix} is no service")


def at(element: etree._Element, path: str) -> str | None:
    return element.findtext("/".join(name(step) for step in path.split("/")))


def test_the_device_service_comes_first() -> None:
    found = ask("GetServices", None, WITHOUT).all("tds:Service/tds:Namespace")
    assert [element.text for element in found] == [NS[prefix] for prefix in SERVED]
    assert SERVED[0] == "tds"
    assert {"tds", "trt", "tev"} <= set(SERVED)


def test_capabilities_come_only_when_asked_for() -> None:
    assert ask("GetServices", None, WITHOUT).all("tds:Service/tds:Capabilities") == []
    found = ask("GetServices", None, WITH).all("tds:Service/tds:Capabilities")
    assert len(found) == len(SERVED)


def test_a_client_that_does_not_say_gets_no_capabilities() -> None:
    answer = ask("GetServices", None)
    assert answer.raw == ask("GetServices", None, WITHOUT).raw
    assert len(answer.all("tds:Service")) == len(SERVED)


@pytest.mark.parametrize("prefix", SERVED)
def test_each_service_says_of_itself_what_get_services_says(prefix: str) -> None:
    alone = call(f"<{prefix}:GetServiceCapabilities/>").body[0]
    assert canonical(alone) == canonical(own(ask("GetServices", None, WITH), prefix))


@pytest.mark.parametrize(
    "host", ["192.0.2.7:8000", "camera.lan", "[fd00::7]:8000", "127.0.0.1:80", "nat.example:49152"]
)
def test_addresses_are_on_the_host_the_client_used(host: str) -> None:
    services = ask("GetServices", None, WITHOUT, host).all("tds:Service/tds:XAddr")
    legacy = ask("GetCapabilities", None, "", host).body.iter(name("tt:XAddr"))
    found = [urlsplit(element.text or "") for element in (*services, *legacy)]
    assert {(url.scheme, url.netloc) for url in found} == {("http", host)}
    assert found[0].path == "/onvif/device_service"


@pytest.mark.parametrize(("group", "path", "key"), DEVICE_PAIRS)
def test_the_device_category_repeats_the_device_service(group: str, path: str, key: str) -> None:
    newer = own(ask("GetServices", None, WITH), "tds").find(name(f"tds:{group}"))
    assert newer is not None
    older = ask("GetCapabilities", None, each("Category", ["All"])).text(
        f"tds:Capabilities/tt:Device/{path}/tt:{key}"
    )
    assert older == newer.get(key, "false")


@pytest.mark.parametrize(
    "key",
    [
        "WSSubscriptionPolicySupport",
        "WSPullPointSupport",
        "WSPausableSubscriptionManagerInterfaceSupport",
    ],
)
def test_the_events_category_repeats_the_event_service(key: str) -> None:
    newer = own(ask("GetServices", None, WITH), "tev")
    older = ask("GetCapabilities", None).text(f"tds:Capabilities/tt:Events/tt:{key}")
    assert older == newer.get(key, "false")


def test_the_media_category_repeats_the_media_service() -> None:
    newer = own(ask("GetServices", None, WITH), "trt")
    streaming, profiles = (
        newer.find(name("trt:StreamingCapabilities")),
        newer.find(name("trt:ProfileCapabilities")),
    )
    assert streaming is not None
    assert profiles is not None
    (older,) = ask("GetCapabilities", None).all("tds:Capabilities/tt:Media")
    for key in ("RTPMulticast", "RTP_TCP", "RTP_RTSP_TCP"):
        assert at(older, f"tt:StreamingCapabilities/tt:{key}") == streaming.get(key, "false")
    most = "tt:Extension/tt:ProfileCapabilities/tt:MaximumNumberOfProfiles"
    assert at(older, most) == profiles.get("MaximumNumberOfProfiles")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([], ["Device", "Events", "Media"]),
        (["All"], ["Device", "Events", "Media"]),
        (["Device"], ["Device"]),
        (["Media"], ["Media"]),
        (["Events"], ["Events"]),
        (["Media", "Device"], ["Device", "Media"]),
        (["Events", "All"], ["Device", "Events", "Media"]),
    ],
)
def test_only_the_categories_asked_for(asked: list[str], told: list[str]) -> None:
    (found,) = ask("GetCapabilities", None, each("Category", asked)).all("tds:Capabilities")
    served = [etree.QName(element).localname for element in found]
    assert [category for category in served if category in ("Device", "Events", "Media")] == told
    assert served == told or not asked or "All" in asked


@pytest.mark.parametrize("category", ["PTZ", "Imaging", "Analytics"])
def test_a_category_without_a_service_is_a_fault(category: str) -> None:
    answer = ask("GetCapabilities", None, each("Category", ["Device", category]))
    assert (answer.status, answer.fault) == (500, "Receiver/ActionNotSupported/NoSuchService")


@pytest.mark.parametrize("category", ["", "Nonsense", "device"])
def test_a_category_there_is_none_of_is_a_fault(category: str) -> None:
    answer = ask("GetCapabilities", None, each("Category", [category]))
    assert (answer.status, answer.fault) == (400, "Sender/InvalidArgVal")


def test_nothing_says_that_the_network_can_be_configured() -> None:
    system = own(ask("GetServices", None, WITH), "tds").find(name("tds:System"))
    assert system is not None
    assert system.get("NetworkConfigNotSupported") == "true"
    assert system.get("DiscoveryNotSupported") == "false"


def test_ipv6_is_claimed_where_the_web_port_is_open_on_it(
    settings: Any,
) -> None:
    def claimed() -> str | None:
        network = own(ask("GetServices", None, WITH), "tds").find(name("tds:Network"))
        assert network is not None
        return network.get("IPVersion6")

    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        settings.SERVICE_PORT = server.getsockname()[1]
        assert claimed() == "true"
    assert claimed() == "false"


def test_a_way_to_sign_in_that_is_switched_off_is_not_advertised() -> None:
    def told() -> str | None:
        capabilities = ask("GetServiceCapabilities", None).body[0]
        security = capabilities.find(name("tds:Security"))
        assert security is not None
        return security.get("UsernameToken")

    assert told() == "true"
    account_settings.change(by=Actor("tests", "", "cli"), allow_username_token=False)
    assert told() == "false"
