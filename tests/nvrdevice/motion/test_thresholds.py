"""More sensitivity lowers every threshold, step by step."""

import itertools
from dataclasses import astuple

import pytest

from nvrdevice.motion.thresholds import thresholds


def test_every_step_lowers_every_threshold() -> None:
    steps = [astuple(thresholds(sensitivity)) for sensitivity in range(101)]
    for before, after in itertools.pairwise(steps):
        assert [now < then for now, then in zip(after, before, strict=True)] == [True] * 4


@pytest.mark.parametrize(("given", "meant"), [(-5, 0), (140, 100)])
def test_beyond_the_scale_its_ends_count(given: int, meant: int) -> None:
    assert thresholds(given) == thresholds(meant)


def test_the_middle_wants_sixty_pixels_of_the_grey_picture() -> None:
    assert round(thresholds(50).smallest_share * 320 * 180) == 63
