"""What schedules are used for. Each noun declares its own use: those above are not known here.

A use holds one name of a schedule, or many (rules do): it says which, and takes a new name over.
"""

import dataclasses
from collections.abc import Callable, Iterator

from nvrdevice import state
from nvrdevice.events.pipeline import EventSwitches


@dataclasses.dataclass(frozen=True)
class Use:
    """words: "sending events"; page: where it is set; rename changes settings without an audit."""

    words: str
    page: str
    rename: Callable[[str, str], None]


Find = Callable[[str], Iterator[Use]]

_finders: list[Find] = []


def declare(find: Find) -> Find:
    """find yields the uses of a schedule's name."""
    if find not in _finders:
        _finders.append(find)
    return find


def of(name: str) -> tuple[Use, ...]:
    return tuple(use for find in _finders for use in find(name))


@declare
def _of_events(name: str) -> Iterator[Use]:
    switches = state.read(EventSwitches)
    if switches.events_schedule == name:
        yield Use("sending events", "/schedules/", _rename_of_events)
    if switches.alarms_schedule == name:
        yield Use("sending alarms", "/schedules/", _rename_of_alarms)


def _rename_of_events(_old: str, new: str) -> None:
    state.update(EventSwitches, lambda now: dataclasses.replace(now, events_schedule=new))


def _rename_of_alarms(_old: str, new: str) -> None:
    state.update(EventSwitches, lambda now: dataclasses.replace(now, alarms_schedule=new))
