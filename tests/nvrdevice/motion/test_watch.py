"""From grey pictures to events, with the owner's switches, lost sources and removed ones."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.events import pipeline
from nvrdevice.events.models import Event, PropertyState
from nvrdevice.lib.clock import ManualClock
from nvrdevice.media import facts, sources
from nvrdevice.media.facts import Facts
from nvrdevice.media.grey import GreyPicture
from nvrdevice.motion.settings import MotionSettings
from nvrdevice.motion.watch import Watch
from tests.nvrdevice.motion import clips

pytestmark = pytest.mark.django_db(transaction=True)

ALARM = "tns1:VideoSource/MotionAlarm"
CELLS = "tns1:RuleEngine/CellMotionDetector/Motion"
FRAME_S = 0.1


class Scene:
    """Grey pictures of a room, in which a box moves or not; and the watch that looks at them."""

    def __init__(self) -> None:
        self.clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.watch = Watch(clock=self.clock, subscribe=self._subscribe)
        self.subscribed: list[tuple[str, ...]] = []
        self.closed = 0
        self._next: GreyPicture | None = None
        self._room = clips.room()
        self._x = 0.0

    def _subscribe(self, sources: Iterable[str]) -> "Scene":
        self.subscribed.append(tuple(sources))
        return self

    def receive(self, timeout_s: float) -> GreyPicture | None:
        if self._next is None:
            self.clock.advance(timeout_s)
        picture, self._next = self._next, None
        return picture

    def close(self) -> None:
        self.closed += 1

    def show(self, *, seconds: float, moving: bool = False, source: str = "source1") -> None:
        for _ in range(round(seconds / FRAME_S)):
            canvas = self._room.copy()
            if moving:
                self._x = (self._x + 9) % 300
                clips.box(canvas, self._x, 60, 40, 50, 230)
            self._next = GreyPicture(
                source=source,
                at=self.clock.now(),
                width=clips.WIDTH,
                height=clips.HEIGHT,
                sequence=0,
                pixels=canvas.astype("uint8").tobytes(),
            )
            self.watch.turn()
            self.clock.advance(FRAME_S)

    def silence(self, *, seconds: float) -> None:
        for _ in range(round(seconds / 0.25)):
            self.watch.turn()


def told(topic: str = ALARM) -> list[tuple[str, str]]:
    """Operation and value of each event of a topic."""
    rows = Event.objects.filter(topic=topic).order_by("id")
    return [(row.operation, next(iter(row.data.values()))) for row in rows]


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    made.show(seconds=4.5)
    yield made


def test_at_the_start_both_properties_are_false(scene: Scene) -> None:
    assert (told(ALARM), told(CELLS)) == ([("Initialized", "false")], [("Initialized", "false")])


def test_motion_starts_and_ends(scene: Scene) -> None:
    scene.show(seconds=2, moving=True)
    assert told() == [("Initialized", "false"), ("Changed", "true")]
    scene.show(seconds=3)
    assert told() == [("Initialized", "false"), ("Changed", "true"), ("Changed", "false")]


def test_both_topics_tell_the_same(scene: Scene) -> None:
    scene.show(seconds=2, moving=True)
    scene.show(seconds=3)
    assert told(CELLS) == told(ALARM)


def test_the_items_are_those_of_the_specification(scene: Scene) -> None:
    found = {row.topic: (list(row.source.items()), list(row.data)) for row in Event.objects.all()}
    assert found == {
        ALARM: ([("Source", "source1")], ["State"]),
        CELLS: (
            [
                ("VideoSourceConfigurationToken", "video1"),
                ("VideoAnalyticsConfigurationToken", "analytics-video1"),
                ("Rule", "MotionDetector"),
            ],
            ["IsMotion"],
        ),
    }


def test_silence_of_the_media_process_ends_motion(scene: Scene) -> None:
    scene.show(seconds=2, moving=True)
    scene.silence(seconds=4)
    assert told()[-1] == ("Changed", "false")


def test_a_lost_source_ends_motion(scene: Scene) -> None:
    scene.show(seconds=2, moving=True)
    facts.write("source1", Facts(uri="test:", online=False, reason="away"))
    scene.watch.changed()
    scene.show(seconds=0.1, moving=True)
    assert told()[-1] == ("Changed", "false")


def test_motion_switched_off_ends_it_and_stops_listening(scene: Scene) -> None:
    scene.show(seconds=2, moving=True)
    state.update(
        MotionSettings, lambda now: replace(now, motion=replace(now.motion, enabled=False))
    )
    scene.watch.changed()
    scene.watch._stop.set()  # the turn without pictures must not wait
    scene.watch.turn()
    assert (told()[-1], scene.closed) == (("Changed", "false"), 1)


@pytest.mark.parametrize(
    "switch",
    [{"events_enabled": False}, {"alarms_enabled": False}],
    ids=["events off", "alarms off"],
)
def test_a_switch_that_is_off_holds_the_start_back(scene: Scene, switch: dict[str, bool]) -> None:
    pipeline.set_switches(trail.DEVICE, **switch)
    scene.show(seconds=2, moving=True)
    assert told() == [("Initialized", "false")]


def test_a_switch_turned_off_during_motion_tells_its_end(scene: Scene) -> None:
    scene.show(seconds=2, moving=True)
    pipeline.set_switches(trail.DEVICE, events_enabled=False)
    scene.watch.changed()
    scene.show(seconds=0.5, moving=True)
    assert (told()[-1], told(CELLS)[-1]) == (("Changed", "false"), ("Changed", "false"))
    assert PropertyState.objects.get(topic=ALARM).data == {"State": "true"}  # what recording sees


def test_a_switch_turned_on_again_tells_motion_that_goes_on(scene: Scene) -> None:
    pipeline.set_switches(trail.DEVICE, events_enabled=False)
    scene.show(seconds=2, moving=True)
    pipeline.set_switches(trail.DEVICE, events_enabled=True)
    scene.watch.changed()
    scene.show(seconds=0.5, moving=True)
    assert told()[-1] == ("Changed", "true")


def test_the_mode_alarm_lets_the_alarm_through_and_not_the_cells(scene: Scene) -> None:
    pipeline.set_switches(trail.DEVICE, mode="alarm")
    scene.show(seconds=2, moving=True)
    assert (told(ALARM)[-1], told(CELLS)) == (("Changed", "true"), [("Initialized", "false")])


def test_a_removed_source_has_no_properties(scene: Scene) -> None:
    sources.set_sources(["test:", "test:"], by=trail.DEVICE)
    scene.watch.changed()
    scene.show(seconds=0.1)
    assert PropertyState.objects.filter(topic=ALARM).count() == 2
    sources.set_sources(["test:"], by=trail.DEVICE)
    scene.watch.changed()
    scene.show(seconds=0.1)
    assert told()[-1] == ("Deleted", "false")
    assert [row.source for row in PropertyState.objects.filter(topic=ALARM)] == [
        {"Source": "source1"}
    ]


def test_a_new_source_is_listened_to(scene: Scene) -> None:
    sources.set_sources(["test:", "test:"], by=trail.DEVICE)
    scene.watch.changed()
    scene.show(seconds=0.1)
    assert scene.subscribed == [("source1",), ("source1", "source2")]


def test_motion_that_a_crash_left_true_ends_at_the_next_start(scene: Scene) -> None:
    scene.show(seconds=2, moving=True)
    Scene().show(seconds=0.1)
    assert told()[-1] == ("Changed", "false")


def test_a_picture_of_an_unknown_source_is_nothing(scene: Scene) -> None:
    scene.show(seconds=2, moving=True, source="source9")
    assert told() == [("Initialized", "false")]
