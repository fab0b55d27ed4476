"""What rules wait for, as it stands: read from events. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nvrdevice.digital_io import topics as digital_io
from nvrdevice.motion import topics as motion
from nvrdevice.rules.settings import INPUT, MOTION, SCHEDULE, START, Rule
from nvrdevice.schedules import topics as schedules

# Of each kind of condition: the topic, the item that names its source, and the item of its state.
TOPICS = {
    INPUT: (digital_io.INPUT.name, "InputToken", "LogicalState"),
    MOTION: (motion.ALARM.name, "Source", "State"),
    SCHEDULE: (schedules.ACTIVE.name, "ScheduleToken", "Active"),
}
KINDS = {topic: kind for kind, (topic, _, _) in TOPICS.items()}
WATCHED = tuple(KINDS)

Condition = tuple[str, str]  # kind and source: ("input", "input1")


@dataclass(frozen=True)
class Edge:
    condition: Condition
    begins: bool


class Conditions:
    """Which hold now."""

    def __init__(self) -> None:
        self._holding: set[Condition] = set()

    def take(
        self, topic: str, operation: str, source: Mapping[str, str], data: Mapping[str, str]
    ) -> Edge | None:
        """What an event changes; a state that is told anew changes nothing."""
        kind = KINDS.get(topic)
        if kind is None:
            return None
        _, item, state = TOPICS[kind]
        condition = (kind, source.get(item, ""))
        holds = operation != "Deleted" and data.get(state) == "true"
        if holds == (condition in self._holding):
            return None
        (self._holding.add if holds else self._holding.discard)(condition)
        # A schedule that is told of for the first time (it is new, or has a new name) has not
        # begun just now, and one that is there no more has not ended.
        if kind == SCHEDULE and operation in ("Initialized", "Deleted"):
            return None
        return Edge(condition, holds)

    def holds(self, condition: Condition) -> bool:
        return condition in self._holding

    def allow(self, rule: Rule) -> bool:
        """Whether this rule may act now: enabled, and its schedule holds."""
        return rule.enabled and (not rule.during or self.holds((SCHEDULE, rule.during)))


def condition_of(rule: Rule) -> Condition:
    return rule.when, rule.of


def fired(rules: Iterable[Rule], edge: Edge) -> list[Rule]:
    """Those that wait for this edge."""
    return [
        rule
        for rule in rules
        if condition_of(rule) == edge.condition and (rule.at == START) == edge.begins
    ]
