"""kill -9 at every step of a change leaves the old users or the new ones, whole, in both places."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    home = tmp_path_factory.mktemp("killed")
    environment = os.environ | {
        "NVR_DATA_DIR": str(home / "var"),
        "NVR_CONFIG_DIR": str(home / "config"),
        "DJANGO_SETTINGS_MODULE": "nvrdevice.settings",
        "PYTHONPATH": str(ROOT),
    }
    output = b""
    for command in (
        ["manage.py", "migrate", "--run-syncdb", "-v0"],
        ["tests/nvrdevice/accounts/killed.py"],
    ):
        done = subprocess.run(
            [sys.executable, *command], env=environment, cwd=ROOT, capture_output=True, timeout=300
        )
        assert done.returncode == 0, done.stderr.decode()
        output = done.stdout
    found: list[dict[str, Any]] = json.loads(output)
    return found


def test_each_process_was_killed_but_the_last(seen: list[dict[str, Any]]) -> None:
    assert [one["ended"] for one in seen[:-1]] == [-signal.SIGKILL] * (len(seen) - 1)
    assert seen[-1]["ended"] == 0


def test_the_database_has_the_old_or_the_new_whole(seen: list[dict[str, Any]]) -> None:
    changed = []
    for one in seen:
        before, after = one["before"], one["after"]
        changed.append(after["database"][1] != before["database"][1])
        if changed[-1]:
            assert after["database"][1] == [one["role"]]
            assert after["database"][0] != before["database"][0]
            assert after["audit"] == before["audit"] + 1
        else:
            assert after["database"] == before["database"]
            assert after["audit"] == before["audit"]
    # Up to the commit the old users, from then on the new ones; both were seen.
    assert changed == sorted(changed)
    assert set(changed) == {False, True}


def test_the_file_is_whole_before_any_repair(seen: list[dict[str, Any]]) -> None:
    for one in seen:
        assert one["after"]["file"] in (one["before"]["file"], one["after"]["database"])


def test_a_start_makes_the_file_say_what_the_database_says(seen: list[dict[str, Any]]) -> None:
    for one in seen:
        assert one["started"]["database"] == one["after"]["database"]
        assert one["started"]["file"] == one["after"]["database"]
        assert one["started"]["audit"] == one["after"]["audit"]
        assert one["started"]["others"] == []


def test_a_kill_between_database_and_file_was_among_them(seen: list[dict[str, Any]]) -> None:
    assert any(one["after"]["file"] != one["after"]["database"] for one in seen)
