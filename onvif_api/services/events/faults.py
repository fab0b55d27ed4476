"""The refusals of events as the faults of WS-BaseNotification, each with its own detail.

Core 9.9: all of them go as env:Receiver with HTTP 500, and with WS-Addressing's fault action.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from lxml import etree

from nvrdevice.events.refusals import Reason, Refused
from nvrdevice.lib.clock import Clock
from nvrdevice.lib.errors import Kind
from onvif_api.soap.build import Element, Part, el
from onvif_api.soap.faults import Fault
from onvif_api.soap.namespaces import NS, PREFIX_OF, name

ELEMENTS = {
    Reason.UNKNOWN_PULL_POINT: "wsrf_r:ResourceUnknownFault",
    Reason.UNKNOWN_FILTER: "wsnt:InvalidFilterFault",
    Reason.UNKNOWN_TOPIC_DIALECT: "wsnt:TopicExpressionDialectUnknownFault",
    Reason.INVALID_TOPIC_EXPRESSION: "wsnt:InvalidTopicExpressionFault",
    Reason.TOPIC_NOT_SUPPORTED: "wsnt:TopicNotSupportedFault",
    Reason.INVALID_CONTENT_EXPRESSION: "wsnt:InvalidMessageContentExpressionFault",
    Reason.TOO_MANY: "wsnt:SubscribeCreationFailedFault",
    Reason.PULLED_ALREADY: "wsnt:UnableToGetMessagesFault",
    Reason.UNACCEPTABLE_TIME: "wsnt:UnacceptableInitialTerminationTimeFault",
}


@contextmanager
def told(clock: Clock, *, renewing: bool = False) -> Iterator[None]:
    """Turn what events refuses in here into its fault."""
    try:
        yield
    except Refused as refused:
        element = ELEMENTS[refused.reason]
        if renewing and refused.reason is Reason.UNACCEPTABLE_TIME:
            element = "wsnt:UnacceptableTerminationTimeFault"
        more: list[Part] = []
        if refused.earliest is not None:
            more = [
                el("wsnt:MinimumTime", refused.earliest),
                el("wsnt:MaximumTime", refused.latest),
            ]
        detail = base_fault(element, refused.text, clock.now(), *more)
        raise Fault(refused.kind, refused.text, detail=detail, code="Receiver") from None


def unknown_filters(names: list[Element], clock: Clock) -> Fault:
    """A Filter with elements this device does not know; the fault lists their names."""
    found = [_qname("wsnt:UnknownFilter", each) for each in names]
    words = ", ".join(str(each.tag) for each in names)[:200]
    text = f"The Filter holds what this device cannot filter by: {words}."
    detail = base_fault("wsnt:InvalidFilterFault", text, clock.now(), *found)
    return Fault(Kind.INVALID, text, detail=detail, code="Receiver")


def policy(element: Element, clock: Clock, *, known: bool) -> Fault:
    """A SubscriptionPolicy that is not offered, or one that nobody here has heard of."""
    word = "Unsupported" if known else "Unrecognized"
    text = f"This device does not offer the subscription policy {str(element.tag)[:200]}."
    named = _qname(f"wsnt:{word}Policy", element)
    detail = base_fault(f"wsnt:{word}PolicyRequestFault", text, clock.now(), named)
    return Fault(Kind.INVALID, text, detail=detail, code="Receiver")


def base_fault(element: str, text: str, at: datetime, *more: Part) -> Element:
    return el(
        element,
        el("wsrf_bf:Timestamp", at),
        el("wsrf_bf:Description", text, {"xml:lang": "en"}),
        *more,
    )


def _qname(tag: str, named: Element) -> Element:
    """An xs:QName whose prefix is declared on the element itself."""
    qname = etree.QName(named)
    uri = qname.namespace or ""
    # Our own prefix where there is one: lxml drops a second prefix for one namespace.
    prefix = PREFIX_OF.get(uri, "n") if uri else ""
    made = etree.Element(name(tag), nsmap={"wsnt": NS["wsnt"]} | ({prefix: uri} if uri else {}))
    made.text = f"{prefix}:{qname.localname}" if uri else qname.localname
    return made
