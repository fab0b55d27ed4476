"""/rules/: rules as sentences, made, changed, tried and deleted; and for whom."""

import re
from typing import Any

import pytest
from django.test import Client

from nvrdevice.audit.trail import Actor
from nvrdevice.digital_io import channels
from nvrdevice.lib import asking
from nvrdevice.lib.question_frames import Reply
from nvrdevice.rules import book
from nvrdevice.rules.settings import Rule
from nvrdevice.schedules import book as schedules
from nvrdevice.schedules.week import Week
from tests.webui.conftest import Browser
from webui.rule_words import sentence

pytestmark = pytest.mark.django_db(transaction=True)

BY = Actor("tests", "", "cli")
TYPED = {
    "name": "Horn at night",
    "condition": "input input1",
    "during": "",
    "target": "output 2",
    "act": "pulse start",
    "enabled": "on",
}
HORN = Rule(name="Horn at night", of="input1", output=2, act="pulse")


@pytest.fixture
def oscar(browser: Browser) -> Client:
    return browser("oscar")


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_for_operators_and_above(browser: Browser) -> None:
    assert browser("vera").get("/rules/").status_code == 403
    assert "Make the first one here" in text(browser("oscar").get("/rules/"))


def test_a_rule_is_made_and_read_out(oscar: Client) -> None:
    channels.change("input", 1, {"name": "Door"}, by=BY)
    channels.change("output", 2, {"name": "Horn"}, by=BY)
    assert oscar.post("/rules/", TYPED)["Location"] == "/rules/"
    assert book.everything() == (HORN,)
    assert "When Door is raised, Horn pulses." in text(oscar.get("/rules/"))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "While Input 1 is raised, Output 1 is on."),
        ({"act": "off", "at": "end"}, "When Input 1 is lowered, Output 1 is switched off."),
        (
            {"when": "schedule", "of": "nights", "act": "on", "during": "week"},
            "When the schedule nights begins, Output 1 is switched on, only during week.",
        ),
        ({"do": "recording"}, "While Input 1 is raised, all cameras record."),
        (
            {"do": "recording", "camera": "source1", "act": "pulse"},
            "When Input 1 is raised, Test picture records once.",
        ),
        (
            {"when": "motion", "of": "gone", "output": 9},
            "While gone sees motion, output 9 is on.",
        ),
    ],
)
def test_sentences(db: None, facts: dict[str, Any], words: str) -> None:
    assert sentence(Rule(**{"name": "x", "of": "input1", **facts})) == words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Give the rule a name."),
        ({"condition": ""}, "Choose what the rule waits for."),
        ({"name": "Taken"}, "There is a rule &#x27;Taken&#x27; already"),
    ],
)
def test_what_is_refused_is_said_and_kept(oscar: Client, change: dict[str, str], said: str) -> None:
    book.create(Rule(name="Taken", of="input2"), by=BY)
    answer = oscar.post("/rules/", {**TYPED, **change})
    assert said in text(answer)
    assert len(book.everything()) == 1


def test_a_rule_records(oscar: Client) -> None:
    oscar.post("/rules/", {**TYPED, "target": "recording ", "act": "while start"})
    assert book.everything() == (Rule(name="Horn at night", of="input1", do="recording"),)
    refused = oscar.post(
        "/rules/", {**TYPED, "name": "b", "target": "recording source1", "act": "on start"}
    )
    assert "A recording lasts as long as what it is for" in text(refused)


def test_a_rule_is_changed_and_deleted(oscar: Client) -> None:
    schedules.create("nights", Week(), by=BY)
    book.create(HORN, by=BY)
    oscar.post(
        "/rules/Horn at night/",
        {
            "what": "save",
            **TYPED,
            "condition": "schedule nights",
            "during": "nights",
            "act": "while start",
        },
    )
    changed = Rule(name="Horn at night", when="schedule", of="nights", during="nights", output=2)
    assert book.everything() == (changed,)
    oscar.post("/rules/Horn at night/", {"what": "delete"})
    assert book.everything() == ()


def test_a_rule_is_tried(oscar: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    book.create(HORN, by=BY)
    assert "cannot be switched" in text(oscar.post("/rules/Horn at night/", {"what": "try"}))
    monkeypatch.setattr(asking, "ask", lambda *_, **__: Reply({"state": True}))
    answer = oscar.post("/rules/Horn at night/", {"what": "try"}, follow=True)
    assert "Output 2 was switched on for the length of its pulse." in text(answer)


def test_a_rule_that_is_not_there(oscar: Client) -> None:
    assert oscar.get("/rules/nothing/").status_code == 404
