"""One stream in, any number of consumers out, each from a key frame on."""

from dataclasses import replace

from nvrdevice.media.engine.consumers import Queue
from nvrdevice.media.engine.hub import AccessUnit, Hub, StreamFormat
from tests.nvrdevice.media.engine.made_units import made, shape

FORMAT = StreamFormat(codec="H264", width=640, height=360, fps=25.0, profile="main")


def taken(queue: Queue) -> list[AccessUnit]:
    found: list[AccessUnit] = []
    while (unit := queue.take(0)) is not None:
        found.append(unit)
    return found


def publish(hub: Hub, pattern: str, start: int = 0) -> None:
    for unit in made(pattern, start=start):
        hub.publish(unit)


def test_every_consumer_gets_the_same_units() -> None:
    hub, one, other = Hub(), Queue(), Queue()
    hub.join(one, with_past=False)
    hub.join(other, with_past=False)
    publish(hub, "K--")
    first = taken(one)
    assert shape(first) == "K--"
    assert [a is b for a, b in zip(first, taken(other), strict=True)] == [True] * 3


def test_a_consumer_starts_at_a_key_frame() -> None:
    hub, queue = Hub(), Queue()
    hub.join(queue, with_past=False)
    publish(hub, "--K-")
    assert shape(taken(queue)) == "K-"


def test_with_past_begins_with_the_kept_group() -> None:
    hub, queue = Hub(), Queue()
    publish(hub, "K--K" + "-" * 40)
    hub.join(queue, with_past=True)
    publish(hub, "-", start=44)
    assert shape(taken(queue)) == "K" + "-" * 41


def test_without_past_a_key_frame_is_asked_for() -> None:
    asked: list[str] = []
    hub, queue = Hub(key_wanted=lambda: asked.append("key")), Queue()
    publish(hub, "K" + "-" * 40)
    hub.join(queue, with_past=False)
    assert (asked, taken(queue)) == (["key"], [])


def test_a_key_frame_of_just_now_is_not_asked_for_again() -> None:
    asked: list[str] = []
    hub, queue = Hub(key_wanted=lambda: asked.append("key")), Queue()
    publish(hub, "K---")
    hub.join(queue, with_past=False)
    assert (asked, shape(taken(queue))) == ([], "K---")


def test_it_tells_when_the_first_consumer_came_and_the_last_one_went() -> None:
    told: list[bool] = []
    hub = Hub(wanted_changed=lambda: told.append(hub.wanted))
    one, other = Queue(), Queue()
    hub.join(one, with_past=True)
    hub.join(other, with_past=True)
    hub.leave(one)
    hub.leave(other)
    assert told == [True, False]


def test_leaving_twice_is_harmless() -> None:
    told: list[bool] = []
    hub, queue = Hub(wanted_changed=lambda: told.append(hub.wanted)), Queue()
    hub.join(queue, with_past=True)
    hub.leave(queue)
    hub.leave(queue)
    assert told == [True, False]


def test_another_picture_makes_clients_ask_anew() -> None:
    told: list[str] = []
    hub = Hub(picture_changed=lambda: told.append("changed"))
    hub.open(FORMAT)
    hub.open(replace(FORMAT, fps=12.5))
    assert told == []
    hub.open(replace(FORMAT, width=320))
    assert told == ["changed"]


def test_after_a_break_nothing_old_is_joined_to_the_new() -> None:
    hub, queue = Hub(), Queue()
    publish(hub, "K--")
    hub.restart()
    hub.join(queue, with_past=True)
    publish(hub, "-K", start=3)
    assert shape(taken(queue)) == "K"
