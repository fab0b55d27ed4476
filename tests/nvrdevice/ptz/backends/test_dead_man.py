"""Who is killed while a head turns has it stopped; who said that all is calm has not."""

from collections.abc import Iterator

import pytest

from nvrdevice.ptz.backends.dead_man import DeadMan
from tests.nvrdevice.ptz.far_end import FarEnd

STOP = bytes.fromhex("ff010000000001")


@pytest.fixture
def end() -> Iterator[FarEnd]:
    made = FarEnd()
    yield made
    made.close()


def test_what_is_armed_is_sent_when_the_line_to_it_ends(end: FarEnd) -> None:
    guard = DeadMan(str(end.path), 9600)
    guard.arm(STOP)
    process = guard._process
    assert process is not None
    guard.close()  # as the system does for who is killed
    assert end.frame() == STOP.hex(" ")
    assert process.wait(30) == 0


def test_it_waits_for_a_cable_that_is_out(end: FarEnd) -> None:
    guard = DeadMan(str(end.path), 9600)
    end.pull_out()
    guard.arm(STOP)
    process = guard._process
    assert process is not None
    guard.close()
    end.plug_in()
    assert end.frame() == STOP.hex(" ")
    assert process.wait(30) == 0


def test_where_all_is_calm_nothing_is_sent(end: FarEnd) -> None:
    guard = DeadMan(str(end.path), 9600)
    guard.arm(STOP)
    guard.calm()
    process = guard._process
    assert process is not None
    guard.close()
    assert process.wait(30) == 0
    assert not end.has_news()
