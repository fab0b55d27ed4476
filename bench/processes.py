"""What processes cost, as the kernel accounts it: processor time and proportional memory (PSS)."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

import psutil

PROC = Path("/proc")


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    return []


def cpu_s(pids: Iterable[int]) -> float:
    """Processor time so far, of all threads that live; to the nanosecond, not to the tick."""
    spent_ns = 0
    for pid in pids:
        for thread in (PROC / str(pid) / "task").iterdir():
            with contextlib.suppress(OSError):  # it ended meanwhile
                spent_ns += int((thread / "schedstat").read_text().split()[0])
    return spent_ns / 1e9


def pss_mb(pids: Iterable[int]) -> float:
    """Memory, each shared page divided among those who share it."""
    total_kb = 0
    for pid in pids:
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total_kb += int(line.split()[1])
    return total_kb * 1024 / 1e6


def files(pid: int) -> int:
    return len(list((PROC / str(pid) / "fd").iterdir()))


def threads(pid: int) -> int:
    return len(list((PROC / str(pid) / "task").iterdir()))


def named(pids: Iterable[int], word: str) -> int:
    """The one process among pids with this word on its command line."""
    found = [
        pid
        for pid in pids
        if word.encode() in (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    ]
    if len(found) != 1:
        raise LookupError(f"{len(found)} processes are called {word}")
    return found[0]
