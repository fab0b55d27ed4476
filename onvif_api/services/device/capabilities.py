"""What the device can do, said three times from one description (DEVICE-1-1-19, DEVICE-1-1-30).

GetServices and GetServiceCapabilities carry each service's own element. The older
GetCapabilities is written from those same elements, so that the answers cannot differ.
"""

from django.conf import settings

from nvrdevice.accounts import policy, username_token
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system import protocols, tls
from onvif_api.services.device import users
from onvif_api.soap import dispatch, read
from onvif_api.soap.build import Element, Value, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation
from onvif_api.soap.namespaces import NS

VERSIONS = ((26, 6),)  # releases of the specification, for tt:SupportedVersions
Facts = dict[str, Value | None]

# The categories of GetCapabilities in the order of their schema, and whose service each is.
CATEGORIES = {
    "Analytics": "tan",
    "Device": "tds",
    "Events": "tev",
    "Imaging": "timg",
    "Media": "trt",
    "PTZ": "tptz",
}
ALL = "All"


@operation("tds:GetServices")
def get_services(call: Call) -> Element:
    # The schema wants the element; whoever leaves it out can only mean the plain list.
    with_capabilities = read.boolean(call.request, "tds:IncludeCapability", default=False)
    return el(
        "tds:GetServicesResponse",
        [
            el(
                "tds:Service",
                el("tds:Namespace", NS[service.prefix]),
                el("tds:XAddr", xaddr(service, call)),
                el("tds:Capabilities", service.capabilities(call)) if with_capabilities else None,
                el(
                    "tds:Version",
                    el("tt:Major", service.version[0]),
                    el("tt:Minor", service.version[1]),
                ),
            )
            for service in dispatch.services()
        ],
    )


@operation("tds:GetServiceCapabilities")
def get_service_capabilities(call: Call) -> Element:
    return el("tds:GetServiceCapabilitiesResponse", own(call))


@operation("tds:GetCapabilities")
def get_capabilities(call: Call) -> Element:
    asked = [_word(text) for text in read.texts(call.request, "tds:Category")]
    served = {service.prefix: service for service in dispatch.services()}
    for category in asked:
        if category != ALL and CATEGORIES[category] not in served:
            raise DeviceError(
                Kind.UNSUPPORTED,
                f"This device has no {category} service.",
                subcode="ActionNotSupported/NoSuchService",
            )
    everything = not asked or ALL in asked
    return el(
        "tds:GetCapabilitiesResponse",
        el(
            "tds:Capabilities",
            [
                _category(category, served[prefix], call)
                for category, prefix in CATEGORIES.items()
                if prefix in served and (everything or category in asked)
            ],
        ),
    )


def _word(text: str) -> str:
    word = text.strip()
    if word not in (*CATEGORIES, ALL):
        raise DeviceError(
            Kind.INVALID,
            f"The category {word[:60]!r} is none: give {', '.join((ALL, *CATEGORIES))}.",
            subcode="InvalidArgVal",
            field="tds:Category",
        )
    return word


def xaddr(service: dispatch.Service, call: Call) -> str:
    """On the host the client used, as it wrote it (DEVICE-1-1-31)."""
    return call.base_url + service.path


def own(call: Call) -> Element:
    """The Device service's Capabilities."""
    return el(
        "tds:Capabilities",
        el("tds:Network", network_facts()),
        el("tds:Security", security_facts()),
        el("tds:System", system_facts()),
    )


def network_facts() -> Facts:
    """Network settings are told, not changed: see NetworkConfigNotSupported."""
    open_on = protocols.listening(settings.SERVICE_PORT)
    return {
        "IPFilter": False,
        "ZeroConfiguration": False,
        "IPVersion6": any(address.version == 6 for address in open_on),
        "DynDNS": False,
        "Dot11Configuration": False,
        "Dot1XConfigurations": 0,
        "HostnameFromDHCP": False,
        "NTP": 0,
        "DHCPv6": False,
    }


def system_facts() -> Facts:
    return {
        "DiscoveryResolve": True,
        "DiscoveryBye": True,
        "RemoteDiscovery": False,
        "SystemBackup": False,
        "SystemLogging": False,
        "HttpFirmwareUpgrade": False,
        "HttpSystemBackup": False,
        "HttpSystemLogging": False,
        "HttpSupportInformation": False,
        "StorageConfiguration": False,
        "DiscoveryNotSupported": False,
        "NetworkConfigNotSupported": True,
        "UserConfigNotSupported": False,
    }


def security_facts() -> Facts:
    return {
        "TLS1.0": False,
        "TLS1.1": False,
        "TLS1.2": tls.mode() != tls.OFF,
        "OnboardKeyGeneration": False,
        "AccessPolicyConfig": False,
        "DefaultAccessPolicy": True,
        "Dot1X": False,
        "RemoteUserHandling": False,
        "X.509Token": False,
        "SAMLToken": False,
        "KerberosToken": False,
        "UsernameToken": username_token.is_accepted(),
        "HttpDigest": True,
        "RELToken": False,
        "JsonWebToken": False,
        "MaxUsers": users.MAX_USERS,
        "MaxUserNameLength": policy.USERNAME_MAX,
        "MaxPasswordLength": policy.PASSWORD_MAX,
        # Covers RTSP too, whose server knows MD5 only; HTTP Digest offers SHA-256 besides.
        "HashingAlgorithms": "MD5",
    }


def _category(category: str, service: dispatch.Service, call: Call) -> Element:
    """One element of GetCapabilities, its values taken out of the service's own answer."""
    capabilities = service.capabilities(call)
    parts: list[Element | None]
    match category:
        case "Device":
            parts = _device(capabilities)
        case "Events":
            parts = _copied(
                capabilities,
                "WSSubscriptionPolicySupport",
                "WSPullPointSupport",
                "WSPausableSubscriptionManagerInterfaceSupport",
            )
        case "Media":
            parts = _media(capabilities)
        case "Analytics":
            parts = _copied(capabilities, "RuleSupport", "AnalyticsModuleSupport")
        case _:
            parts = []
    return el(f"tt:{category}", el("tt:XAddr", xaddr(service, call)), parts)


def _device(capabilities: Element) -> list[Element | None]:
    network = read.child(capabilities, "tds:Network")
    system = read.child(capabilities, "tds:System")
    security = read.child(capabilities, "tds:Security")
    return [
        el(
            "tt:Network",
            _copied(network, "IPFilter", "ZeroConfiguration", "IPVersion6", "DynDNS"),
            el("tt:Extension", _copied(network, "Dot11Configuration")),
        ),
        el(
            "tt:System",
            _copied(system, "DiscoveryResolve", "DiscoveryBye", "RemoteDiscovery"),
            _copied(system, "SystemBackup", "SystemLogging", "FirmwareUpgrade"),
            [
                el("tt:SupportedVersions", el("tt:Major", major), el("tt:Minor", minor))
                for major, minor in VERSIONS
            ],
            el(
                "tt:Extension",
                _copied(system, "HttpFirmwareUpgrade", "HttpSystemBackup"),
                _copied(system, "HttpSystemLogging", "HttpSupportInformation"),
            ),
        ),
        el("tt:IO", el("tt:InputConnectors", 0), el("tt:RelayOutputs", 0)),
        el(
            "tt:Security",
            _copied(security, "TLS1.1", "TLS1.2", "OnboardKeyGeneration", "AccessPolicyConfig"),
            _copied(security, "X.509Token", "SAMLToken", "KerberosToken", "RELToken"),
            el(
                "tt:Extension",
                _copied(security, "TLS1.0"),
                el("tt:Extension", _copied(security, "Dot1X", "RemoteUserHandling")),
            ),
        ),
    ]


def _media(capabilities: Element) -> list[Element | None]:
    streaming = read.child(capabilities, "trt:StreamingCapabilities", None)
    profiles = read.child(capabilities, "trt:ProfileCapabilities", None)
    return [
        el(
            "tt:StreamingCapabilities",
            _copied(streaming, "RTPMulticast", "RTP_TCP", "RTP_RTSP_TCP"),
        ),
        el(
            "tt:Extension",
            el("tt:ProfileCapabilities", _copied(profiles, "MaximumNumberOfProfiles")),
        )
        if profiles is not None and profiles.get("MaximumNumberOfProfiles")
        else None,
    ]


def _copied(capabilities: Element | None, *names: str) -> list[Element | None]:
    """Attributes as elements of the same names; one that is left out is false."""
    return [
        el(f"tt:{name}", "false" if capabilities is None else capabilities.get(name, "false"))
        for name in names
    ]
