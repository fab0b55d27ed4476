"""media.yaml: what moves each source, how far, where its home is, and its presets.

A source without an entry has the defaults: its picture is cropped where it is encoded here.
"""

from dataclasses import dataclass

from nvrdevice import state
from nvrdevice.ptz.spaces import Limits, Vector

AUTO, OFF, DIGITAL, SIMULATED, PELCO_D, VISCA = (
    "auto",
    "off",
    "digital",
    "simulated",
    "pelco_d",
    "visca",
)
BACKENDS = (AUTO, OFF, DIGITAL, SIMULATED, PELCO_D, VISCA)
SERIAL = (PELCO_D, VISCA)
MOST_PRESETS = 24
MOST_SOURCES = 16
NAME_LIMIT = 64
BAUD_RATES = (2400, 4800, 9600, 19200, 38400, 115200)


def _pan_tilt(title: str, default: float) -> float:
    found: float = state.setting(default, title=title, low=-1, high=1)
    return found


def _zoom(title: str, default: float) -> float:
    found: float = state.setting(default, title=title, help="0: wide; 1: near.", low=0, high=1)
    return found


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A position with a name; on a serial line the head itself keeps it, under its number."""

    number: int = state.setting(title="Number", low=1, high=MOST_PRESETS)
    name: str = state.setting(title="Name", low=1, high=NAME_LIMIT)
    pan: float = _pan_tilt("Pan", 0.0)
    tilt: float = _pan_tilt("Tilt", 0.0)
    zoom: float = _zoom("Zoom", 0.0)

    @property
    def token(self) -> str:
        return f"preset{self.number}"

    @property
    def position(self) -> Vector:
        return Vector(self.pan, self.tilt, self.zoom)


@dataclass(frozen=True, kw_only=True)
class Head:
    source: str = state.setting(title="Source", help="Its token.", low=1, high=64)
    backend: str = state.setting(
        AUTO,
        title="Moved by",
        help="auto: a crop of the picture where it is encoded here, else nothing.",
        choices=BACKENDS,
    )
    most_zoom: float = state.setting(
        4.0,
        title="Largest digital zoom",
        help="How much larger than the whole picture a crop is shown at most.",
        unit="times",
        low=1.5,
        high=8,
    )
    port: str = state.setting(
        "/dev/ttyUSB0",
        title="Serial port",
        help="For Pelco-D and VISCA.",
        high=200,
        pattern=r"/dev(/(?!\.)[\w.:+@-]+)+",
        pattern_words="a device file, as /dev/ttyUSB0",
    )
    baud: int = state.setting(9600, title="Baud rate", choices=BAUD_RATES)
    address: int = state.setting(
        1, title="Address", help="Of the head on its line; VISCA knows 1 to 7.", low=1, high=255
    )
    pan_left: float = _pan_tilt("Leftmost", -1.0)
    pan_right: float = _pan_tilt("Rightmost", 1.0)
    tilt_down: float = _pan_tilt("Lowest", -1.0)
    tilt_up: float = _pan_tilt("Highest", 1.0)
    zoom_least: float = _zoom("Widest", 0.0)
    zoom_most: float = _zoom("Nearest", 1.0)
    home_pan: float = _pan_tilt("Home, pan", 0.0)
    home_tilt: float = _pan_tilt("Home, tilt", 0.0)
    home_zoom: float = _zoom("Home, zoom", 0.0)
    presets: tuple[Preset, ...] = state.setting((), title="Presets", most=MOST_PRESETS)

    @property
    def limits(self) -> Limits:
        return Limits(
            pan=_ordered(self.pan_left, self.pan_right),
            tilt=_ordered(self.tilt_down, self.tilt_up),
            zoom=_ordered(self.zoom_least, self.zoom_most),
        )

    @property
    def home(self) -> Vector:
        return Vector(self.home_pan, self.home_tilt, self.home_zoom)

    @property
    def drive(self) -> tuple[object, ...]:
        """What makes it another machine when it is changed; presets and home do not."""
        return self.backend, self.most_zoom, self.port, self.baud, self.address


@state.section("media.yaml")
@dataclass(frozen=True, kw_only=True)
class PtzSettings:
    ptz: tuple[Head, ...] = state.setting((), title="Pan, tilt and zoom", most=MOST_SOURCES)


def head(source: str, within: PtzSettings | None = None) -> Head:
    for one in (within or state.read(PtzSettings)).ptz:
        if one.source == source:
            return one
    return Head(source=source)


def _ordered(one: float, other: float) -> tuple[float, float]:
    """A file may have them the wrong way round."""
    return min(one, other), max(one, other)
