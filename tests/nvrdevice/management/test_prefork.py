"""Forks made in advance, in a process of one thread: each begins and ends as a program does."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """\
import asyncio, os, signal, sys
import django
django.setup()
from nvrdevice.management import prefork

async def launch(command):
    leash = [sys.executable, "-m", "nvrdevice.management.leash", str(os.getpid()), command]
    return await forks.launch(leash, {**os.environ, "NVR_PROCESS": "web"})

async def main():
    %s

forks = prefork.fork(["check", "nosuchcommand", "runmedia"])
asyncio.run(main())
forks.close()
"""
SAID = "System check identified no issues (0 silenced).\n"


def run(folder: Path, body: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM % body],
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


def test_a_command_that_ends_well_is_told_and_the_second_time_executed(tmp_path: Path) -> None:
    done = run(tmp_path, 'print(*[await (await launch("check")).wait() for _ in range(2)])')
    assert (done.stdout, done.returncode) == (f"{SAID}{SAID}0 0\n", 0)


def test_a_command_that_fails_says_why_and_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, 'print(await (await launch("nosuchcommand")).wait())')
    assert (done.stdout, "Unknown command: 'nosuchcommand'" in done.stderr) == ("1\n", True)


def test_a_kill_is_told(tmp_path: Path) -> None:
    body = (
        'child = await launch("runmedia"); os.kill(child.pid, signal.SIGKILL); '
        "print(await child.wait())"
    )
    assert run(tmp_path, body).stdout == "-9\n"


def test_who_is_never_told_to_begin_goes_without_a_word(tmp_path: Path) -> None:
    done = run(tmp_path, "pass")
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_who_is_gone_before_its_beginning_cannot_be_started(tmp_path: Path) -> None:
    body = (
        'os.kill(forks._waiting["check"].pid, signal.SIGKILL)\n'
        "    try:\n"
        '        child = await launch("check")\n'
        "    except OSError as error:\n"
        "        print(error.strerror)\n"
        "    else:\n"
        "        print(await child.wait())"
    )
    assert run(tmp_path, body).stdout in {"Broken pipe\n", "-9\n"}
