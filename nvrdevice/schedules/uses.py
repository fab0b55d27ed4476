"""What schedules are used for. Each noun declares its own use: those above are not known here.

A use holds one name of a schedule, or many (rules do): it says which, and takes a new name over.
"""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from nvrdevice import state
from nvrdevice.events.pipeline import EventSwitches

Section = TypeVar("Section")


@dataclasses.dataclass(frozen=True)
class Use:
    """words: "sending events"; page: where it is set."""

    words: str
    page: str


Find = Callable[[str], Iterator[Use]]

_finders: list[Find] = []
_renaming: dict[type[Any], Callable[[Any, str, str], Any]] = {}


def declare(
    section: type[Section], renamed: Callable[[Section, str, str], Section]
) -> Callable[[Find], Find]:
    """section keeps names of schedules: renamed(section, old, new) is the one with the new name.

    What is decorated yields the uses of a schedule's name.
    """

    def add(find: Find) -> Find:
        if find not in _finders:
            _finders.append(find)
        _renaming[section] = renamed
        return find

    return add


def of(name: str) -> tuple[Use, ...]:
    return tuple(use for find in _finders for use in find(name))


def renaming(old: str, new: str) -> dict[type[Any], Callable[[Any], Any]]:
    """What becomes of each section that may use the schedule, for state.update_all."""

    def of_section(renamed: Callable[[Any, str, str], Any]) -> Callable[[Any], Any]:
        return lambda now: renamed(now, old, new)

    return {section: of_section(renamed) for section, renamed in _renaming.items()}


def _renamed(now: EventSwitches, old: str, new: str) -> EventSwitches:
    return dataclasses.replace(
        now,
        events_schedule=new if now.events_schedule == old else now.events_schedule,
        alarms_schedule=new if now.alarms_schedule == old else now.alarms_schedule,
    )


@declare(EventSwitches, _renamed)
def _of_events(name: str) -> Iterator[Use]:
    switches = state.read(EventSwitches)
    if switches.events_schedule == name:
        yield Use("sending events", "/schedules/")
    if switches.alarms_schedule == name:
        yield Use("sending alarms", "/schedules/")
