"""./nvr manage digital: what a person and a program read, and what is refused."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from nvrdevice.lib import asking
from nvrdevice.lib.errors import DeviceError
from nvrdevice.lib.question_frames import Reply
from nvrdevice.management import database


@pytest.fixture(autouse=True)
def started(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "is_made", lambda: True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def ask(whom: Any, name: str, arguments: dict[str, Any], **_: Any) -> Reply:
        if name == "set":
            found.append(arguments)
            return Reply({"state": arguments["state"]})
        return Reply({"input1": {"state": True, "kind": "virtual", "problem": ""}})

    monkeypatch.setattr(asking, "ask", ask)
    return found


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("digital", *arguments, stdout=out)
    return out.getvalue()


def test_the_list(asked: list[Any]) -> None:
    lines = run("list").splitlines()
    assert len(lines) == 8
    assert lines[0] == "input1   Input 1   raised  virtual"
    assert lines[4] == "output1  Output 1  off"


def test_an_output_is_switched(asked: list[dict[str, Any]]) -> None:
    assert run("set", "output", "2", "on") == "output 2 is on.\n"
    assert [(one["channel_id"], one["state"], one["by"][2]) for one in asked] == [(2, True, "cli")]


def test_a_program_reads_json(asked: list[Any]) -> None:
    found = json.loads(run("pulse", "3", "--json"))
    assert found == {"direction": "output", "channel_id": 3, "state": True}


def test_without_a_running_device_it_is_refused() -> None:
    out = io.StringIO()
    with pytest.raises(DeviceError, match="The device process is not running"):
        call_command("digital", "set", "input", "1", "on", "--json", stdout=out)
    assert json.loads(out.getvalue())["error"]["kind"] == "unavailable"
