"""What is motion and what is not, on clips whose truth is known."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nvrdevice.motion.detector import Detector
from tests.nvrdevice.motion import clips
from tests.nvrdevice.motion.clips import (
    Painter,
    both,
    episodes,
    hard_light,
    lamp,
    mover,
    play,
    soft_light,
    swaying,
)

TWO_MINUTES_S = 120
LAMP_TIMES = {"on_s": 20.0, "off_s": 75.0}
LIGHTS: dict[str, Painter] = {
    "35 % brighter": lamp(1.35, **LAMP_TIMES),
    "35 % darker": lamp(0.65, **LAMP_TIMES),
    "a large soft lamp": lamp(soft_light(0.8, 80), **LAMP_TIMES),
    "a small bright lamp": lamp(soft_light(1.5, 45), **LAMP_TIMES),
    "a lamp that fades in": lamp(soft_light(0.8, 80), fade_s=3, **LAMP_TIMES),
    "a third, sharp edge": lamp(hard_light(0.5, 0.33), **LAMP_TIMES),
    "half, sharp edge": lamp(hard_light(0.8, 0.5), **LAMP_TIMES),
    "most of the picture": lamp(hard_light(0.8, 0.75), **LAMP_TIMES),
    "a flash": lamp(2.2, on_s=20.0, off_s=20.3),
}
MOVERS: dict[str, Painter] = {
    "large and fast": mover(start_s=10, speed=90, size=(50, 80), row=60),
    "near and huge": mover(start_s=10, speed=120, size=(110, 150), row=10),
    "small and fast": mover(start_s=10, speed=100, size=(9, 9)),
    "small and slow": mover(start_s=10, speed=8, size=(12, 20)),
    "creeping": mover(start_s=10, speed=3, size=(20, 30)),
}


@pytest.mark.parametrize("fps", [5.0, 10.0])
@pytest.mark.parametrize("sigma", [2.0, 10.0])
def test_a_still_picture_with_noise_is_no_motion(sigma: float, fps: float) -> None:
    still = play(clips.room(), clips.nothing, seconds=TWO_MINUTES_S, fps=fps, sigma=sigma)
    assert episodes(still) == []


@pytest.mark.parametrize("light", LIGHTS.values(), ids=LIGHTS)
def test_a_lamp_is_no_motion(light: Painter) -> None:
    assert episodes(play(clips.room(), light, seconds=TWO_MINUTES_S, fps=5, sigma=6)) == []


@pytest.mark.parametrize("name", ["a large soft lamp", "half, sharp edge", "35 % brighter"])
def test_a_lamp_on_a_plain_wall_is_no_motion(name: str) -> None:
    assert episodes(play(clips.wall(), LIGHTS[name], seconds=90, fps=10, sigma=6)) == []


def test_a_small_thing_that_sways_is_no_motion() -> None:
    assert episodes(play(clips.room(), swaying(), seconds=60)) == []


@pytest.mark.parametrize("fps", [5.0, 10.0])
@pytest.mark.parametrize("what", MOVERS.values(), ids=MOVERS)
def test_what_moves_is_found_as_it_comes(what: Painter, fps: float) -> None:
    found = episodes(play(clips.room(), what, seconds=15, fps=fps))
    assert [round(start_s) in (10, 11) for start_s, _ in found[:1]] == [True]


def test_motion_ends_when_the_mover_is_gone() -> None:
    found = episodes(play(clips.room(), MOVERS["large and fast"], seconds=30))
    assert [round(end_s) for _, end_s in found] == [15]


def test_a_mover_is_found_under_a_lamp_that_was_switched_on() -> None:
    late = mover(start_s=30, speed=40, size=(15, 35))
    found = episodes(play(clips.room(), both(LIGHTS["half, sharp edge"], late), seconds=45, fps=5))
    assert [30 <= start_s < 32 for start_s, _ in found] == [True]


def test_what_moves_during_the_warm_up_is_no_alarm() -> None:
    early = mover(start_s=0, speed=90, size=(50, 80))
    assert episodes(play(clips.room(), early, seconds=3.9)) == []


def test_another_scene_is_no_motion() -> None:
    def cut(canvas: clips.Canvas, at_s: float) -> clips.Canvas:
        return clips.room(2) if at_s >= 10 else canvas

    assert episodes(play(clips.room(1), cut, seconds=30)) == []


def test_a_change_of_most_of_the_picture_is_told_as_such() -> None:
    detector = Detector()
    findings = [
        detector.look(picture, at_s)
        for at_s, picture in play(clips.room(), lamp(2.0, on_s=8, off_s=99), seconds=8.2)
    ]
    assert [finding.light for finding in findings][-2:] == [True, False]


def test_after_a_gap_it_warms_up_again() -> None:
    detector = Detector()
    for at_s, picture in play(clips.room(), clips.nothing, seconds=6):
        detector.look(picture, at_s)
    _, other = next(play(clips.room(3), clips.nothing, seconds=1))
    assert detector.look(other, 60.0).learning is True


def test_a_picture_of_another_size_starts_anew() -> None:
    detector = Detector()
    for at_s, picture in play(clips.room(), clips.nothing, seconds=6):
        detector.look(picture, at_s)
    assert detector.look(np.zeros((90, 160), np.uint8), 6.1).learning is True


def walkers() -> Iterator[tuple[float, Any]]:
    """Boxes of many sizes and contrasts, one after the other."""
    sizes = [(6, 7), (9, 12), (20, 40), (40, 80)]
    painters = [
        mover(start_s=6 + 6 * number, speed=80, size=size, level=130.0)
        for number, size in enumerate(sizes)
    ]
    seconds = 6.0 + 6 * len(sizes)
    return play(clips.room(level=60), both(*painters), seconds=seconds, fps=5)


def test_more_sensitivity_sees_more() -> None:
    seen = []
    for sensitivity in (0, 30, 60, 100):
        detector = Detector(sensitivity=sensitivity)
        seen.append(sum(detector.look(picture, at_s).moving for at_s, picture in walkers()))
    assert seen == sorted(seen)
    assert len(set(seen)) == len(seen)
