"""A crop that stays inside the picture, moves with time and shows all of it at full view."""

import pytest

from nvrdevice.ptz.backends.digital import Digital
from nvrdevice.ptz.spaces import HOME, Limits, Vector


def head(start: Vector = HOME, limits: Limits | None = None) -> Digital:
    return Digital(start, limits or Limits(), most_zoom=4.0)


def settled(one: Digital, target: Vector) -> Vector:
    one.go(target, 1.0)
    return one.position(20.0)


def test_at_first_all_is_shown() -> None:
    assert head().crop(1.0) is None


def test_at_full_view_there_is_one_position() -> None:
    assert settled(head(), Vector(pan=1.0, tilt=-1.0)) == Vector()


@pytest.mark.parametrize(
    ("target", "crop"),
    [
        (Vector(-1, 1, 0.5), (0.25, 0.25, 0.5)),
        (Vector(1, 1, 0.5), (0.75, 0.25, 0.5)),
        (Vector(1, -1, 1.0), (0.875, 0.875, 0.25)),
        (Vector(0.1, 0, 0.5), (0.55, 0.5, 0.5)),
    ],
)
def test_where_it_goes(target: Vector, crop: tuple[float, float, float]) -> None:
    one = head()
    settled(one, target)
    assert one.crop(20.0) == pytest.approx(crop)


def test_it_moves_as_time_does_and_holds_at_the_edge() -> None:
    one = head(Vector(zoom=0.5))
    one.drive(Vector(pan=1.0), 10.0)
    assert one.position(10.5) == Vector(pan=pytest.approx(0.25), zoom=0.5)
    assert one.position(60.0) == Vector(pan=0.5, zoom=0.5)
    one.stop(60.0)
    assert not one.moving(60.0)


def test_however_often_it_is_looked_at_it_is_as_far() -> None:
    seldom, often = head(), head()
    seldom.drive(Vector(zoom=1.0), 1.0)
    often.drive(Vector(zoom=1.0), 1.0)
    for number in range(100):
        often.position(1.0 + number / 100)
    assert often.position(2.0).zoom == pytest.approx(seldom.position(2.0).zoom)


def test_limits_hold_it() -> None:
    limits = Limits(pan=(-0.2, 0.3), tilt=(0.0, 1.0), zoom=(0.25, 0.5))
    assert settled(head(limits=limits), Vector(1, -1, 1)) == Vector(0.3, 0.0, 0.5)
    assert settled(head(limits=limits), Vector(-1, 1, 0)) == Vector(
        -0.2, pytest.approx(1 - 4**-0.25), 0.25
    )
