"""A notification as XML: wsnt:NotificationMessage around tt:Message (Core 9.4.1)."""

from collections.abc import Mapping

from lxml import etree

from nvrdevice.events.namespaces import PREFIXES
from nvrdevice.events.notification import Notification
from nvrdevice.events.topic_filter import CONCRETE
from onvif_api.soap.build import Element, el
from onvif_api.soap.namespaces import NS, name

OWN_PREFIXES = {prefix: uri for prefix, uri in PREFIXES.items() if prefix not in NS}


def notification_message(notification: Notification, producer: str) -> Element:
    return el(
        "wsnt:NotificationMessage",
        _topic(notification.topic),
        el("wsnt:ProducerReference", el("wsa:Address", producer)),
        el("wsnt:Message", _message(notification)),
    )


def _topic(topic: str) -> Element:
    """Its text holds prefixes; the envelope declares ONVIF's, ours are declared here."""
    used = {prefix: uri for prefix, uri in OWN_PREFIXES.items() if f"{prefix}:" in topic}
    made = etree.Element(name("wsnt:Topic"), Dialect=CONCRETE, nsmap={"wsnt": NS["wsnt"], **used})
    made.text = topic
    return made


def _message(notification: Notification) -> Element:
    return el(
        "tt:Message",
        {"UtcTime": notification.at, "PropertyOperation": notification.operation or None},
        _items("tt:Source", notification.source),
        _items("tt:Key", notification.key),
        _items("tt:Data", notification.data),
    )


def _items(tag: str, items: Mapping[str, str]) -> Element | None:
    if not items:
        return None
    return el(tag, [el("tt:SimpleItem", Name=key, Value=value) for key, value in items.items()])
