"""Schedules nobody understands, pins that cannot be used and rules that lost what they wait for."""

from pathlib import Path
from typing import Any

import pytest

from nvrdevice.health import automation_checks
from nvrdevice.lib import asking
from nvrdevice.lib.question_frames import Reply

pytestmark = pytest.mark.django_db


def test_what_is_fine_says_nothing() -> None:
    assert list(automation_checks.schedules_understood()) == []
    assert list(automation_checks.rules_that_act()) == []


def test_a_schedule_nobody_understands(config_dir: Path) -> None:
    text = "recording_schedules:\n- {name: shop, start: dawn}\n"
    (config_dir / "user.yaml").write_text(text)
    (found,) = automation_checks.schedules_understood()
    assert found.text.startswith("user.yaml: the schedule 'shop' never holds.")


def test_a_schedule_that_is_gone_is_told_where_it_is_used(config_dir: Path) -> None:
    assert list(automation_checks.schedules_there()) == []
    (config_dir / "user.yaml").write_text("alarms_schedule: nights\n")
    (config_dir / "media.yaml").write_text(
        "recording:\n  cameras:\n  - {source: source1, mode: schedule, schedule: office}\n"
    )
    assert [one.text.partition(",")[0] for one in automation_checks.schedules_there()] == [
        "Sending alarms is to follow the schedule 'nights'",
        "Recording Test picture is to follow the schedule 'office'",
    ]


def test_a_rule_that_waits_for_what_is_gone(config_dir: Path) -> None:
    (config_dir / "user.yaml").write_text("rules:\n- {name: Horn, of: input9}\n")
    (found,) = automation_checks.rules_that_act()
    assert found.text == "The rule Horn does not work. There is no input 'input9' any more."


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, []),
        (
            {"output2": {"problem": "Pin 99 is gone."}},
            ["Output 2 does not work. Pin 99 is gone."],
        ),
    ],
)
def test_channels(monkeypatch: pytest.MonkeyPatch, told: dict[str, Any], said: list[str]) -> None:
    monkeypatch.setattr(asking, "ask", lambda *_, **__: Reply(told))
    assert [one.text for one in automation_checks.digital_channels()] == said


def test_a_head_whose_line_is_dead(config_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        **{"source": "source1", "backend": "visca", "can": [], "most_presets": 6},
        **{"position": None, "moving": False, "trouble": "The serial port is not there."},
    }
    monkeypatch.setattr(asking, "ask", lambda *_, **__: Reply(told))
    assert list(automation_checks.heads_that_move()) == []
    text = "ptz:\n- {source: source1, backend: visca}\n- {source: source2, backend: 'off'}\n"
    (config_dir / "media.yaml").write_text(text)
    (found,) = automation_checks.heads_that_move()
    assert found.text == "source1 cannot be moved. The serial port is not there."
