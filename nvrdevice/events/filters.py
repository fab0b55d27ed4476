"""What a consumer of the journal wants to see; a message must pass every part of the filter.

(WS-BaseNotification 4.2: several expressions in one Filter narrow each other.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nvrdevice.events import content_filter, topic_filter, topics
from nvrdevice.events.content_filter import Node
from nvrdevice.events.notification import DELETED, INITIALIZED, Notification
from nvrdevice.events.refusals import Reason, Refused
from nvrdevice.events.topic_filter import TopicExpression

EXPRESSIONS_LIMIT = 16


@dataclass(frozen=True)
class Expression:
    """As it came: its dialect, its text, and the prefixes declared where it stands."""

    dialect: str
    text: str
    namespaces: Mapping[str | None, str]


@dataclass(frozen=True)
class Filter:
    """changed_only: neither the first nor the last message of a property (Core 9.1.2)."""

    topics: tuple[TopicExpression, ...] = ()
    contents: tuple[Node, ...] = ()
    changed_only: bool = False

    @cached_property
    def names(self) -> frozenset[str] | None:
        """The declared topics that pass; None where the filter does not speak of topics."""
        if not self.topics:
            return None
        return frozenset(
            topic.name
            for topic in topics.declared()
            if all(expression.matches(topic.path) for expression in self.topics)
        )

    def matches(self, notification: Notification) -> bool:
        if self.names is not None and notification.topic not in self.names:
            return False
        if self.changed_only and notification.operation in (INITIALIZED, DELETED):
            return False
        return all(content_filter.matches(node, notification) for node in self.contents)

    def plain(self) -> dict[str, Any]:
        return {
            "topics": [expression.plain() for expression in self.topics],
            "contents": list(self.contents),
            "changed_only": self.changed_only,
        }


EVERYTHING = Filter()


def parse(
    topic_expressions: Sequence[Expression] = (),
    content_expressions: Sequence[Expression] = (),
    *,
    changed_only: bool = False,
) -> Filter:
    """The filter of a subscription; Refused with the reason where it cannot be honoured."""
    if len(topic_expressions) + len(content_expressions) > EXPRESSIONS_LIMIT:
        raise Refused(
            Reason.UNKNOWN_FILTER, f"A filter has at most {EXPRESSIONS_LIMIT} expressions."
        )
    made = Filter(
        topics=tuple(
            topic_filter.parse(each.dialect, each.text, each.namespaces)
            for each in topic_expressions
        ),
        contents=tuple(
            content_filter.parse(each.dialect, each.text, each.namespaces)
            for each in content_expressions
        ),
        changed_only=changed_only,
    )
    if made.names == frozenset():
        # WS-BaseNotification 4.2: a subscription that no topic could ever match is refused.
        written = " and ".join(each.text.strip() for each in topic_expressions)
        raise Refused(
            Reason.TOPIC_NOT_SUPPORTED,
            f"No topic of this device matches {written[:200]!r}: GetEventProperties lists them.",
        )
    return made


def from_plain(values: Mapping[str, Any]) -> Filter:
    return Filter(
        topics=tuple(topic_filter.from_plain(each) for each in values.get("topics", ())),
        contents=tuple(values.get("contents", ())),
        changed_only=bool(values.get("changed_only")),
    )
