"""What may be handed on as it is, and what must be encoded anew."""

import pytest

from nvrdevice.media.engine.clip_examination import Unit, estimated_fps, fit_to_pass

MS = 1_000_000


def units(*times_ms: int, keys: tuple[int, ...] = (0,)) -> list[Unit]:
    return [Unit(pts_ns=at * MS, key=at in keys) for at in times_ms]


def test_a_plain_stream_is_passed_through() -> None:
    assert fit_to_pass(units(0, 40, 80), profile="high", fps=25.0) is True


def test_reordered_pictures_are_not() -> None:
    assert fit_to_pass(units(0, 120, 40, 80), profile="high", fps=25.0) is False


@pytest.mark.parametrize("profile", ["high-4:2:2", "high-10", "high-4:4:4", ""])
def test_what_clients_cannot_decode_is_not(profile: str) -> None:
    assert fit_to_pass(units(0, 40, 80), profile=profile, fps=25.0) is False


def test_a_stream_with_rare_key_frames_is_not() -> None:
    assert fit_to_pass(units(0, 5_000, 10_000, 15_000), profile="main", fps=25.0) is False


def test_a_stream_that_begins_without_a_key_frame_is_not() -> None:
    assert fit_to_pass(units(0, 40, keys=(40,)), profile="main", fps=25.0) is False


@pytest.mark.parametrize(
    ("times_ms", "fps"), [((0, 40, 80), 25.0), ((0, 33, 67, 100), 30.0), ((0,), 0.0), ((5, 5), 0.0)]
)
def test_the_rate_is_told_from_the_times(times_ms: tuple[int, ...], fps: float) -> None:
    assert estimated_fps([at * MS for at in times_ms]) == fps
