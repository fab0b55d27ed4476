"""From events to outputs: edges, states that hold, schedules around them, and loops that end."""

from datetime import UTC, datetime

import pytest

from nvrdevice import state
from nvrdevice.audit.trail import Actor
from nvrdevice.digital_io import topics as digital_io
from nvrdevice.events import publish
from nvrdevice.events.models import Event
from nvrdevice.lib.clock import ManualClock
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.motion import topics as motion
from nvrdevice.recordings.triggers import Active
from nvrdevice.rules.engine import Engine
from nvrdevice.rules.settings import Rule, Rules
from nvrdevice.schedules import book as schedule_book
from nvrdevice.schedules import topics as schedules
from nvrdevice.schedules.watch import Watch
from nvrdevice.schedules.week import ALWAYS, Week

pytestmark = pytest.mark.django_db(transaction=True)


BY = Actor("alice", "192.168.1.20", "web")


class Outputs:
    """Remembers what was switched; `works` off: as with a pin that is gone."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.works = True

    def set(self, direction: str, channel_id: int, *, active: bool, pulse: bool = False) -> bool:
        if not self.works:
            raise DeviceError(Kind.UNAVAILABLE, "The pin is gone.")
        self.said.append(
            f"{direction}{channel_id} {'pulse' if pulse else 'on' if active else 'off'}"
        )
        return active


class Recordings:
    """Remembers what was recorded, also over a restart of the engine."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._held: set[tuple[str, str]] = set()

    def hold(self, token: str, *, by: Actor, source: str = "") -> tuple[str, ...]:
        self.said.append(f"hold {source} for {token}")
        self._held.add((source, token))
        return (source,)

    def start(self, token: str, *, by: Actor, source: str = "") -> tuple[str, ...]:
        self.said.append(f"once {source} for {token}")
        return (source,)

    def stop(self, token: str, *, by: Actor, source: str = "") -> tuple[str, ...]:
        self.said.append(f"stop {source} for {token}")
        self._held.discard((source, token))
        return (source,)

    def active(self) -> tuple[Active, ...]:
        return tuple(Active(source=source, token=token, until=None) for source, token in self._held)


class Scene:
    def __init__(self) -> None:
        self.clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.outputs = Outputs()
        self.recordings = Recordings()
        self.engine = Engine(self.outputs, self.recordings, clock=self.clock)

    def rules(self, *rules: Rule) -> None:
        state.update(Rules, lambda _: Rules(rules=rules))
        self.engine.turn()

    def input(self, *states: bool, number: int = 1) -> None:
        for each in states:
            publish(digital_io.INPUT.name, {"InputToken": f"input{number}"}, {"LogicalState": each})
        self.engine.turn()

    def motion(self, *, moving: bool) -> None:
        publish(motion.ALARM.name, {"Source": "source1"}, {"State": moving})
        self.engine.turn()

    def schedule(self, *, active: bool) -> None:
        place = {"ScheduleToken": "nights", "Name": "nights"}
        publish(schedules.ACTIVE.name, place, {"Active": active, "SpecialDay": False})
        self.engine.turn()

    def restart(self) -> None:
        self.outputs.said.clear()
        self.engine = Engine(self.outputs, self.recordings, clock=self.clock)
        self.engine.turn()


@pytest.fixture
def scene() -> Scene:
    return Scene()


def rule(**facts: object) -> Rule:
    return Rule(**{"name": "rule", "of": "input1", "output": 2, **facts})  # type: ignore[arg-type]


def test_an_output_is_on_while_an_input_is(scene: Scene) -> None:
    scene.rules(rule())
    scene.input(True)
    scene.input(False)
    assert scene.outputs.said == ["output2 on", "output2 off"]


def test_a_pulse_shorter_than_a_look_counts(scene: Scene) -> None:
    scene.rules(rule(), rule(name="horn", act="pulse", output=3))
    scene.input(True, False, True, False)
    assert scene.outputs.said == [
        *("output3 pulse", "output2 on", "output2 off"),
        *("output3 pulse", "output2 on", "output2 off"),
    ]


@pytest.mark.parametrize(
    ("at", "act", "said"),
    [
        ("start", "on", ["output2 on"]),
        ("start", "off", ["output2 off"]),
        ("end", "pulse", ["output2 pulse"]),
    ],
)
def test_edges(scene: Scene, at: str, act: str, said: list[str]) -> None:
    scene.rules(rule(at=at, act=act))
    scene.input(False)
    scene.input(True)
    scene.input(False)
    assert scene.outputs.said == said


def test_motion_and_schedules_are_conditions_too(scene: Scene) -> None:
    scene.rules(
        rule(name="a", when="motion", of="source1", act="pulse"),
        rule(name="b", when="schedule", of="nights", output=4),
    )
    scene.motion(moving=True)
    scene.schedule(active=True)
    scene.schedule(active=False)
    assert scene.outputs.said == ["output2 pulse", "output4 on", "output4 off"]


def test_outside_its_schedule_a_rule_does_nothing(scene: Scene) -> None:
    scene.rules(rule(during="nights"))
    scene.input(True)
    assert scene.outputs.said == []
    scene.schedule(active=True)
    scene.schedule(active=False)
    assert scene.outputs.said == ["output2 on", "output2 off"]


def test_two_rules_hold_one_output(scene: Scene) -> None:
    scene.rules(rule(name="a"), rule(name="b", of="input2"))
    scene.input(True)
    scene.input(True, number=2)
    scene.input(False)
    assert scene.outputs.said == ["output2 on"]
    scene.input(False, number=2)
    assert scene.outputs.said == ["output2 on", "output2 off"]


def test_a_rule_that_goes_lets_go(scene: Scene) -> None:
    scene.rules(rule())
    scene.input(True)
    scene.rules(rule(enabled=False))
    assert scene.outputs.said == ["output2 on", "output2 off"]


def test_after_a_restart_what_lasts_counts_and_what_was_does_not(scene: Scene) -> None:
    scene.rules(rule(), rule(name="horn", act="pulse", output=3))
    scene.input(True)
    scene.motion(moving=True)
    scene.restart()
    assert scene.outputs.said == ["output2 on"]


def test_an_output_that_switches_its_own_input_does_not_run_away(scene: Scene) -> None:
    scene.rules(rule(act="pulse"))
    for _ in range(100):
        scene.input(True)
        scene.input(False)
        scene.clock.advance(0.1)
    assert len(scene.outputs.said) == 20
    rests = Event.objects.get(topic="tns1:Monitoring/nvr:RuleRests")
    assert (rests.source, rests.data) == ({"Rule": "rule"}, {"Seconds": "60"})
    scene.clock.advance(60)
    scene.input(True)
    assert len(scene.outputs.said) == 21


def test_a_rule_that_holds_too_often_lets_go_and_rests(scene: Scene) -> None:
    scene.rules(rule())
    for _ in range(30):
        scene.input(True)
        scene.input(False)
    scene.input(True)
    assert scene.outputs.said.count("output2 on") == 20
    assert scene.outputs.said[-1] == "output2 off"
    scene.clock.advance(60)
    scene.engine.turn()
    assert scene.outputs.said[-1] == "output2 on"


def test_an_output_that_cannot_be_switched_stops_no_other(scene: Scene) -> None:
    scene.rules(rule(act="on"))
    scene.outputs.works = False
    scene.input(True)
    scene.outputs.works = True
    scene.input(False, True)
    assert scene.outputs.said == ["output2 on"]


def test_a_camera_is_recorded_while_an_input_is_raised(scene: Scene) -> None:
    scene.rules(rule(do="recording"), rule(name="once", do="recording", act="pulse"))
    scene.input(True)
    scene.input(False)
    assert scene.recordings.said == [
        "once source1 for rule once",
        "hold source1 for rule rule",
        "stop source1 for rule rule",
    ]


def test_what_was_recorded_before_a_restart_is_let_go_when_its_reason_went(scene: Scene) -> None:
    scene.rules(rule(do="recording"))
    scene.input(True)
    scene.restart()
    assert scene.recordings.said == ["hold source1 for rule rule"]
    publish(digital_io.INPUT.name, {"InputToken": "input1"}, {"LogicalState": False})
    scene.restart()
    assert scene.recordings.said[-1] == "stop source1 for rule rule"


def test_the_first_rule_counts_from_when_it_is_made(scene: Scene) -> None:
    scene.engine.turn()
    scene.input(True)
    scene.rules(rule(), rule(name="horn", act="pulse", output=3))
    assert scene.outputs.said == ["output2 on"]
    scene.input(False, True)
    assert scene.outputs.said == ["output2 on", "output2 off", "output3 pulse", "output2 on"]


def test_a_recording_of_a_rule_that_went_during_a_crash_ends_at_the_next_start() -> None:
    scene = Scene()
    scene.rules(Rule(name="Watch", of="input1", do="recording", camera="source1"))
    scene.input(True)
    state.update(Rules, lambda _: Rules())  # by hand, while nothing runs
    scene.restart()
    scene.engine.turn()
    assert scene.recordings.said[-1] == "stop source1 for rule Watch"


def test_what_cannot_be_done_is_done_once_it_can_be(scene: Scene) -> None:
    scene.rules(rule())
    scene.outputs.works = False
    scene.input(True)
    scene.engine.turn()
    scene.outputs.works = True
    scene.engine.turn()
    assert scene.outputs.said == ["output2 on"]
    scene.outputs.works = False
    scene.input(False)
    scene.outputs.works = True
    scene.engine.turn()
    scene.engine.turn()
    assert scene.outputs.said == ["output2 on", "output2 off"]


def test_a_schedule_that_is_renamed_neither_ends_nor_begins(scene: Scene) -> None:
    schedule_book.create("nights", Week(ALWAYS), by=BY)
    watch = Watch(zone=lambda: UTC, clock=scene.clock)
    watch.turn()
    scene.rules(
        rule(),
        rule(name="lamp", during="nights", output=1),
        rule(name="light", when="schedule", of="nights", output=4),
        rule(name="horn", when="schedule", of="nights", act="pulse", output=3),
        rule(name="end", when="schedule", of="nights", act="pulse", at="end", output=3),
    )
    scene.input(True)
    assert sorted(scene.outputs.said) == ["output1 on", "output2 on", "output4 on"]
    scene.outputs.said.clear()
    schedule_book.rename("nights", "dark", by=BY)
    scene.engine.turn()
    watch.turn()
    scene.engine.turn()
    assert scene.outputs.said == []
    scene.input(False)
    assert sorted(scene.outputs.said) == ["output1 off", "output2 off"]
