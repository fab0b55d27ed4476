"""What the whole device takes of the machine while it does its daily work.

1280x720 at 25 pictures a second is captured, encoded and streamed, so is the sub stream, and
motion is looked for; all processes count.
"""

import time

from bench import processes, stand
from bench.figures import Figure

WINDOWS = 3
WINDOW_S = 30.0
PROCESSOR_LIMIT, MEMORY_LIMIT_MB = 45.0, 300.0
NAMES = {"web": "runweb", "media": "runmedia", "device": "rundevice"}


def measure() -> list[Figure]:
    with (
        stand.whole_device() as device,
        stand.players(device, "profile1"),
        stand.players(device, "profile2"),
    ):
        pids = stand.pids(device)
        by_name = {name: processes.named(pids, word) for name, word in NAMES.items()}
        shares: dict[str, list[float]] = {name: [] for name in ("all", *NAMES)}
        memory: list[float] = []
        for _ in range(WINDOWS):
            before = _spent(pids, by_name)
            began_s = time.monotonic()
            time.sleep(WINDOW_S)
            took_s = time.monotonic() - began_s
            for name, spent_s in _spent(pids, by_name).items():
                shares[name].append((spent_s - before[name]) / took_s * 100)
            memory.append(processes.pss_mb(pids))
    return [
        Figure("720p25, sub and motion: of one core", "%", tuple(shares["all"]), PROCESSOR_LIMIT),
        *(Figure(f"… {name} process", "%", tuple(shares[name])) for name in NAMES),
        Figure("720p25, sub and motion: memory (PSS)", "MB", tuple(memory), MEMORY_LIMIT_MB),
    ]


def _spent(pids: list[int], by_name: dict[str, int]) -> dict[str, float]:
    return {
        "all": processes.cpu_s(pids),
        **{name: processes.cpu_s([pid]) for name, pid in by_name.items()},
    }
