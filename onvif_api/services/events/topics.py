"""GetEventProperties: the tree of declared topics with the description of their messages."""

from lxml import etree

from nvrdevice.events import topics
from nvrdevice.events.content_filter import ITEM_FILTER
from nvrdevice.events.namespaces import PREFIXES
from nvrdevice.events.topic_filter import DIALECTS
from nvrdevice.events.topics import Topic
from onvif_api.soap import dispatch
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.namespaces import name

# Where ONVIF publishes them (Core 9.10.2 shows both).
TOPIC_NAMESPACE_LOCATION = "http://www.onvif.org/onvif/ver10/topics/topicns.xml"
SCHEMA_LOCATION = "http://www.onvif.org/onvif/ver10/schema/onvif.xsd"


@dispatch.operation("tev:GetEventProperties")
def get_event_properties(call: Call) -> Element:
    return el(
        "tev:GetEventPropertiesResponse",
        el("tev:TopicNamespaceLocation", TOPIC_NAMESPACE_LOCATION),
        el("wsnt:FixedTopicSet", True),  # noqa: FBT003
        topic_set(topics.declared()),
        [el("wsnt:TopicExpressionDialect", dialect) for dialect in DIALECTS],
        el("tev:MessageContentFilterDialect", ITEM_FILTER),
        el("tev:MessageContentSchemaLocation", SCHEMA_LOCATION),
    )


def topic_set(declared: tuple[Topic, ...]) -> Element:
    """Nested as the paths are: the root in its namespace, what is below it in none."""
    root = el("wstop:TopicSet")
    for topic in declared:
        place = root
        for step in topic.path:
            place = _step(place, step)
        place.set(name("wstop:topic"), "true")
        # The description stands before sub-topics, which clients skip while they look for it.
        place.insert(0, _description(topic))
    return root


def _step(parent: Element, step: str) -> Element:
    for child in parent.iterchildren(step):
        return child
    uri = etree.QName(step).namespace
    prefixes = {prefix: known for prefix, known in PREFIXES.items() if known == uri}
    return etree.SubElement(parent, step, nsmap=prefixes)


def _description(topic: Topic) -> Element:
    groups = (("tt:Source", topic.source), ("tt:Key", topic.key), ("tt:Data", topic.data))
    return el(
        "tt:MessageDescription",
        [
            el(
                tag,
                [
                    el("tt:SimpleItemDescription", Name=item, Type=type_)
                    for item, type_ in items.items()
                ],
            )
            for tag, items in groups
            if items
        ],
        IsProperty=topic.is_property,
    )
