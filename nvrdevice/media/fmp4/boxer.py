"""Access units in, an initialisation segment and fragments out: one boxer per stream.

Invariant: what comes out begins with an initialisation segment and a key picture, and again so
whenever the stream changes its parameter sets, breaks off, or the wall clock is set. Within
one run of the sequence number decoding times rise always.
"""

from dataclasses import dataclass
from types import ModuleType
from typing import Protocol

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.fmp4 import avc, hevc, nal_units
from nvrdevice.media.fmp4.decode_times import DecodeTimes
from nvrdevice.media.fmp4.picture import Picture
from nvrdevice.media.fmp4.writer import TICKS_S, fragment, init_segment

CODECS: dict[str, ModuleType] = {"H264": avc, "H265": hevc}
CLOCK_STEP_NS = 500_000_000  # more is no drift: somebody set the clock
HOLE_NS = 10_000_000_000  # more is no slow stream: it broke off
NOMINAL_FPS = 25.0


class Unit(Protocol):
    """An access unit of the hub."""

    @property
    def data(self) -> bytes: ...
    @property
    def time_ns(self) -> int: ...
    @property
    def wall_ns(self) -> int: ...
    @property
    def key(self) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Init:
    picture: Picture
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Fragment:
    sequence: int  # from 1 after each Init
    key: bool
    wall_ns: int  # when the picture was taken
    data: bytes


class Boxer:
    def __init__(self, codec: str, *, fps: float = NOMINAL_FPS, lasting: float = 1.0) -> None:
        """lasting: how many frames long a picture is said to be shown, since when the next
        one comes is not known yet. DeviceError(UNSUPPORTED) where MP4 has no place for codec.
        """
        found = CODECS.get(codec)
        if found is None:
            raise DeviceError(
                Kind.UNSUPPORTED, f"A browser cannot play {codec} as a stream: use H.264."
            )
        self._codec = found
        self._frame = round(TICKS_S / (fps or NOMINAL_FPS))
        self._duration = round(self._frame * lasting)
        self._picture: Picture | None = None
        self._times = DecodeTimes(0, self._frame)
        self._sequence = 0
        self._before: Unit | None = None

    def take(self, unit: Unit) -> list[Init | Fragment]:
        """What the unit becomes; nothing before the first key picture with parameter sets."""
        units = list(nal_units.split(unit.data))
        made: list[Init | Fragment] = []
        if self._before is not None and _apart(self._before, unit):
            self._picture = None
        self._before = unit
        if unit.key:
            made += self._begin(self._codec.read_picture(units))
        if self._picture is None:
            return made
        sample = nal_units.with_lengths(
            each for each in units if self._codec.kind(each) not in self._codec.LEFT_OUT
        )
        if sample:
            made.append(self._fragment(unit, sample))
        return made

    def _begin(self, picture: Picture | None) -> list[Init | Fragment]:
        """A key picture: the stream may be another one from here on."""
        if picture is None or picture == self._picture:
            return []
        self._picture = picture
        self._times = DecodeTimes(picture.reordered, self._frame)
        self._sequence = 0
        return [Init(picture=picture, data=init_segment(picture))]

    def _fragment(self, unit: Unit, sample: bytes) -> Fragment:
        self._sequence += 1
        show_at = unit.wall_ns * TICKS_S // 1_000_000_000
        data = fragment(
            sample,
            sequence=self._sequence,
            decode_at=self._times.place(show_at),
            show_at=show_at,
            duration=self._duration,
            key=unit.key,
        )
        return Fragment(sequence=self._sequence, key=unit.key, wall_ns=unit.wall_ns, data=data)


def _apart(before: Unit, unit: Unit) -> bool:
    """Whether the times of the two do not belong to one run."""
    wall_ns, time_ns = unit.wall_ns - before.wall_ns, unit.time_ns - before.time_ns
    return abs(wall_ns - time_ns) > CLOCK_STEP_NS or abs(wall_ns) > HOLE_NS
