"""An event as its consumers get it: a row of the journal, or the state a property is in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

INITIALIZED, CHANGED, DELETED = "Initialized", "Changed", "Deleted"


@dataclass(frozen=True)
class Notification:
    number: int  # of the journal's row; 0 for a state re-sent
    at: datetime
    topic: str
    operation: str  # of a property, else empty
    source: Mapping[str, str]
    key: Mapping[str, str]
    data: Mapping[str, str]

    def plain(self) -> list[Any]:
        """As JSON values that keep the order of items, which a JSON object need not."""
        items = [list(group.items()) for group in (self.source, self.key, self.data)]
        return [self.number, self.at.isoformat(), self.topic, self.operation, *items]


def from_plain(values: list[Any]) -> Notification:
    number, at, topic, operation, source, key, data = values
    return Notification(
        number, datetime.fromisoformat(at), topic, operation, dict(source), dict(key), dict(data)
    )
