"""Rates are those of the units of the last seconds."""

from nvrdevice.media.engine.meter import Meter
from tests.nvrdevice.media.engine.made_units import made


def metered(pattern: str, size: int = 1000) -> Meter:
    meter = Meter()
    for unit in made(pattern, size=size):
        meter.add(unit.time_ns, len(unit.data), key=unit.key)
    return meter


def test_twenty_five_a_second() -> None:
    assert round(metered("K" + "-" * 100).fps(), 6) == 25.0


def test_kilobits_a_second() -> None:
    assert round(metered("K" + "-" * 100).kbps(), 6) == 200.0


def test_the_distance_of_key_frames() -> None:
    assert metered("-K---K--").gop_frames == 4


def test_only_the_last_seconds_count() -> None:
    assert metered("-" * 1000).span_s() == 5.0


def test_without_units_there_is_no_rate() -> None:
    meter = metered("K")
    assert (meter.fps(), meter.kbps(), meter.gop_frames) == (0.0, 0.0, 0)
