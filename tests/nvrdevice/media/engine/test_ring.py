"""The last seconds are kept in whole groups, within bounds."""

from nvrdevice.media.engine.ring import Ring
from tests.nvrdevice.media.engine.made_units import made, shape


def filled(pattern: str, *, past_s: float = 5.0, bytes_limit: int = 10_000) -> Ring:
    ring = Ring(past_s=past_s, bytes_limit=bytes_limit)
    for unit in made(pattern):
        ring.add(unit)
    return ring


def test_it_begins_with_a_key_frame() -> None:
    assert shape(filled("--K-").units()) == "K-"


def test_whole_groups_are_dropped_once_the_rest_is_long_enough() -> None:
    ring = filled("K----K----K----", past_s=0.2)
    assert shape(ring.units()) == "K----K----"


def test_a_group_without_end_is_dropped_at_the_bound() -> None:
    assert filled("K" + "-" * 20, bytes_limit=100).units() == []


def test_after_the_bound_it_waits_for_a_key_frame() -> None:
    assert shape(filled("K" + "-" * 20 + "--K-", bytes_limit=100).units()) == "K-"


def test_the_newest_group_is_from_the_last_key_frame_on() -> None:
    assert shape(filled("K--K-").newest_group()) == "K-"


def test_cleared_it_is_empty() -> None:
    ring = filled("K--")
    ring.clear()
    assert (ring.units(), ring.newest_group(), ring.newest_ns) == ([], [], None)


def test_the_past_begins_with_the_key_frame_that_is_old_enough() -> None:
    ring = Ring(past_s=10)
    for unit in made("K--K--K--"):
        ring.add(unit)
    assert shape(ring.newest(0)) == "K--"
    assert shape(ring.newest(0.12)) == "K--K--"
    assert shape(ring.newest(60)) == "K--K--K--"


def test_it_is_lengthened_and_never_shortened() -> None:
    ring = Ring(past_s=0.04)
    ring.lengthen(10)
    ring.lengthen(0.04)
    for unit in made("K--K--K--"):
        ring.add(unit)
    assert shape(ring.units()) == "K--K--K--"
