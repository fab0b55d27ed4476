"""/io/ without scripts: switching, what is refused, settings; and for whom."""

import re
from typing import Any

import pytest
from django.test import Client

from nvrdevice.audit.trail import Actor
from nvrdevice.digital_io import channels
from nvrdevice.lib import asking
from nvrdevice.lib.question_frames import Reply
from tests.webui.conftest import Browser

pytestmark = pytest.mark.django_db(transaction=True)

BY = Actor("tests", "", "cli")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Stands for the device process; what it was asked to set."""
    found: list[dict[str, Any]] = []

    def ask(whom: Any, name: str, arguments: dict[str, Any], **_: Any) -> Reply:
        if name == "set":
            found.append(arguments)
            return Reply({"state": arguments["state"]})
        return Reply({"input1": {"state": True, "kind": "virtual", "problem": ""}})

    monkeypatch.setattr(asking, "ask", ask)
    return found


@pytest.fixture
def oscar(browser: Browser) -> Client:
    return browser("oscar")


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_for_operators_and_above(browser: Browser, asked: list[Any]) -> None:
    assert browser("vera").get("/io/").status_code == 403
    assert browser("oscar").get("/io/").status_code == 200


def test_states_and_what_they_come_from(oscar: Client, asked: list[Any]) -> None:
    found = text(oscar.get("/io/"))
    assert "Input 1 ▲ Raised Virtual · normally open" in found
    assert "After a restart of the device every output is idle" in found


@pytest.mark.parametrize(
    ("channel", "what", "told"),
    [
        ("input2", "on", {"direction": "input", "channel_id": 2, "state": True}),
        ("output3", "off", {"direction": "output", "channel_id": 3, "state": False}),
        (
            "output3",
            "pulse",
            {"direction": "output", "channel_id": 3, "state": True, "pulse": True},
        ),
    ],
)
def test_switching(
    oscar: Client, asked: list[Any], channel: str, what: str, told: dict[str, Any]
) -> None:
    answer = oscar.post("/io/", {"channel": channel, "what": what})
    assert answer["Location"] == f"/io/#{channel}"
    assert asked == [{**told, "by": ("oscar", "127.0.0.1", "web")}]


def test_a_script_gets_the_state_that_was_read_back(oscar: Client, asked: list[Any]) -> None:
    answer = oscar.post(
        "/io/",
        {"channel": "output1", "what": "on"},
        headers={"X-Requested-With": "script"},
    )
    assert "On" in answer.json()["state"]


def test_a_critical_output_wants_to_be_sure(oscar: Client, asked: list[Any]) -> None:
    channels.change("output", 1, {"name": "Gate", "critical": True}, by=BY)
    answer = oscar.post("/io/", {"channel": "output1", "what": "on"})
    assert "Tick the box first" in text(answer)
    assert asked == []
    oscar.post("/io/", {"channel": "output1", "what": "on", "sure": "on"})
    assert len(asked) == 1


def test_without_the_device_process_it_says_so_once(oscar: Client) -> None:
    found = text(oscar.get("/io/"))
    assert found.count("so inputs and outputs cannot be switched") == 1


def test_settings(oscar: Client, asked: list[Any]) -> None:
    oscar.post(
        "/io/",
        {
            "channel": "input1",
            "what": "settings",
            "input1-name": "Door",
            "input1-normal_state": "closed",
            "input1-debounce_ms": "20",
            "input1-pin": "17",
        },
    )
    found = channels.find("input", 1)
    assert (found.name, found.pin) == ("Door", 17)


def test_settings_that_cannot_be_are_refused_beside_the_field(
    oscar: Client, asked: list[Any]
) -> None:
    channels.change("output", 2, {"pin": 17, "name": "Horn"}, by=BY)
    wanted = {"input1-name": "Door", "input1-normal_state": "open", "input1-debounce_ms": "20"}
    shared = oscar.post(
        "/io/", {"channel": "input1", "what": "settings", **wanted, "input1-pin": "17"}
    )
    assert "Pin 17 belongs to Horn already" in text(shared)
    high = oscar.post(
        "/io/", {"channel": "input1", "what": "settings", **wanted, "input1-pin": "99"}
    )
    assert "Pin: give a whole number from 0 to 27" in text(high)
    assert channels.find("input", 1).name == "Input 1"
