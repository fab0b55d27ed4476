"""The channels as every face sees and switches them. The device process does the switching."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor, Note
from nvrdevice.digital_io import topics
from nvrdevice.digital_io.refusals import missing
from nvrdevice.digital_io.settings import (
    DIRECTIONS,
    INPUT,
    Channel,
    DigitalChannels,
    token,
)
from nvrdevice.events.models import PropertyState
from nvrdevice.lib import asking
from nvrdevice.lib.asking import Asked
from nvrdevice.lib.errors import DeviceError, Kind

BOARD = Asked(
    "digital_io.requests", "the device process", "so inputs and outputs cannot be switched"
)
ASK_S = 2.0


@dataclasses.dataclass(frozen=True)
class ChannelNow:
    """kind: "virtual", "gpio", "simulated", or empty where it is not known or not there."""

    setting: Channel
    token: str
    state: bool
    kind: str = ""
    problem: str = ""


def everything() -> tuple[ChannelNow, ...]:
    """Inputs, then outputs. Without the device process: as the journal says they were."""
    try:
        found = asking.ask(BOARD, "states", {}, timeout_s=ASK_S).values
        problem = ""
    except DeviceError as error:
        found, problem = _told(), error.text
    return tuple(
        ChannelNow(
            one,
            name,
            state=bool(known.get("state")),
            kind=str(known.get("kind", "")),
            problem=str(known.get("problem", "")) or problem,
        )
        for direction in DIRECTIONS
        for one in state.read(DigitalChannels).of(direction)
        for name in [token(direction, one.channel_id)]
        for known in [found.get(name, {})]
    )


def names() -> dict[str, str]:
    """What people call each token."""
    found = state.read(DigitalChannels)
    return {
        name: one.name or name
        for direction in DIRECTIONS
        for one in found.of(direction)
        for name in [token(direction, one.channel_id)]
    }


def told_states() -> dict[str, bool]:
    """By token, as the journal has them."""
    return {name: known["state"] for name, known in _told().items()}


def set_state(direction: str, channel_id: int, *, active: bool, by: Actor) -> bool:
    """Raise or lower a virtual input, switch an output; the state that was read back."""
    return _set(direction, channel_id, {"state": active}, by)


def pulse(channel_id: int, *, by: Actor) -> bool:
    """An output on for its delay."""
    return _set("output", channel_id, {"state": True, "pulse": True}, by)


def find(direction: str, channel_id: int) -> Channel:
    return _found(state.read(DigitalChannels), direction, channel_id)


def _found(channels: DigitalChannels, direction: str, channel_id: int) -> Channel:
    for one in channels.of(direction):
        if one.channel_id == channel_id:
            return one
    raise missing(direction, channel_id)


def change(direction: str, channel_id: int, changes: Mapping[str, Any], *, by: Actor) -> Channel:
    """Give a channel other settings; its number, direction and state are not among them."""
    for field in changes:
        if field in ("channel_id", "direction", "state"):
            raise DeviceError(Kind.INVALID, f"{field} cannot be changed here.", field=field)

    def give(now: DigitalChannels) -> DigitalChannels:
        _found(now, direction, channel_id)
        _refuse_shared_pin(now, token(direction, channel_id), changes.get("pin"))
        field = "digital_inputs" if direction == INPUT else "digital_outputs"
        changed = tuple(
            dataclasses.replace(one, **changes) if one.channel_id == channel_id else one
            for one in now.of(direction)
        )
        return dataclasses.replace(now, **{field: changed})  # type: ignore[arg-type]

    if direction not in DIRECTIONS:
        raise missing(direction, channel_id)

    def tell(before: DigitalChannels, after: DigitalChannels) -> Note:
        return Note(
            object=token(direction, channel_id),
            before=_plain(_found(before, direction, channel_id)),
            after=_plain(_found(after, direction, channel_id)),
        )

    noting = trail.noting(by, f"set up digital {direction}", tell)
    return _found(state.update(DigitalChannels, give, noting), direction, channel_id)


def _set(direction: str, channel_id: int, how: dict[str, Any], by: Actor) -> bool:
    """The device process notes it in the audit trail, together with the event."""
    if direction not in DIRECTIONS:
        raise missing(direction, channel_id)
    who = (by.username, by.address, by.protocol)
    arguments = {"direction": direction, "channel_id": channel_id, **how, "by": who}
    return asking.ask(BOARD, "set", arguments).values.get("state") is True


def _refuse_shared_pin(now: DigitalChannels, own: str, pin: int | None) -> None:
    for direction in DIRECTIONS:
        for one in now.of(direction):
            name = token(direction, one.channel_id)
            if pin is not None and one.pin == pin and name != own:
                raise DeviceError(
                    Kind.CONFLICT,
                    f"Pin {pin} belongs to {one.name or name} already: choose another.",
                    field="pin",
                )


def _told() -> dict[str, dict[str, Any]]:
    found = PropertyState.objects.filter(topic__in=(topics.INPUT.name, topics.RELAY.name))
    return {
        next(iter(row.source.values()), ""): {
            "state": row.data.get("LogicalState") in ("true", topics.ACTIVE)
        }
        for row in found
    }


def _plain(one: Channel) -> dict[str, Any]:
    return {name: value for name, value in dataclasses.asdict(one).items() if name != "state"}
