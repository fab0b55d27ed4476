"""The newest picture is given only while it is new."""

import threading

from nvrdevice.media.engine.picture_fan import PictureFan
from nvrdevice.media.engine.video_caps import RawFormat

FORMAT = RawFormat(width=640, height=360, fps=25.0)


def opened() -> PictureFan:
    fan = PictureFan()
    fan.open(FORMAT)
    return fan


def test_the_newest_picture() -> None:
    fan = opened()
    fan.publish("old", 1)
    fan.publish("new", 2)
    found = fan.current(2, 0.0)
    assert found is not None
    assert (found.buffer, found.format, found.time_ns) == ("new", FORMAT, 2)


def test_an_old_one_is_not_given_as_current() -> None:
    fan = opened()
    fan.publish("old", 1)
    assert fan.current(2, 0.0) is None


def test_it_is_waited_for() -> None:
    fan = opened()
    threading.Timer(0.02, fan.publish, ("new", 2)).start()
    found = fan.current(2, 10.0)
    assert found is not None
    assert found.buffer == "new"


def test_a_lost_source_has_no_picture() -> None:
    fan = opened()
    fan.publish("last", 2)
    fan.close()
    assert fan.current(1, 0.0) is None


def test_taps_get_every_picture_until_they_are_removed() -> None:
    fan, seen = opened(), []
    tap = lambda buffer, time_ns: seen.append((buffer, time_ns))  # noqa: E731
    fan.add(tap)
    fan.publish("one", 1)
    fan.remove(tap)
    fan.publish("two", 2)
    assert seen == [("one", 1)]
