"""The event service (events/wsdl/event.wsdl): topics, pull points, and what is waited for.

Push subscriptions (MaxNotificationProducers), persistent storage and brokers are not built:
their operations are not registered and answer ter:ActionNotSupported.
"""

from nvrdevice.events import pull_points
from onvif_api.services.events import pulling, subscriptions, topics
from onvif_api.soap import dispatch
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call

PATH = "/onvif/event_service"

__all__ = ["pulling", "subscriptions", "topics"]


def capabilities(call: Call) -> Element:
    return el(
        "tev:Capabilities",
        WSSubscriptionPolicySupport=False,
        # Left out of today's WSDL, yet GetCapabilities has it and must agree (DEVICE-1-1-30);
        # ONVIF Device Manager pulls only where it is true.
        WSPullPointSupport=True,
        WSPausableSubscriptionManagerInterfaceSupport=False,
        MaxNotificationProducers=0,
        MaxPullPoints=pull_points.MAX_PER_USER,
        PersistentNotificationStorage=False,
    )


@dispatch.operation("tev:GetServiceCapabilities")
def get_service_capabilities(call: Call) -> Element:
    return el("tev:GetServiceCapabilitiesResponse", capabilities(call))


dispatch.register(dispatch.Service("tev", PATH, (24, 12), capabilities))
