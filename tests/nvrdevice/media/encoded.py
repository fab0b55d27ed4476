"""Real encoded pictures for tests: made by ffmpeg once a run, cut into access units."""

import functools
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

FPS = 25
START_NS = 1_767_225_600_000_000_000  # 2026-01-01 00:00:00 UTC
UPTIME_NS = 5_000_000_000_000
ENCODERS = {
    "H264": ("h264", "libx264", "-preset", "ultrafast", "-tune", "zerolatency"),
    "H264 reordered": ("h264", "libx264", "-preset", "fast", "-profile:v", "high", "-bf", "2"),
    "H264 2 Mbit/s": (
        "h264", "libx264", "-preset", "ultrafast", "-tune", "zerolatency",
        "-b:v", "2M", "-minrate", "2M", "-maxrate", "2M", "-bufsize", "1M",
    ),
    "H265": ("hevc", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error"),
}  # fmt: skip


@dataclass(frozen=True)
class EncodedUnit:
    data: bytes
    time_ns: int
    wall_ns: int
    key: bool


@functools.cache
def units(
    kind: str = "H264", size: str = "320x180", frames: int = 50, gop: int = 25
) -> tuple[EncodedUnit, ...]:
    container, encoder, *options = ENCODERS[kind]
    with tempfile.TemporaryDirectory() as name:
        movie, stream = Path(name) / "movie.mp4", Path(name) / "stream"
        picture = f"testsrc2=size={size}:rate={FPS}"
        _run("ffmpeg", "-y", "-f", "lavfi", "-i", picture, "-frames:v", str(frames),
             "-c:v", encoder, *options, "-g", str(gop), str(movie))  # fmt: skip
        _run("ffmpeg", "-i", str(movie), "-c", "copy", "-f", container, str(stream))
        data = stream.read_bytes()
        shown = [(float(each["pts_time"]), "K" in each["flags"]) for each in _packets(movie)]
        places = [int(each["pos"]) for each in _packets(stream)]
    assert len(shown) == len(places)
    first_s = min(pts_s for pts_s, _ in shown)
    return tuple(
        EncodedUnit(
            data[begin:end],
            UPTIME_NS + round((pts_s - first_s) * 1e9),
            START_NS + round((pts_s - first_s) * 1e9),
            key,
        )
        for begin, end, (pts_s, key) in zip(places, [*places[1:], len(data)], shown, strict=True)
    )


def _packets(file: Path) -> list[dict[str, str]]:
    found = json.loads(
        _run("ffprobe", "-show_entries", "packet=pts_time,pos,flags", "-of", "json", str(file))
    )
    packets: list[dict[str, str]] = found["packets"]
    return packets


def _run(*command: str) -> bytes:
    done = subprocess.run([command[0], "-v", "error", *command[1:]], capture_output=True)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout
