"""Rates as GStreamer's fractions."""

import pytest

from nvrdevice.media.engine.video_caps import fraction


@pytest.mark.parametrize(
    ("fps", "text"),
    [(25.0, "25/1"), (29.97, "30000/1001"), (23.976, "24000/1001"), (12.5, "12500/1000")],
)
def test_a_rate_is_a_fraction(fps: float, text: str) -> None:
    assert fraction(fps) == text
