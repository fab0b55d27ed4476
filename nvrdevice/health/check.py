"""One finding of the self-test, in words for the person who has to act on it."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Level(enum.IntEnum):
    OK = 0
    WARN = 1  # works, but somebody should act
    DANGER = 2  # something the device is for does not work

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, kw_only=True)
class Check:
    """name is stable and for programs; text and fix are sentences for people."""

    name: str
    level: Level
    text: str
    fix: str = ""


def worst(checks: Iterable[Check]) -> Level:
    return max((check.level for check in checks), default=Level.OK)
