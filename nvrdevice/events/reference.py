"""The reference of event topics, derived from their declarations."""

from collections.abc import Mapping

from nvrdevice.events import topics
from nvrdevice.events.topics import Topic

INTRODUCTION = """# Event topics

Written from the declarations in the code by `./nvr manage writereference`; do not edit it here.
A property has a state, which a new subscription is told first; other topics are told each time.
The prefix `nvr` stands for this product's own namespace; `tns1` is ONVIF's.

| topic | property | source items | data items |
|---|---|---|---|
"""


def page() -> str:
    return INTRODUCTION + "".join(_row(topic) for topic in topics.declared())


def _row(topic: Topic) -> str:
    kind = "yes" if topic.is_property else "no"
    return f"| `{topic.name}` | {kind} | {_items(topic.source)} | {_items(topic.data)} |\n"


def _items(items: Mapping[str, str]) -> str:
    return ", ".join(f"{name} (`{kind}`)" for name, kind in items.items()) or "none"
