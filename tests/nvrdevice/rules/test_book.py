"""Keeping rules: refusals, audit rows, and the schedules they use."""

from typing import Any

import pytest

from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.lib import asking
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.question_frames import Reply
from nvrdevice.rules import book
from nvrdevice.rules.settings import Rule
from nvrdevice.schedules import book as schedules
from nvrdevice.schedules.week import Week

pytestmark = pytest.mark.django_db(transaction=True)

BY = Actor("oscar", "", "web")
HORN = Rule(name="Horn", of="input1", output=2)


def test_made_changed_and_deleted() -> None:
    book.create(HORN, by=BY)
    book.change("Horn", Rule(name="Light", of="input2", output=3), by=BY)
    book.delete("Light", by=BY)
    assert book.everything() == ()
    assert list(AuditRow.objects.order_by("id").values_list("action", "object")) == [
        ("create rule", "Horn"),
        ("change rule", "Horn"),
        ("delete rule", "Light"),
    ]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"of": "input9"}, "of"),
        ({"when": "motion", "of": "input1"}, "of"),
        ({"when": "schedule", "of": "nights"}, "of"),
        ({"during": "nights"}, "during"),
        ({"output": 9}, "channel_id"),
        ({"do": "recording", "camera": "source9"}, "camera"),
        ({"name": "a/b"}, "name"),
        ({"name": ".."}, "name"),  # the address of its page would be another page's
    ],
)
def test_what_a_rule_speaks_of_is_there(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(DeviceError) as refused:
        book.create(Rule(**{"name": "Horn", "of": "input1", **facts}), by=BY)
    assert refused.value.field == field


def test_a_name_is_given_once() -> None:
    book.create(HORN, by=BY)
    with pytest.raises(DeviceError) as refused:
        book.create(HORN, by=BY)
    assert refused.value.kind is Kind.CONFLICT


def test_a_schedule_that_a_rule_uses_stays_and_is_renamed_with_it() -> None:
    schedules.create("nights", Week(), by=BY)
    book.create(Rule(name="Horn", of="input1", during="nights"), by=BY)
    book.create(Rule(name="Light", when="schedule", of="nights"), by=BY)
    with pytest.raises(DeviceError, match="is used for the rule Horn and the rule Light"):
        schedules.delete("nights", by=BY)
    schedules.rename("nights", "evenings", by=BY)
    assert [(one.of, one.during) for one in book.everything()] == [
        ("input1", "evenings"),
        ("evenings", ""),
    ]


def test_a_rule_whose_input_went_says_so() -> None:
    assert book.problem(Rule(name="Horn", of="input9")) == "There is no input 'input9' any more."
    assert book.problem(HORN) == ""


def test_trying_a_rule_does_once_what_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def ask(whom: Any, name: str, arguments: dict[str, Any], **_: Any) -> Reply:
        asked.append(arguments)
        return Reply({"state": True})

    monkeypatch.setattr(asking, "ask", ask)
    book.create(HORN, by=BY)
    assert book.try_out("Horn", by=BY) == "Output 2 was switched on for the length of its pulse."
    assert [(one["channel_id"], one["pulse"]) for one in asked] == [(2, True)]
