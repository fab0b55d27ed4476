"""Children are kept running, and none is left at the end: seen on real processes."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from nvrdevice.management.supervisor import Backoff, Ending, Supervisor, how_it_ended

STUBBORN = (
    "import signal, sys, time, pathlib\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "pathlib.Path(sys.argv[1]).write_text('up')\n"
    "time.sleep(60)\n"
)
GENTLE = (
    "import os, signal, sys, time, pathlib\n"
    "def end(*_):\n"
    "    pathlib.Path(sys.argv[1]).write_text('ended well')\n"
    "    sys.exit(0)\n"
    "signal.signal(signal.SIGTERM, end)\n"
    "pathlib.Path(sys.argv[1]).write_text('up')\n"
    "time.sleep(60)\n"
)
PATIENCE_S = 20.0


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():
            await asyncio.sleep(0.02)


class Watched:
    """A supervisor of one child called "child", and what it told."""

    def __init__(self, *command: str, grace_s: float = 8.0) -> None:
        self.endings: list[Ending] = []
        self.supervisor = Supervisor(
            {"child": command},
            ended=self._note,
            environment=lambda name: {**os.environ, "NVR_PROCESS": name},
            grace_s=grace_s,
        )

    async def _note(self, ending: Ending) -> None:
        self.endings.append(ending)

    async def __aenter__(self) -> "Watched":
        self.task = asyncio.create_task(self.supervisor.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.supervisor.stop()
        self.supervisor.stop()
        await self.task

    @property
    def pid(self) -> int:
        return self.supervisor.running["child"].pid


def python(program: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", program, *arguments)


@pytest.mark.asyncio
async def test_a_killed_child_is_told_of_and_started_again(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    async with Watched(*python(GENTLE, str(mark))) as watched:
        await until(mark.exists)
        first = watched.pid
        psutil.Process(first).kill()
        await until(lambda: "child" in watched.supervisor.running and watched.pid != first)
    assert watched.endings == [Ending("child", "was ended by SIGKILL", 1, 0.5)]


@pytest.mark.asyncio
async def test_a_child_ends_gently_when_asked(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    async with Watched(*python(GENTLE, str(mark))) as watched:
        await until(mark.exists)
        watched.supervisor.stop()
        await watched.task
    assert (mark.read_text(), watched.endings) == ("ended well", [])


@pytest.mark.asyncio
async def test_a_child_that_will_not_end_is_killed_after_its_grace(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    async with Watched(*python(STUBBORN, str(mark)), grace_s=0.1) as watched:
        await until(mark.exists)
        pid = watched.pid
        watched.supervisor.stop()
        await watched.task
    assert not psutil.pid_exists(pid)


@pytest.mark.asyncio
async def test_a_second_stop_does_not_wait_for_the_grace(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    async with Watched(*python(STUBBORN, str(mark)), grace_s=3600) as watched:
        await until(mark.exists)
        pid = watched.pid
        watched.supervisor.stop()
        watched.supervisor.stop()
        async with asyncio.timeout(PATIENCE_S):
            await watched.task
    assert not psutil.pid_exists(pid)


@pytest.mark.asyncio
async def test_what_a_child_started_goes_with_it(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    program = (
        "import pathlib, subprocess, sys, time\n"
        "inner = subprocess.Popen(['sleep', '600'])\n"
        "pathlib.Path(sys.argv[1] + '.new').write_text(str(inner.pid))\n"
        "pathlib.Path(sys.argv[1] + '.new').rename(sys.argv[1])\n"
        "time.sleep(60)\n"
    )
    async with Watched(*python(program, str(mark))) as watched:
        await until(mark.exists)
        inner = psutil.Process(int(mark.read_text()))
        watched.supervisor.stop()
        await watched.task
    await until(lambda: not inner.is_running() or inner.status() == psutil.STATUS_ZOMBIE)


@pytest.mark.asyncio
async def test_a_program_that_is_not_there_is_told_of() -> None:
    async with Watched("/no/such/program") as watched:
        await until(lambda: bool(watched.endings))
    assert watched.endings[0].reason == "cannot be started (No such file or directory)"


@pytest.mark.asyncio
async def test_a_child_knows_its_name(tmp_path: Path) -> None:
    mark = tmp_path / "name"
    program = (
        "import os, pathlib, sys, time\n"
        "pathlib.Path(sys.argv[1] + '.new').write_text(os.environ['NVR_PROCESS'])\n"
        "pathlib.Path(sys.argv[1] + '.new').rename(sys.argv[1])\n"
        "time.sleep(60)\n"
    )
    async with Watched(*python(program, str(mark))):
        await until(mark.exists)
    assert mark.read_text() == "child"


@pytest.mark.asyncio
async def test_a_failing_note_does_not_keep_the_child_away() -> None:
    class FullDisk(Watched):
        async def _note(self, ending: Ending) -> None:
            await super()._note(ending)
            raise OSError("no space left")

    async with FullDisk(*python("raise SystemExit(3)")) as watched:
        await until(lambda: len(watched.endings) == 2)
    assert [ending.reason for ending in watched.endings] == ["ended with exit code 3"] * 2


def test_the_wait_doubles_up_to_ten_seconds() -> None:
    backoff = Backoff()
    assert [backoff.after(1.0) for _ in range(7)] == [0.5, 1, 2, 4, 8, 10, 10]


def test_a_healthy_minute_makes_the_wait_short_again() -> None:
    backoff = Backoff()
    waits = [backoff.after(lived_s) for lived_s in (1.0, 1.0, 1.0, 60.0, 1.0)]
    assert waits == [0.5, 1, 2, 0.5, 1]


def test_a_row_of_failures_is_news_ever_more_seldom() -> None:
    told = [count for count in range(1, 100) if Ending("web", "", count, 10).is_news]
    assert told == [1, 2, 4, 8, 16, 32, 64]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "ended with exit code 0"),
        (2, "ended with exit code 2"),
        (-11, "was ended by SIGSEGV"),
        (-60, "was ended by signal 60"),
    ],
)
def test_an_ending_in_words(code: int, words: str) -> None:
    assert how_it_ended(code) == words
