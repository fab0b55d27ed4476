"""Moving a source, its presets and its home, as every face does it.

The media process moves; settings live in media.yaml. A move is no setting and leaves no audit
row: the request's line in the log names it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor, Note
from nvrdevice.lib import asking
from nvrdevice.lib.asking import Asked
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.question_frames import Reply
from nvrdevice.ptz import settings, spaces
from nvrdevice.ptz.backends.backend import ABSOLUTE, CONTINUOUS, RELATIVE, SET_HOME
from nvrdevice.ptz.backends.visca import HIGHEST_ADDRESS
from nvrdevice.ptz.settings import MOST_SOURCES, NAME_LIMIT, Head, Preset, PtzSettings
from nvrdevice.ptz.spaces import Limits, Vector
from nvrdevice.system.machine_root import is_simulated

log = logging.getLogger(__name__)

HEADS = Asked("ptz.requests", "the media process", "so nothing can be moved")
MODES = (CONTINUOUS, RELATIVE, ABSOLUTE)
WHOLE_MAIN = (
    "The main stream stays whole, as the camera sends it: it is passed through and not encoded "
    "here. The small stream, the JPEG stream and snapshots show the part."
)
SHORTEST_S, LONGEST_S, USUAL_S = 0.05, 60.0, 1.0


@dataclass(frozen=True, kw_only=True)
class Now:
    """A head as it is; position None: it tells none. problem: why it cannot be moved.

    trouble: why the last command did not get out, though it can be tried again.
    whole_main: the main stream stays as the camera sends it, and only the others show the part.
    """

    source: str
    backend: str = ""
    can: frozenset[str] = frozenset()
    most_presets: int = 0
    position: Vector | None = None
    moving: bool = False
    problem: str = ""
    trouble: str = ""
    whole_main: bool = False

    @property
    def note(self) -> str:
        """What is to be known of its streams; empty: nothing."""
        return WHOLE_MAIN if self.whole_main else ""


def move(
    source: str,
    vector: Vector,
    *,
    mode: str = CONTINUOUS,
    timeout_s: float = USUAL_S,
    mover: str = "",
    by: Actor,
) -> Now:
    """Continuous moves end by themselves after timeout_s; mover names who must not vanish."""
    return _now(asking.ask(HEADS, "move", moving(source, vector, mode, timeout_s, mover)))


def moving(
    source: str, vector: Vector, mode: str, timeout_s: float, mover: str = ""
) -> dict[str, Any]:
    """The arguments of a move, held against their bounds; for who asks on an event loop."""
    if mode not in MODES:
        raise DeviceError(Kind.INVALID, f"mode is one of {', '.join(MODES)}.", field="mode")
    if not SHORTEST_S <= timeout_s <= LONGEST_S:
        raise DeviceError(
            Kind.INVALID,
            f"timeout_s is from {SHORTEST_S:g} to {LONGEST_S:g} seconds.",
            field="timeout_s",
        )
    held = spaces.position(vector) if mode == ABSOLUTE else spaces.velocity(vector)
    return {
        "source": source,
        "mode": mode,
        "pan": held.pan,
        "tilt": held.tilt,
        "zoom": held.zoom,
        "timeout_s": timeout_s,
        "mover": mover[:64],
    }


def stop(source: str, *, by: Actor) -> Now:
    return _now(asking.ask(HEADS, "stop", {"source": source}))


def now(source: str) -> Now:
    """As it is; where it cannot be moved, why."""
    try:
        return _now(asking.ask(HEADS, "state", {"source": source}))
    except DeviceError as error:
        if error.kind is Kind.MISSING:
            raise
        return Now(source=source, problem=error.text)


def go_home(source: str, *, by: Actor) -> Now:
    return _now(asking.ask(HEADS, "home", {"source": source}))


def go_to_preset(source: str, token: str, *, by: Actor) -> Now:
    number = _preset(settings.head(source), token).number
    return _now(asking.ask(HEADS, "preset", {"source": source, "number": number}))


def presets(source: str) -> tuple[Preset, ...]:
    return settings.head(source).presets


def create_preset(source: str, name: str, *, by: Actor) -> Preset:
    """Where it stands now, under a name."""
    name = _named(name)
    here = _now(asking.ask(HEADS, "state", {"source": source}))
    taken = {one.number for one in presets(source)}
    free = [one for one in range(1, here.most_presets + 1) if one not in taken]
    if not free:
        raise DeviceError(
            Kind.LIMIT,
            f"This source keeps {here.most_presets} presets: delete one first.",
            subcode="Receiver/TooManyPresets",
        )
    _refuse_taken(settings.head(source), name)
    made = _kept(source, Preset(number=free[0], name=name))

    def give(now: Head) -> Head:
        _refuse_taken(now, name)
        if any(one.number == made.number for one in now.presets):
            raise DeviceError(Kind.CONFLICT, "Somebody else saved a preset just now: try again.")
        return replace(now, presets=(*now.presets, made))

    _update(source, give, by, "create PTZ preset", lambda *_: _note(source, after=made))
    return made


def move_preset(source: str, token: str, *, by: Actor) -> Preset:
    """Give a preset the position that is now."""
    before = _preset(settings.head(source), token)
    made = _kept(source, before)

    def give(now: Head) -> Head:
        _preset(now, token)
        return _with(now, made)

    _update(source, give, by, "set PTZ preset", lambda *_: _note(source, before, made))
    return made


def rename_preset(source: str, token: str, name: str, *, by: Actor) -> Preset:
    name = _named(name)
    pair: list[Preset] = []

    def give(now: Head) -> Head:
        before = _preset(now, token)
        _refuse_taken(now, name, besides=before)
        pair[:] = [before, replace(before, name=name)]
        return _with(now, pair[1])

    _update(source, give, by, "rename PTZ preset", lambda *_: _note(source, *pair))
    return pair[1]


def delete_preset(source: str, token: str, *, by: Actor) -> None:
    gone: list[Preset] = []

    def take(now: Head) -> Head:
        gone[:] = [_preset(now, token)]
        return replace(now, presets=tuple(one for one in now.presets if one != gone[0]))

    _update(source, take, by, "delete PTZ preset", lambda *_: _note(source, before=gone[0]))
    if now(source).backend in settings.SERIAL:
        try:
            asking.ask(HEADS, "forget", {"source": source, "number": gone[0].number})
        except DeviceError as error:  # a place that nobody goes to any more does no harm
            log.warning("the head of %s keeps %s: %s", source, gone[0].token, error.text)


def set_home(source: str, *, by: Actor) -> Now:
    """Home is where it stands now."""
    here = _now(asking.ask(HEADS, "state", {"source": source}))
    if SET_HOME not in here.can:
        raise DeviceError(
            Kind.UNSUPPORTED, "The home of this head is set in the head itself.", field="source"
        )
    here = _now(asking.ask(HEADS, "keep_home", {"source": source}))

    def give(now: Head) -> Head:
        at = here.position or now.home  # one that tells no position keeps its home itself
        return replace(now, home_pan=at.pan, home_tilt=at.tilt, home_zoom=at.zoom)

    def tell(before: Head, after: Head) -> Note:
        return Note(object=source, before=before.home.rounded(), after=after.home.rounded())

    _update(source, give, by, "set PTZ home", tell)
    return here


def change(source: str, *, by: Actor, **changes: Any) -> Head:
    """Other settings: what moves it, its limits, its port."""

    def give(now: Head) -> Head:
        after = replace(now, **changes)
        if after.backend == settings.SIMULATED and not is_simulated():
            raise DeviceError(
                Kind.UNSUPPORTED,
                "A simulated head moves nothing: it runs only on a simulated device "
                "(NVR_SYSTEM_BACKEND=simulated). Choose another.",
                field="backend",
            )
        if after.backend in settings.SERIAL and after.limits != Limits():
            raise DeviceError(
                Kind.INVALID,
                "A head on a serial line tells no position: leave the limits at the whole space "
                "here, and set them in the head itself.",
                field="pan_left",
            )
        if after.backend == settings.VISCA and after.address > HIGHEST_ADDRESS:
            raise DeviceError(
                Kind.INVALID,
                f"A VISCA head has an address from 1 to {HIGHEST_ADDRESS}.",
                field="address",
            )
        for low, high, field, words in (
            (after.pan_left, after.pan_right, "pan_right", "The rightmost"),
            (after.tilt_down, after.tilt_up, "tilt_up", "The highest"),
            (after.zoom_least, after.zoom_most, "zoom_most", "The nearest"),
        ):
            if low > high:
                raise DeviceError(Kind.INVALID, f"{words} must not be below {low:g}.", field=field)
        return after

    return _update(source, give, by, "set up PTZ", trail.differences(source))


def _kept(source: str, preset: Preset) -> Preset:
    here = _now(asking.ask(HEADS, "keep", {"source": source, "number": preset.number}))
    at = here.position or Vector()
    return replace(preset, pan=at.pan, tilt=at.tilt, zoom=at.zoom)


def _update(
    source: str,
    give: Callable[[Head], Head],
    by: Actor,
    action: str,
    tell: Callable[[Head, Head], Note | None],
) -> Head:
    def apply(now: PtzSettings) -> PtzSettings:
        after = give(settings.head(source, now))
        others = tuple(one for one in now.ptz if one.source != source)
        if len(others) >= MOST_SOURCES:
            raise DeviceError(
                Kind.LIMIT, f"media.yaml keeps PTZ settings of {MOST_SOURCES} sources at most."
            )
        return replace(now, ptz=(*others, after))

    def note(before: PtzSettings, after: PtzSettings) -> Note | None:
        return tell(settings.head(source, before), settings.head(source, after))

    found = state.update(PtzSettings, apply, trail.noting(by, action, note))
    return settings.head(source, found)


def _preset(head: Head, token: str) -> Preset:
    for one in head.presets:
        if one.token == token:
            return one
    raise DeviceError(
        Kind.MISSING,
        f"There is no preset {token[:64]!r} of {head.source}.",
        field="preset",
        subcode="InvalidArgVal/NoToken",
    )


def _with(head: Head, preset: Preset) -> Head:
    presets = tuple(preset if one.number == preset.number else one for one in head.presets)
    return replace(head, presets=presets)


def _named(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= NAME_LIMIT or not name.isprintable():
        raise DeviceError(
            Kind.INVALID,
            f"The name of a preset has 1 to {NAME_LIMIT} printable characters.",
            field="name",
        )
    return name


def _refuse_taken(head: Head, name: str, besides: Preset | None = None) -> None:
    for one in head.presets:
        if one.name == name and one != besides:
            raise DeviceError(Kind.CONFLICT, f"There is a preset {name!r} already.", field="name")


def _note(source: str, before: Preset | None = None, after: Preset | None = None) -> Note:
    return Note(object=source, before=_plain(before), after=_plain(after))


def _plain(one: Preset | None) -> dict[str, Any] | None:
    return {"name": one.name, **one.position.rounded()} if one is not None else None


def _now(reply: Reply) -> Now:
    told = reply.values
    at = told["position"]
    return Now(
        source=told["source"],
        backend=told["backend"],
        can=frozenset(told["can"]),
        most_presets=told["most_presets"],
        position=Vector(**at) if at is not None else None,
        moving=told["moving"],
        trouble=told.get("trouble", ""),
        whole_main=told.get("whole_main", False),
    )
