"""Clients of the event service for its tests: requests as text, and answers read back."""

from typing import Any

from lxml import etree

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from onvif_api.soap.namespaces import NS, name
from tests.onvif_api import soap_client
from tests.onvif_api.fake_security import FakeSecurity
from tests.onvif_api.soap_client import Answer

MOTION = "tns1:VideoSource/MotionAlarm"
CELLS = "tns1:RuleEngine/CellMotionDetector/Motion"
SIGNAL = "tns1:VideoSource/SignalLoss"
CONCRETE_SET = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
ITEM_FILTER = "http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter"
EVENT_SERVICE = "/onvif/event_service"


def ask(request: str, path: str = EVENT_SERVICE, as_: str | None = "admin", **more: Any) -> Answer:
    clock: Clock = more.pop("clock", SYSTEM_CLOCK)
    return soap_client.call(request, as_, path, security=FakeSecurity(), clock=clock, **more)


def topic_filter(text: str, dialect: str = CONCRETE_SET) -> str:
    return f'<wsnt:TopicExpression Dialect="{dialect}">{text}</wsnt:TopicExpression>'


def content_filter(text: str, dialect: str = ITEM_FILTER) -> str:
    return f'<wsnt:MessageContent Dialect="{dialect}">{text}</wsnt:MessageContent>'


def creation(filter: str = "", termination: str = "PT60S", policy: str = "") -> str:
    return (
        "<tev:CreatePullPointSubscription>"
        + (f"<tev:Filter>{filter}</tev:Filter>" if filter else "")
        + (
            f"<tev:InitialTerminationTime>{termination}</tev:InitialTerminationTime>"
            if termination
            else ""
        )
        + (f"<tev:SubscriptionPolicy>{policy}</tev:SubscriptionPolicy>" if policy else "")
        + "</tev:CreatePullPointSubscription>"
    )


def pulling(timeout: str = "PT0S", limit: int = 100) -> str:
    return (
        f"<tev:PullMessages><tev:Timeout>{timeout}</tev:Timeout>"
        f"<tev:MessageLimit>{limit}</tev:MessageLimit></tev:PullMessages>"
    )


def path_of(created: Answer) -> str:
    address = created.text("tev:SubscriptionReference/wsa:Address") or ""
    return address.removeprefix("http://192.0.2.7:8000")


def subscribe(filter: str = "", **more: Any) -> str:
    """The path of a new pull point."""
    return path_of(ask(creation(filter), **more))


def told(answer: Answer) -> list[tuple[str, str, dict[str, str]]]:
    """Topic, operation and items of each message."""
    found = []
    for holder in answer.all("wsnt:NotificationMessage"):
        message = holder.find(f"{name('wsnt:Message')}/{name('tt:Message')}")
        items = {
            item.get("Name"): item.get("Value") for item in message.iter(name("tt:SimpleItem"))
        }
        topic = holder.findtext(name("wsnt:Topic"))
        found.append((topic, message.get("PropertyOperation", ""), items))
    return found


def fault_detail(answer: Answer) -> str:
    """The name of the fault's detail element, "wsnt:InvalidFilterFault"."""
    detail = answer.body.find(f"{name('env:Detail')}/*")
    if detail is None:
        return ""
    qname = etree.QName(detail)
    prefix = next(prefix for prefix, uri in NS.items() if uri == qname.namespace)
    return f"{prefix}:{qname.localname}"
