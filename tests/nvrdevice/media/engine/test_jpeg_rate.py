"""A JPEG stream stays below its bit rate, and is as good as that allows."""

from nvrdevice.media.engine.jpeg_rate import LEAST_QUALITY, JpegRate


def rate() -> JpegRate:
    """1000 octets a picture."""
    return JpegRate(bitrate_kbps=40, fps=5.0, best_quality=65)


def test_pictures_that_fit_keep_the_best_quality() -> None:
    found = rate()
    assert [found.took(800) for _ in range(5)] == [65] * 5


def test_pictures_that_do_not_fit_get_worse_until_they_do() -> None:
    found = rate()
    assert [found.took(size) for size in (1200, 1200, 1000, 500, 800)] == [60, 55, 50, 50, 50]


def test_the_quality_comes_back_step_by_step() -> None:
    found = rate()
    for _ in range(3):
        found.took(1100)
    assert [found.took(100) for _ in range(4)] == [51, 52, 53, 54]


def test_there_is_a_least_quality() -> None:
    found = rate()
    assert [found.took(9000) for _ in range(30)][-1] == LEAST_QUALITY


def test_a_higher_limit_counts_at_once() -> None:
    found = rate()
    found.took(1500)
    found.set_limit(400, 5.0)
    assert found.took(1500) == 61
