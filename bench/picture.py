"""The live picture in Chromium: the first one, how old each is when painted, and after a crash."""

import os
import signal
import statistics
import time

from bench import processes, stand
from bench.figures import Figure
from tests.e2e.live_picture import LivePicture, watching

VISITS = 7
PICTURES = 250
WINDOWS = 3
CRASHES = 3
STEADY_S = 5.0
FIRST_LIMIT_S, PAINT_LIMIT_MS = 1.0, 120.0


def measure() -> list[Figure]:
    with stand.whole_device() as device, watching(device) as picture:
        picture.first_picture_s()  # fills the browser's caches
        first = tuple(picture.first_picture_s() for _ in range(VISITS))
        time.sleep(STEADY_S)
        windows = [picture.latencies_ms(PICTURES) for _ in range(WINDOWS)]
        back = tuple(_back_s(picture, stand.pids(device)) for _ in range(CRASHES))
    medians = tuple(statistics.median(window) for window in windows)
    tails = tuple(statistics.quantiles(window, n=20)[-1] for window in windows)
    return [
        Figure("page asked for to first picture of the stream", "s", first, FIRST_LIMIT_S),
        Figure("capture to paint, median", "ms", medians, PAINT_LIMIT_MS),
        Figure("capture to paint, 95th percentile", "ms", tails),
        Figure("kill -9 of the media process to next picture", "s", back),
    ]


def _back_s(picture: LivePicture, pids: list[int]) -> float:
    os.kill(processes.named(pids, "runmedia"), signal.SIGKILL)
    began_s = time.monotonic()
    time.sleep(0.5)  # what was on its way is painted by then
    picture.wait_until_it_moves()
    found_s = time.monotonic() - began_s
    time.sleep(STEADY_S)
    return found_s
