"""What a file holds, found by reading its beginning: may its stream be passed through as it is?

It may where it is H.264 or H.265 in 8 bits 4:2:0, without reordered pictures (RTP clients and
the recorder would need decoding times) and with key frames often enough to join.
"""

import itertools
import queue
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nvrdevice.media.engine.gst import Gst
from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.engine.pipeline import Pipeline, bin_of
from nvrdevice.media.engine.video_caps import CODECS, PARSERS, stream_format

UNITS_READ = 300
LONGEST_GROUP_S = 10.0
EXAMINE_S = 10.0
PROFILES = (
    "constrained-baseline",
    "baseline",
    "main",
    "high",
    "constrained-high",
    "progressive-high",
)


@dataclass(frozen=True, kw_only=True)
class Unit:
    pts_ns: int
    key: bool


@dataclass(frozen=True, kw_only=True)
class Clip:
    codec: str  # "H264", "H265", or what else the file names, in capitals
    pass_through: bool
    fps: float = 0.0


def fit_to_pass(units: Sequence[Unit], *, profile: str, fps: float) -> bool:
    """Pure: whether these first units of a stream can be handed on without decoding."""
    if len(units) < 2 or not units[0].key or fps < 1 or profile not in PROFILES:
        return False
    if any(later.pts_ns <= unit.pts_ns for unit, later in itertools.pairwise(units)):
        return False
    keys = [unit.pts_ns for unit in units if unit.key] + [units[-1].pts_ns]
    return all(later - key <= LONGEST_GROUP_S * 1e9 for key, later in itertools.pairwise(keys))


def estimated_fps(times_ns: Sequence[int]) -> float:
    """From the times of pictures in order of showing; 0 where there are too few."""
    ordered = sorted(set(times_ns))
    if len(ordered) < 2:
        return 0.0
    found = (len(ordered) - 1) * 1e9 / (ordered[-1] - ordered[0])
    return float(round(found)) if abs(found - round(found)) < 0.02 * found else round(found, 3)


def examine(path: Path) -> Clip:
    """Lost(WRONG_CODEC) where the file holds no video GStreamer can take apart."""
    failures: queue.SimpleQueue[str] = queue.SimpleQueue()
    pipeline = Pipeline(
        "filesrc name=file ! parsebin name=bin", failed=lambda *what: failures.put(what[2])
    )
    pipeline["file"].set_property("location", str(path))
    found: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    pipeline.connect("bin", "pad-added", _add_sink, pipeline, found)
    pipeline.play()
    try:
        codec, sink = _first_video(found, failures, path)
        return _judge(codec, sink)
    finally:
        pipeline.stop()


def _add_sink(_bin: Any, pad: Any, pipeline: Pipeline, found: Any) -> None:
    name = (pad.get_current_caps() or pad.query_caps(None)).get_structure(0).get_name()
    if not name.startswith(("video/", "image/")):
        return
    codec = CODECS.get(name, name.split("/")[1].removeprefix("x-").upper()[:16])
    parser = f"{PARSERS[codec]} ! " if codec in PARSERS else ""
    end = bin_of(f"{parser}appsink name=examined sync=false max-buffers=8")
    pipeline.element.add(end)
    end.sync_state_with_parent()
    pad.link(end.get_static_pad("sink"))
    found.put((codec, end.get_by_name("examined")))


def _first_video(found: Any, failures: Any, path: Path) -> tuple[str, Any]:
    deadline_s = time.monotonic() + EXAMINE_S
    while time.monotonic() < deadline_s:
        try:
            codec, sink = found.get(timeout=0.05)
            return str(codec), sink
        except queue.Empty:
            if not failures.empty():
                break
    raise Lost(Reason.WRONG_CODEC, f"{path.name} holds no video this device can read")


def _judge(codec: str, sink: Any) -> Clip:
    if codec not in PARSERS:
        return Clip(codec=codec, pass_through=False)
    units: list[Unit] = []
    caps = None
    while len(units) < UNITS_READ:
        sample = sink.try_pull_sample(int(EXAMINE_S * Gst.SECOND))
        if sample is None:
            break
        caps, buffer = sample.get_caps(), sample.get_buffer()
        units.append(Unit(pts_ns=buffer.pts, key=not buffer.has_flags(Gst.BufferFlags.DELTA_UNIT)))
    if caps is None:
        raise Lost(Reason.WRONG_CODEC, f"the {codec} stream of the file is empty")
    fps = estimated_fps([unit.pts_ns for unit in units])
    form = stream_format(caps, fps=fps)
    fps = form.fps if abs(form.fps - fps) < 0.05 * fps else fps  # some headers claim field rates
    return Clip(
        codec=codec, pass_through=fit_to_pass(units, profile=form.profile, fps=fps), fps=fps
    )
