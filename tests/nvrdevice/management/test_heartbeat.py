"""A child that hangs is ended and started again; one that is slow or never beat is left alone."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.management.heartbeat import Heartbeats
from nvrdevice.management.supervisor import Ending, Supervisor

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 30.0
BEATING = (
    "import pathlib, sys, time\n"
    "from nvrdevice.lib import service_notice\n"
    "assert service_notice.tell(service_notice.ALIVE)\n"
    "pathlib.Path(sys.argv[1]).touch()\n"
    "while True:\n"
    "    time.sleep(service_notice.beat_s())\n"
    "    service_notice.tell(service_notice.ALIVE)\n"
)
SILENT = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():
            await asyncio.sleep(0.02)


class Watched:
    """A supervisor of one child, which it gives many looks to be heard in."""

    def __init__(self, folder: Path, program: str, *, look_s: float = 0.1) -> None:
        self.mark, self.endings = folder / "mark", list[Ending]()
        self.heartbeats = Heartbeats(
            RunSockets(folder / "run"), allowed_s=look_s * 60, look_s=look_s
        )
        self.supervisor = Supervisor(
            {"child": (sys.executable, "-c", program, str(self.mark))},
            ended=self._note,
            environment=lambda _: {**os.environ, "PYTHONPATH": str(ROOT)},
            watch=self.heartbeats,
        )

    async def _note(self, ending: Ending) -> None:
        self.endings.append(ending)

    async def __aenter__(self) -> "Watched":
        self.task = asyncio.create_task(self.supervisor.run())
        await until(self.mark.exists)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.supervisor.stop()
        self.supervisor.stop()
        await self.task
        self.heartbeats.close()

    @property
    def pid(self) -> int:
        return self.supervisor.running["child"].pid


@pytest.mark.asyncio
async def test_a_child_that_is_held_up_for_good_is_started_again(tmp_path: Path) -> None:
    async with Watched(tmp_path, BEATING) as watched:
        first = watched.pid
        os.kill(first, signal.SIGSTOP)
        await until(lambda: "child" in watched.supervisor.running and watched.pid != first)
        assert watched.endings[0] == Ending("child", "hung for 6 s and was ended", 1, 0.5)


@pytest.mark.asyncio
async def test_a_child_that_never_beat_is_not_watched(tmp_path: Path) -> None:
    async with Watched(tmp_path, SILENT, look_s=0.001) as watched:
        first = watched.pid
        missed = asyncio.create_task(watched.heartbeats.missed(first))
        await asyncio.sleep(0.2)  # three times what a watched one is given
        assert (missed.done(), watched.pid) == (False, first)
        missed.cancel()


@pytest.mark.asyncio
async def test_a_child_that_hangs_still_ends_with_the_device(tmp_path: Path) -> None:
    async with Watched(tmp_path, BEATING, look_s=60) as watched:
        os.kill(watched.pid, signal.SIGSTOP)
    assert watched.endings == []


@pytest.mark.asyncio
async def test_a_deep_folder_is_reached_by_a_child_too(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90) / ("e" * 90)
    deep.mkdir(parents=True)
    async with Watched(deep, BEATING) as watched:  # it asserts that its beat was sent
        assert watched.endings == []


@pytest.mark.asyncio
async def test_what_another_process_tells_is_not_the_childs_beat(tmp_path: Path) -> None:
    import socket

    heartbeats = Heartbeats(RunSockets(tmp_path), allowed_s=0.05, look_s=0.001)
    missed = asyncio.create_task(heartbeats.missed(1))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.sendto(b"WATCHDOG=1", heartbeats.variables()["NOTIFY_SOCKET"])
    mine = asyncio.create_task(heartbeats.missed(os.getpid()))
    async with asyncio.timeout(PATIENCE_S):
        await mine  # beat once, and then no more
    assert missed.done() is False
    missed.cancel()
    heartbeats.close()
