"""When a camera is recorded, and why."""

from datetime import UTC, datetime, timedelta

import pytest

from nvrdevice.recordings.deciding import Decision, Situation, Trigger
from nvrdevice.recordings.settings import CameraRecording

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
QUIET = Situation()
MOVING = Situation(moving={"source1"})


def looked(setting: CameraRecording, *steps: tuple[float, Situation]) -> list[tuple[str, ...]]:
    """The reasons at each moment."""
    decision = Decision()
    found = []
    for at_s, now in steps:
        decision.look(setting, now, at=NOON + timedelta(seconds=at_s), now_s=at_s)
        found.append(decision.reasons)
    return found


def camera(**changes: object) -> CameraRecording:
    return CameraRecording(source="source1", post_s=10.0, **changes)  # type: ignore[arg-type]


def test_motion_counts_on_for_its_seconds() -> None:
    steps = [(0, QUIET), (5, MOVING), (65, QUIET), (74, QUIET), (76, QUIET)]
    assert looked(camera(), *steps) == [(), ("motion",), ("motion",), ("motion",), ()]


def test_motion_of_another_camera_does_not_count() -> None:
    assert looked(camera(), (0, Situation(moving={"source2"}))) == [()]


def test_motion_counts_only_while_its_schedule_holds() -> None:
    nights = camera(schedule="nights")
    day = Situation(moving={"source1"}, schedules={"nights": False})
    night = Situation(moving={"source1"}, schedules={"nights": True})
    assert looked(nights, (0, day), (1, night)) == [(), ("motion",)]


def test_a_schedule_is_recorded_from_edge_to_edge() -> None:
    office = camera(mode="schedule", schedule="office")
    on, off = Situation(schedules={"office": True}), Situation(schedules={"office": False})
    steps = [(0, off), (1, on), (2, on), (3, off)]
    assert looked(office, *steps) == [(), ("schedule",), ("schedule",), ()]


@pytest.mark.parametrize(
    ("inputs", "reasons"),
    [((), ("input input2",)), (("input1",), ()), (("input2",), ("input input2",))],
)
def test_inputs_are_chosen_or_any(inputs: tuple[str, ...], reasons: tuple[str, ...]) -> None:
    now = Situation(inputs={"input1": False, "input2": True})
    assert looked(camera(mode="input", inputs=inputs), (0, now)) == [reasons]


def test_a_trigger_ends_by_itself() -> None:
    until = NOON + timedelta(seconds=30)
    now = Situation(triggers={"source1": [Trigger("door", until)]})
    off = camera(mode="off")
    assert looked(off, (0, now), (29, now), (31, now), (32, now))[0] == ("trigger door",)
    assert looked(off, (0, now), (31, now), (32, now))[-1] == ()


def test_continuous_goes_on() -> None:
    assert looked(camera(mode="continuous"), (0, QUIET), (9999, QUIET)) == [("continuous",)] * 2


def test_a_trigger_of_a_clock_that_was_set_back_is_over() -> None:
    far = Situation(triggers={"source1": [Trigger("door", NOON + timedelta(days=400))]})
    assert looked(camera(mode="off"), (0, far)) == [()]
