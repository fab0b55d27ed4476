"""Reading GStreamer's caps into the numbers the rest of the engine speaks of, and back."""

from dataclasses import dataclass
from typing import Any

from nvrdevice.media.engine.hub import StreamFormat

CODECS = {"video/x-h264": "H264", "video/x-h265": "H265", "image/jpeg": "JPEG"}
MEDIA = {codec: media for media, codec in CODECS.items()}
PARSERS = {"H264": "h264parse", "H265": "h265parse"}
DECODERS = {"H264": "avdec_h264", "H265": "avdec_h265"}
HIGHEST_FPS = 240.0


@dataclass(frozen=True, kw_only=True)
class RawFormat:
    """Decoded pictures in I420."""

    width: int
    height: int
    fps: float

    @property
    def caps(self) -> str:
        return (
            f"video/x-raw,format=I420,width={self.width},height={self.height},"
            f"framerate={fraction(self.fps)},pixel-aspect-ratio=1/1"
        )


def rate(caps: Any) -> float:
    """Frames a second as the caps claim; 0 where they do not know."""
    known, over, under = caps.get_structure(0).get_fraction("framerate")
    found = over / under if known and under else 0.0
    return found if 0.0 < found <= HIGHEST_FPS else 0.0


def stream_format(caps: Any, *, fps: float = 0.0) -> StreamFormat:
    """Of an encoded stream; fps stands in where the caps have none."""
    structure = caps.get_structure(0)
    return StreamFormat(
        codec=CODECS[structure.get_name()],
        width=structure.get_int("width")[1],
        height=structure.get_int("height")[1],
        fps=rate(caps) or fps,
        profile=structure.get_string("profile") or "",
    )


def encoded_caps(found: StreamFormat) -> str:
    """What an appsrc that hands on this stream says of it."""
    units = ",stream-format=byte-stream,alignment=au" if found.codec in PARSERS else ""
    return (
        f"{MEDIA[found.codec]}{units},"
        f"width={found.width},height={found.height},framerate={fraction(found.fps)}"
    )


def raw_size(caps: Any) -> tuple[int, int]:
    structure = caps.get_structure(0)
    return structure.get_int("width")[1], structure.get_int("height")[1]


def fraction(fps: float) -> str:
    """25 → 25/1, 29.97 → 30000/1001."""
    if abs(fps - round(fps)) < 0.005:
        return f"{round(fps)}/1"
    for whole in (24, 30, 60, 120):
        if abs(fps - whole / 1.001) < 0.005:
            return f"{whole * 1000}/1001"
    return f"{round(fps * 1000)}/1000"
