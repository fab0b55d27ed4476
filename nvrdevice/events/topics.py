"""The topics this device can send, each declared once by the noun that publishes it.

A topic's name is written with this device's own prefixes ("tns1:VideoSource/MotionAlarm");
its path holds expanded names, which is what filters of other people's prefixes are held
against. The order of items counts: Home Assistant reads the first source and data item.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from nvrdevice.events.namespaces import PREFIXES, TYPE_PREFIXES
from nvrdevice.lib.errors import DeviceError, Kind

NAME = re.compile(r"(?:(?P<prefix>\w+):)?(?P<local>[A-Za-z_][\w.-]*)", re.ASCII)
NAME_LIMIT = 200  # characters of a topic, as the journal's column has them

Path = tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    name: str
    path: Path
    is_property: bool
    source: Mapping[str, str] = field(default_factory=dict)  # item name to type
    key: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)


_topics: dict[str, Topic] = {}


def declare(
    name: str,
    *,
    is_property: bool = False,
    source: Mapping[str, str] | None = None,
    key: Mapping[str, str] | None = None,
    data: Mapping[str, str] | None = None,
) -> Topic:
    """Make a topic known with the items of its messages; again with the same facts is harmless."""
    topic = Topic(
        name=name,
        path=expanded(name),
        is_property=is_property,
        source=dict(source or {}),
        key=dict(key or {}),
        data=dict(data or {}),
    )
    _check(topic)
    if _topics.setdefault(name, topic) != topic:
        raise DeviceError(Kind.INTERNAL, f"The topic {name} is declared twice and differently.")
    return topic


def find(name: str) -> Topic | None:
    return _topics.get(name)


def declared() -> tuple[Topic, ...]:
    """All topics, those of one tree beside each other."""
    return tuple(_topics[name] for name in sorted(_topics))


def expanded(name: str) -> Path:
    """The steps of a topic name as "{namespace}local"; a step without prefix has no namespace."""
    return tuple(_expand(step, name) for step in name.split("/"))


def _expand(step: str, name: str) -> str:
    found = NAME.fullmatch(step)
    if found is None or (found["prefix"] and found["prefix"] not in PREFIXES):
        raise DeviceError(Kind.INTERNAL, f"{name!r} is no topic name with a known prefix.")
    if not found["prefix"]:
        return found["local"]
    return f"{{{PREFIXES[found['prefix']]}}}{found['local']}"


def _check(topic: Topic) -> None:
    names = [*topic.source, *topic.key, *topic.data]
    types = [*topic.source.values(), *topic.key.values(), *topic.data.values()]
    wrong = ""
    if not topic.path[0].startswith("{"):
        wrong = "its root has no namespace prefix"
    elif len(topic.name) > NAME_LIMIT:
        wrong = f"its name is longer than {NAME_LIMIT} characters"
    elif len(set(names)) != len(names):
        wrong = "two of its items have one name (Core 9.4.3)"
    elif topic.key and not topic.is_property:
        wrong = "only a property has key items (Core 9.4.3)"
    elif any(type_.partition(":")[0] not in TYPE_PREFIXES for type_ in types):
        wrong = "a type is neither of xs: nor of tt:"
    if wrong:
        raise DeviceError(Kind.INTERNAL, f"The topic {topic.name} cannot be declared: {wrong}.")
