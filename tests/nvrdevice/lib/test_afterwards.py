"""What is noted is done at once, or gathered and then done in its order."""

import logging
import threading
from collections.abc import Callable, Iterator

import pytest

from nvrdevice.lib import afterwards

Later = list[tuple[float, Callable[[], None]]]


@pytest.fixture
def done() -> list[int]:
    return []


@pytest.fixture
def timers() -> Iterator[Later]:
    """Gathering, with an event loop that only notes what it is asked for."""
    asked: Later = []
    afterwards.gather(lambda seconds, function: asked.append((seconds, function)))
    yield asked
    afterwards.gather(None)


def test_where_nobody_gathers_it_is_done_at_once(done: list[int]) -> None:
    afterwards.do(done.append, 1)
    assert done == [1]


def test_what_is_gathered_waits_for_one_timer(done: list[int], timers: Later) -> None:
    for number in range(3):
        afterwards.do(done.append, number)
    assert (done, [seconds for seconds, _ in timers]) == ([], [afterwards.GATHER_S])
    timers[0][1]()
    assert done == [0, 1, 2]
    afterwards.do(done.append, 3)
    assert len(timers) == 2


@pytest.mark.usefixtures("timers")
def test_who_reads_catches_up(done: list[int]) -> None:
    afterwards.do(done.append, 1)
    afterwards.catch_up()
    assert done == [1]


@pytest.mark.usefixtures("timers")
def test_another_thread_does_it_at_once(done: list[int]) -> None:
    thread = threading.Thread(target=afterwards.do, args=(done.append, 1))
    thread.start()
    thread.join()
    assert done == [1]


@pytest.mark.usefixtures("timers")
def test_what_is_gathered_is_bounded(done: list[int]) -> None:
    for number in range(afterwards.GATHERED_LIMIT - 1):
        afterwards.do(done.append, number)
    assert done == []
    afterwards.do(done.append, -1)
    assert len(done) == afterwards.GATHERED_LIMIT


@pytest.mark.usefixtures("timers")
def test_one_that_fails_keeps_none_of_the_others_from_being_done(
    done: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    afterwards.do(int, "no number")
    afterwards.do(done.append, 1)
    with caplog.at_level(logging.ERROR):
        afterwards.catch_up()
    assert done == [1]
    assert [record.message for record in caplog.records] == ["What was gathered could not be noted"]


def test_who_gathers_no_more_has_done_everything(done: list[int], timers: Later) -> None:
    afterwards.do(done.append, 1)
    afterwards.gather(None)
    assert done == [1]
