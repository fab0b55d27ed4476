"""The rules of this device: reading, changing and trying them, each change with its audit row."""

import dataclasses
from collections.abc import Callable, Iterator

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor, Note
from nvrdevice.digital_io import channels
from nvrdevice.digital_io.settings import INPUT as INPUT_DIRECTION
from nvrdevice.digital_io.settings import OUTPUT, DigitalChannels, token
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import settings as media
from nvrdevice.recordings import triggers
from nvrdevice.rules.settings import (
    INPUT,
    MOTION,
    OF_RULES,
    OFF,
    RECORDING,
    RULES_LIMIT,
    SCHEDULE,
    Rule,
    Rules,
)
from nvrdevice.schedules import book as schedules
from nvrdevice.schedules import uses

Change = Callable[[tuple[Rule, ...]], tuple[Rule, ...]]


def everything() -> tuple[Rule, ...]:
    return state.read(Rules).rules


def get(name: str) -> Rule:
    return _get(name, everything())


def problem(rule: Rule) -> str:
    """Why it cannot act as it stands; empty: it can."""
    if rule.of not in sources(rule.when):
        return f"There is no {NOUNS[rule.when]} {rule.of!r} any more."
    if rule.during and schedules.find(rule.during) is None:
        return f"There is no schedule {rule.during!r} any more: it does not act."
    if rule.do == RECORDING:
        gone = rule.camera and rule.camera not in sources(MOTION)
        return f"There is no camera {rule.camera!r} any more." if gone else ""
    if rule.output not in {one.channel_id for one in state.read(DigitalChannels).of(OUTPUT)}:
        return f"There is no output {rule.output} any more."
    return ""


NOUNS = {INPUT: "input", MOTION: "camera", SCHEDULE: "schedule"}


def sources(when: str) -> dict[str, str]:
    """What a condition can be of, and what people call it."""
    if when == INPUT:
        return {
            name: one.name or name
            for one in state.read(DigitalChannels).of(INPUT_DIRECTION)
            for name in [token(INPUT_DIRECTION, one.channel_id)]
        }
    if when == MOTION:
        return {one.token: one.name or one.token for one in media.read().sources}
    return {one.name: one.name for one in schedules.everything()}


def create(rule: Rule, *, by: Actor) -> Rule:
    rule = _checked(rule)

    def add(now: tuple[Rule, ...]) -> tuple[Rule, ...]:
        if len(now) >= RULES_LIMIT:
            raise DeviceError(
                Kind.LIMIT, f"The device keeps at most {RULES_LIMIT} rules: delete one first."
            )
        _refuse_taken(rule.name, now)
        return (*now, rule)

    _update(add, by, "create rule", rule.name)
    return rule


def change(name: str, rule: Rule, *, by: Actor) -> Rule:
    rule = _checked(rule)

    def give(now: tuple[Rule, ...]) -> tuple[Rule, ...]:
        _get(name, now)
        if rule.name.casefold() != name.casefold():
            _refuse_taken(rule.name, now)
        return tuple(rule if one.name == name else one for one in now)

    _update(give, by, "change rule", name)
    return rule


def delete(name: str, *, by: Actor) -> None:
    def drop(now: tuple[Rule, ...]) -> tuple[Rule, ...]:
        _get(name, now)
        return tuple(one for one in now if one.name != name)

    _update(drop, by, "delete rule", name)


def try_out(name: str, *, by: Actor) -> str:
    """Do once what the rule does, whatever holds now; what was done, in words."""
    rule = get(name)
    if rule.do == RECORDING:
        triggers.start(OF_RULES + name, by=by, source=rule.camera)
        return "It records now, with the seconds before and after."
    called = channels.find(OUTPUT, rule.output).name or token(OUTPUT, rule.output)
    if rule.act == OFF:
        channels.set_state(OUTPUT, rule.output, active=False, by=by)
        return f"{called} was switched off."
    channels.pulse(rule.output, by=by)
    return f"{called} was switched on for the length of its pulse."


def _checked(rule: Rule) -> Rule:
    name = rule.name.strip()
    if not name or not name.isprintable() or "/" in name or name in (".", ".."):
        raise DeviceError(
            Kind.INVALID, "Give the rule a name without / and control characters.", field="name"
        )
    rule = dataclasses.replace(rule, name=name)
    if rule.of not in sources(rule.when):
        raise DeviceError(
            Kind.INVALID, f"There is no {NOUNS[rule.when]} {rule.of[:64]!r}.", field="of"
        )
    if rule.during and schedules.find(rule.during) is None:
        raise DeviceError(
            Kind.INVALID, f"There is no schedule {rule.during[:64]!r}.", field="during"
        )
    if rule.do == RECORDING:
        if rule.camera and rule.camera not in sources(MOTION):
            raise DeviceError(
                Kind.INVALID, f"There is no camera {rule.camera[:64]!r}.", field="camera"
            )
    else:
        channels.find(OUTPUT, rule.output)
    return rule


def _update(make: Change, by: Actor, action: str, name: str) -> None:
    def tell(before: Rules, after: Rules) -> Note:
        old = [one for one in before.rules if one not in after.rules]
        new = [one for one in after.rules if one not in before.rules]
        return Note(
            object=name,
            before=dataclasses.asdict(old[0]) if old else None,
            after=dataclasses.asdict(new[0]) if new else None,
        )

    state.update(
        Rules,
        lambda now: dataclasses.replace(now, rules=make(now.rules)),
        trail.noting(by, action, tell),
    )


def _get(name: str, now: tuple[Rule, ...]) -> Rule:
    for one in now:
        if one.name == name:
            return one
    raise DeviceError(Kind.MISSING, f"There is no rule {name[:64]!r}.", field="name")


def _refuse_taken(name: str, now: tuple[Rule, ...]) -> None:
    if any(one.name.casefold() == name.casefold() for one in now):
        raise DeviceError(
            Kind.CONFLICT, f"There is a rule {name!r} already: choose another name.", field="name"
        )


def _renamed(now: Rules, old: str, new: str) -> Rules:
    def one(rule: Rule) -> Rule:
        of = new if rule.when == SCHEDULE and rule.of == old else rule.of
        return dataclasses.replace(rule, of=of, during=new if rule.during == old else rule.during)

    return dataclasses.replace(now, rules=tuple(map(one, now.rules)))


@uses.declare(Rules, _renamed)
def _of_schedules(name: str) -> Iterator[uses.Use]:
    for rule in everything():
        if rule.during == name or (rule.when == SCHEDULE and rule.of == name):
            yield uses.Use(f"the rule {rule.name}", "/rules/")
