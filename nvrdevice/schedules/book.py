"""The schedules of this device: reading them, and every change, each with its audit row."""

import dataclasses
from collections.abc import Callable

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor, Note
from nvrdevice.events import publish
from nvrdevice.events.models import PropertyState
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.schedules import entries, topics, uses
from nvrdevice.schedules.checks import SCHEDULES_LIMIT, check_name, check_week
from nvrdevice.schedules.entries import Schedule
from nvrdevice.schedules.settings import RecordingSchedule, RecordingSchedules, ScheduleException
from nvrdevice.schedules.week import Week

Change = Callable[[RecordingSchedules], RecordingSchedules]


_known: tuple[RecordingSchedules | None, tuple[Schedule, ...]] = (None, ())


def everything() -> tuple[Schedule, ...]:
    """Worked out once for each state of the file: the watch asks twice a second."""
    global _known
    found = state.read(RecordingSchedules)
    if _known[0] is not found:
        _known = (found, entries.schedules_of(found))
    return _known[1]


def find(name: str) -> Schedule | None:
    return next((one for one in everything() if one.name == name), None)


def get(name: str) -> Schedule:
    found = find(name)
    if found is None:
        raise _missing(name)
    return found


def problems() -> tuple[str, ...]:
    """One sentence for each schedule of the file that cannot be understood."""
    return tuple(one.problem for one in everything() if one.problem)


def create(name: str, week: Week, *, by: Actor) -> Schedule:
    name = check_name(name)
    check_week(week)

    def change(now: RecordingSchedules) -> RecordingSchedules:
        _refuse_new(name, now)
        return _with(now, name, name, week)

    note = Note(object=name, after=plain(name, week))
    _update(change, by, "create schedule", lambda: note)
    return Schedule(name, week)


def add_window(entry: RecordingSchedule, *, by: Actor) -> Schedule:
    """To the schedule of its name; a new one where there is none."""
    name = check_name(entry.name)
    notes: list[Note] = []

    def add(now: RecordingSchedules) -> RecordingSchedules:
        found = next((one for one in entries.schedules_of(now) if one.name == name), None)
        if found is None:
            _refuse_new(name, now)
        elif found.problem:
            raise DeviceError(Kind.CONFLICT, found.problem, field="name")
        before = found.week if found is not None else Week()
        own = (*entries.entries_of(name, before), entry)
        week = entries.week_of(own, entries.exceptions_of(name, before), apart=True)
        check_week(week)
        was = plain(name, before) if found is not None else None
        notes.append(Note(object=name, before=was, after=plain(name, week)))
        return _with(now, name, name, week)

    _update(add, by, "add window to schedule", lambda: notes[-1])
    return get(name)


def change(name: str, week: Week, *, by: Actor) -> Schedule:
    """Give an existing schedule other windows and dates."""
    check_week(week)
    before: list[Schedule] = []

    def give(now: RecordingSchedules) -> RecordingSchedules:
        before.append(_get(name, now))
        return _with(now, name, name, week)

    def tell() -> Note:
        return Note(object=name, before=plain(name, before[-1].week), after=plain(name, week))

    _update(give, by, "change schedule", tell)
    return Schedule(name, week)


def rename(name: str, new: str, *, by: Actor) -> None:
    """Whatever uses the schedule goes on with the new name."""
    new = check_name(new)
    if new == name:
        get(name)
        return

    def give(now: RecordingSchedules) -> RecordingSchedules:
        _get(name, now)
        if new.casefold() != name.casefold():
            _refuse_taken(new, now)
        return dataclasses.replace(
            now,
            recording_schedules=tuple(
                dataclasses.replace(one, name=new) if _is(one.name, name) else one
                for one in now.recording_schedules
            ),
            schedule_exceptions=tuple(
                dataclasses.replace(one, name=new) if _is(one.name, name) else one
                for one in now.schedule_exceptions
            ),
        )

    def tell(_before: object, _after: object) -> Note:
        _carry_over(name, new)
        return Note(object=new, before=name, after=new)

    state.update_all(
        {RecordingSchedules: give, **uses.renaming(name, new)},
        trail.noting(by, "rename schedule", tell),
    )


def copy(name: str, new: str, *, by: Actor) -> Schedule:
    return create(new, get(name).week, by=by)


def delete(name: str, *, by: Actor) -> None:
    """Refused while something uses it, and that is named."""
    before = []

    def drop(now: RecordingSchedules) -> RecordingSchedules:
        before.append(_get(name, now))
        _refuse_used(name)
        return dataclasses.replace(
            now,
            recording_schedules=tuple(
                one for one in now.recording_schedules if not _is(one.name, name)
            ),
            schedule_exceptions=tuple(
                one for one in now.schedule_exceptions if not _is(one.name, name)
            ),
        )

    def tell() -> Note:
        return Note(object=name, before=plain(name, before[-1].week))

    _update(drop, by, "delete schedule", tell)


def plain(name: str, week: Week) -> dict[str, list[dict[str, object]]]:
    """As JSON: the entries as user.yaml has them, without the name."""
    return {
        "windows": [
            _nameless(one) for one in entries.entries_of(name, week) if one.start < one.end
        ],
        "exceptions": [_nameless(one) for one in entries.exceptions_of(name, week)],
    }


def _update(change: Change, by: Actor, action: str, tell: Callable[[], Note]) -> None:
    """tell: asked once change was made, so it may speak of what that found."""
    noting = trail.noting(by, action, lambda _before, _after: tell())
    state.update(RecordingSchedules, change, noting)


def _nameless(one: RecordingSchedule | ScheduleException) -> dict[str, object]:
    return {key: value for key, value in dataclasses.asdict(one).items() if key != "name"}


def _with(now: RecordingSchedules, name: str, new: str, week: Week) -> RecordingSchedules:
    """now, with this schedule's entries in their old place, or at the end."""
    kept = list(now.recording_schedules)
    at = next((i for i, one in enumerate(kept) if _is(one.name, name)), len(kept))
    before = [one for one in kept[:at] if not _is(one.name, name)]
    after = [one for one in kept[at:] if not _is(one.name, name)]
    others = [one for one in now.schedule_exceptions if not _is(one.name, name)]
    return RecordingSchedules(
        recording_schedules=(*before, *entries.entries_of(new, week), *after),
        schedule_exceptions=(*others, *entries.exceptions_of(new, week)),
    )


def _is(written: str, name: str) -> bool:
    return (written.strip() or entries.UNNAMED) == name


def _get(name: str, now: RecordingSchedules) -> Schedule:
    for one in entries.schedules_of(now):
        if one.name == name:
            return one
    raise _missing(name)


def _carry_over(name: str, new: str) -> None:
    """What was told of the old name holds of the new one at once: no rule lets go meanwhile."""
    for row in PropertyState.objects.filter(topic=topics.ACTIVE.name):
        if row.source.get("ScheduleToken") == name:
            publish(row.topic, {"ScheduleToken": new, "Name": new}, row.data)
            publish(row.topic, row.source, row.data, operation="Deleted")


def _refuse_used(name: str) -> None:
    used = uses.of(name)
    if used:
        words = " and ".join(use.words for use in used)
        raise DeviceError(
            Kind.CONFLICT,
            f"The schedule {name!r} is used for {words}: choose another one there first.",
            field="name",
        )


def _refuse_new(name: str, now: RecordingSchedules) -> None:
    _refuse_taken(name, now)
    if len(entries.schedules_of(now)) >= SCHEDULES_LIMIT:
        raise DeviceError(
            Kind.LIMIT,
            f"The device keeps at most {SCHEDULES_LIMIT} schedules: delete one first.",
            field="name",
        )


def _refuse_taken(name: str, now: RecordingSchedules) -> None:
    for one in entries.schedules_of(now):
        if one.name.casefold() == name.casefold():
            raise DeviceError(
                Kind.CONFLICT,
                f"There is a schedule {one.name!r} already: choose another name.",
                field="name",
            )


def _missing(name: str) -> DeviceError:
    return DeviceError(Kind.MISSING, f"There is no schedule {name[:64]!r}.", field="name")
