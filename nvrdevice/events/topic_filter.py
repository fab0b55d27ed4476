"""Topic expressions: the Concrete dialect of WS-Topics and ONVIF's ConcreteSet (Core 9.6.3).

ConcreteSet adds "|" for either and a trailing "//." for a topic with all below it. Neither has
wildcards. Prefixes mean what they mean where the expression stands in its document.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nvrdevice.events.namespaces import TOPICS
from nvrdevice.events.refusals import Reason, Refused
from nvrdevice.events.topics import Path

CONCRETE = "http://docs.oasis-open.org/wsn/t-1/TopicExpression/Concrete"
CONCRETE_SET = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
DIALECTS = (CONCRETE, CONCRETE_SET)

SUB_TREE = "//."
LENGTH_LIMIT = 8192
PATHS_LIMIT = 128
STEP = re.compile(r"(?:([^\W\d][\w.-]*):)?([^\W\d][\w.-]*)")


@dataclass(frozen=True)
class TopicPath:
    steps: Path
    sub_tree: bool

    def covers(self, path: Path) -> bool:
        if self.sub_tree:
            return path[: len(self.steps)] == self.steps
        return path == self.steps


@dataclass(frozen=True)
class TopicExpression:
    """Matches a topic that one of its paths covers."""

    paths: tuple[TopicPath, ...]

    def matches(self, path: Path) -> bool:
        return any(each.covers(path) for each in self.paths)

    def plain(self) -> list[Any]:
        return [[list(each.steps), each.sub_tree] for each in self.paths]


def from_plain(values: list[Any]) -> TopicExpression:
    return TopicExpression(tuple(TopicPath(tuple(steps), sub_tree) for steps, sub_tree in values))


def parse(dialect: str, text: str, namespaces: Mapping[str | None, str]) -> TopicExpression:
    if dialect not in DIALECTS:
        raise Refused(
            Reason.UNKNOWN_TOPIC_DIALECT,
            f"The dialect {dialect[:120]!r} is not known: use {CONCRETE_SET} or {CONCRETE}.",
        )
    if len(text) > LENGTH_LIMIT or text.count("|") >= PATHS_LIMIT:
        raise _invalid(text, f"it has more than {LENGTH_LIMIT} characters or {PATHS_LIMIT} topics")
    written = text.split("|") if dialect == CONCRETE_SET else [text]
    return TopicExpression(
        tuple(_parse_path(each.strip(), dialect, text, namespaces) for each in written)
    )


def _parse_path(
    written: str, dialect: str, text: str, namespaces: Mapping[str | None, str]
) -> TopicPath:
    sub_tree = dialect == CONCRETE_SET and written.endswith(SUB_TREE)
    plain = written.removesuffix(SUB_TREE) if sub_tree else written
    steps: list[str] = []
    for step in plain.split("/"):
        found = STEP.fullmatch(step)
        if found is None:
            raise _invalid(text, f"{step!r} is no topic name")
        prefix, local = found.groups()
        if prefix is not None and prefix not in namespaces:
            raise _invalid(text, f"the prefix {prefix!r} is not declared")
        # Below a root of ONVIF's tree names have no namespace, yet early clients repeat the
        # root's prefix on each step.
        inherited = steps and prefix is not None and namespaces[prefix] == TOPICS
        plain_name = prefix is None or inherited
        steps.append(local if plain_name else f"{{{namespaces[prefix]}}}{local}")
    return TopicPath(tuple(steps), sub_tree)


def _invalid(text: str, why: str) -> Refused:
    return Refused(
        Reason.INVALID_TOPIC_EXPRESSION,
        f"The topic expression {text.strip()[:120]!r} cannot be read: {why}.",
    )
