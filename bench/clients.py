"""What one more RTSP client costs: the slope of the media process's time over 10 to 100 of them."""

import statistics
import time
from collections.abc import Iterable
from contextlib import ExitStack

from bench import processes, stand
from bench.figures import Figure
from bench.stand import Players

STEPS = (10, 30, 30, 30)  # clients that come, each step in a process of its own
WINDOWS = 3
WINDOW_S = 5.0
SETTLED_S = 3.0
SLOPE_LIMIT = 0.1


def measure() -> list[Figure]:
    totals: list[int] = []
    shares: list[list[float]] = []
    crowd: list[Players] = []
    with ExitStack() as stack:
        device = stack.enter_context(stand.whole_device())
        media = processes.named(stand.pids(device), "runmedia")
        for step in STEPS:
            crowd.append(stack.enter_context(stand.players(device, "profile1", step)))
            totals.append(step + sum(STEPS[: len(totals)]))
            time.sleep(SETTLED_S)
            shares.append([_share(media) for _ in range(WINDOWS)])
        delivered = tuple(_mbit_s(crowd) for _ in range(WINDOWS))
    slopes = tuple(
        statistics.linear_regression(totals, [each[window] for each in shares]).slope
        for window in range(WINDOWS)
    )
    return [
        *(
            Figure(f"media process with {count} clients at 2 Mbit/s", "%", tuple(share))
            for count, share in zip(totals, shares, strict=True)
        ),
        Figure("processor for each RTSP/TCP client", "%", slopes, SLOPE_LIMIT),
        Figure(f"delivered to each of {totals[-1]} clients", "Mbit/s", delivered),
    ]


def _mbit_s(crowd: Iterable[Players]) -> float:
    """What one of them gets: the slope counts only if all of them get all of it."""

    def received() -> int:
        return sum(each.received() for each in crowd)

    began_s, before = time.monotonic(), received()
    time.sleep(WINDOW_S)
    bytes_s = (received() - before) / (time.monotonic() - began_s)
    return bytes_s * 8 / 1e6 / sum(each.count for each in crowd)


def _share(pid: int) -> float:
    """Percent of one core."""
    began_s, spent_s = time.monotonic(), processes.cpu_s([pid])
    time.sleep(WINDOW_S)
    return (processes.cpu_s([pid]) - spent_s) / (time.monotonic() - began_s) * 100
