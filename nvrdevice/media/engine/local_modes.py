"""What a camera of this machine can do, and which of it is taken. Pure but for reading caps."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LARGEST_PIXELS = 1920 * 1080
BEST_FPS = 30.0
FORMATS = {"video/x-h264": "H264", "image/jpeg": "MJPEG", "video/x-raw": "raw"}


@dataclass(frozen=True, kw_only=True)
class Mode:
    format: str  # "H264", "MJPEG" or "raw"
    width: int
    height: int
    fps: float

    @property
    def caps(self) -> str:
        media = next(media for media, name in FORMATS.items() if name == self.format)
        return (
            f"{media},width={self.width},height={self.height},framerate=[0/1,{round(BEST_FPS)}/1]"
        )


def read_modes(caps: Any) -> tuple[Mode, ...]:
    """The modes in the caps of a capture element; ranges count as their largest."""
    found: list[Mode] = []
    for number in range(caps.get_size()):
        structure = caps.get_structure(number)
        name = FORMATS.get(structure.get_name())
        width, height = _largest(structure, "width"), _largest(structure, "height")
        if name is not None and width and height:
            fps = _largest_rate(structure)
            found.append(Mode(format=name, width=width, height=height, fps=fps))
    return tuple(found)


def best(modes: Iterable[Mode], *, limit: int = LARGEST_PIXELS) -> Mode | None:
    """The largest picture up to 1080p at a living rate; the camera's own H.264 before MJPEG
    before raw, which costs most on the bus."""
    fitting = [one for one in modes if one.width * one.height <= limit]
    return max(
        fitting,
        key=lambda one: (
            min(one.fps, BEST_FPS) >= 10,
            one.format == "H264",
            one.width * one.height,
            min(one.fps, BEST_FPS),
            one.format == "MJPEG",
        ),
        default=None,
    )


def _largest(structure: Any, field: str) -> int:
    known, value = structure.get_int(field)
    if known:
        return int(value)
    # Python cannot unpack a range or a list of integers; their text it can.
    text = structure.to_string().partition(f"{field}=")[2]
    inside = text.partition(")")[2].lstrip() if text.startswith("(") else text
    if inside[:1] not in "[{":
        return 0
    ends = inside[1:].partition("]" if inside[0] == "[" else "}")[0].split(",")
    numbers = [int(end) for end in ends[:2] if end.strip().isdigit()]
    return min(max(numbers), 1920 if field == "width" else 1080) if numbers else 0


def _largest_rate(structure: Any) -> float:
    known, over, under = structure.get_fraction("framerate")
    if known and under:
        return float(over / under)
    text = structure.to_string().partition("framerate=")[2].partition(";")[0]
    rates = []
    for word in text.replace("(fraction)", "").strip("[]{} ").replace("}", ",").split(","):
        over, _, under = word.strip(" []{}").partition("/")
        if over.isdigit() and under.isdigit() and int(under):
            rates.append(int(over) / int(under))
    return min(max(rates), BEST_FPS) if rates else 0.0
