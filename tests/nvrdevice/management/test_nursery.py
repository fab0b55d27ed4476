"""The nursery, in a process of one thread: what it forks begins and ends as a program does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """\
import asyncio, os, signal, sys
import django
django.setup()
from nvrdevice.management.nursery import open_nursery

async def launch(nursery, command, **environment):
    return await nursery.launch(
        [sys.executable, "-m", "nvrdevice.management.leash", str(os.getpid()), command],
        {**os.environ, "NVR_PROCESS": "web", **environment},
    )

async def main(nursery):
    print(await (await launch(nursery, sys.argv[1])).wait())

nursery = open_nursery()
asyncio.run(main(nursery))
"""
SAID = "System check identified no issues (0 silenced).\n"
KILLED = """\
    child = await launch(nursery, "runmedia", RTSP_PORT="0")
    os.kill(child.pid, signal.SIGKILL)
    print(await child.wait())
"""
GONE = """\
    child = await launch(nursery, "runmedia", RTSP_PORT="0")
    os.kill(nursery._pid, signal.SIGKILL)
    print(await child.wait())
    print(await (await launch(nursery, "check")).wait())
"""


def run(folder: Path, *words: str, body: str = "") -> subprocess.CompletedProcess[str]:
    program = PROGRAM
    if body:
        start = program.index("    print(await (await")
        program = program[:start] + body + program[program.index("\nnursery = ") :]
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "nvrdevice.settings",
            "NVR_DATA_DIR": str(folder / "var"),
            "NVR_CONFIG_DIR": str(folder / "config"),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_command_that_ends_well_is_told(tmp_path: Path) -> None:
    assert run(tmp_path, "check").stdout == SAID + "0\n"


def test_a_command_that_fails_says_why_and_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, "nosuchcommand")
    assert (done.stdout, "Unknown command: 'nosuchcommand'" in done.stderr) == ("1\n", True)


@pytest.mark.parametrize(("body", "told"), [(KILLED, "-9\n"), (GONE, f"-9\n{SAID}0\n")])
def test_a_kill_is_told_and_without_the_nursery_programs_are_executed(
    tmp_path: Path, body: str, told: str
) -> None:
    done = run(tmp_path, body=body)
    assert (done.stdout, done.returncode) == (told, 0)
