"""A consumer that falls behind loses whole groups, never the head of one."""

from nvrdevice.media.engine.consumers import Pusher, Queue
from nvrdevice.media.engine.hub import AccessUnit
from tests.nvrdevice.media.engine.made_units import made, shape


def test_a_full_queue_drops_to_the_next_key_frame() -> None:
    queue = Queue(units_limit=2)
    units = made("K---K-")
    for unit in units[:4]:
        queue.offer(unit)
    assert [queue.take(0), queue.take(0)] == units[:2]
    for unit in units[4:]:
        queue.offer(unit)
    assert [queue.take(0), queue.take(0)] == units[4:]


def test_after_a_drop_deltas_are_refused_even_where_there_is_room() -> None:
    queue = Queue(units_limit=1)
    units = made("K--")
    queue.offer(units[0])
    queue.offer(units[1])
    assert queue.take(0) == units[0]
    queue.offer(units[2])
    assert queue.take(0) is None


def test_a_queue_is_bounded_in_bytes() -> None:
    queue = Queue(bytes_limit=25)
    for unit in made("K--"):
        queue.offer(unit)
    assert [queue.take(0) is not None for _ in range(3)] == [True, True, False]


def test_a_pusher_waits_while_the_receiver_is_behind() -> None:
    pushed: list[AccessUnit] = []
    level = 0
    pusher = Pusher(pushed.append, lambda: level, limit=5)
    units = made("K-KK-")
    pusher.offer(units[0])
    level = 5
    pusher.offer(units[1])
    pusher.offer(units[2])
    level = 0
    pusher.offer(units[3])
    pusher.offer(units[4])
    assert (shape(pushed), pusher.gate.dropped) == ("KK-", 2)


def test_what_comes_before_the_first_key_frame_is_nobodys_fault() -> None:
    queue = Queue()
    for unit in made("K--K")[1:]:
        queue.offer(unit)
    assert (queue.gate.dropped, queue.take(0) is not None, queue.take(0)) == (0, True, None)
