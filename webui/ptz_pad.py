"""The PTZ pad and the presets of a camera, as the live page and /ptz/ show them."""

from dataclasses import dataclass

from nvrdevice.ptz import control, settings
from nvrdevice.ptz.backends.backend import SET_HOME
from nvrdevice.ptz.control import Now
from nvrdevice.ptz.settings import Preset

BACKENDS = {
    "auto": "Automatic",
    "off": "Nothing",
    "digital": "A part of the picture",
    "simulated": "A simulated head",
    "pelco_d": "Pelco-D on a serial line",
    "visca": "VISCA on a serial line",
}


@dataclass(frozen=True)
class Button:
    """name: what is spoken; sign: what is seen; the way it moves."""

    what: str
    name: str
    sign: str
    pan: int = 0
    tilt: int = 0
    zoom: int = 0


# As they lie on the pad, row by row; the stop button is in the middle.
PAD = (
    Button("up-left", "Up and left", "↖", pan=-1, tilt=1),
    Button("up", "Up", "↑", tilt=1),
    Button("up-right", "Up and right", "↗", pan=1, tilt=1),
    Button("left", "Left", "←", pan=-1),
    Button("stop", "Stop", "■"),
    Button("right", "Right", "→", pan=1),
    Button("down-left", "Down and left", "↙", pan=-1, tilt=-1),
    Button("down", "Down", "↓", tilt=-1),
    Button("down-right", "Down and right", "↘", pan=1, tilt=-1),
)
ZOOM = (Button("out", "Zoom out", "\N{MINUS SIGN}", zoom=-1), Button("in", "Zoom in", "+", zoom=1))
STEPS = {one.what: one for one in (*PAD, *ZOOM) if one.what != "stop"}


@dataclass(frozen=True)
class Pad:
    source: str
    now: Now
    kind: str  # in words
    presets: tuple[Preset, ...]
    digital: bool
    can_set_home: bool
    full: bool  # no room for another preset
    buttons: tuple[Button, ...] = PAD
    zoom: tuple[Button, ...] = ZOOM


def of(source: str) -> Pad:
    now = control.now(source)
    presets = control.presets(source)
    return Pad(
        source=source,
        now=now,
        kind=BACKENDS.get(now.backend, ""),
        presets=presets,
        digital=now.backend == settings.DIGITAL,
        can_set_home=SET_HOME in now.can,
        full=len(presets) >= now.most_presets,
    )
