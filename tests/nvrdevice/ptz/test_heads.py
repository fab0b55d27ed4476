"""Moves end by themselves, by stop, and when their mover is gone; settings make heads anew."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nvrdevice import state
from nvrdevice.lib.clock import ManualClock
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.ptz import heads as heads_module
from nvrdevice.ptz.heads import Heads
from nvrdevice.ptz.settings import Head, PtzSettings
from nvrdevice.ptz.spaces import Vector

MADE_HERE = {"source1": True, "passed": False}


@pytest.fixture
def clock() -> ManualClock:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    clock.advance(100)
    return clock


@pytest.fixture
def heads(clock: ManualClock, config_dir: Path) -> Heads:
    return Heads(MADE_HERE.get, clock=clock)


def write(*found: Head) -> None:
    state.update(PtzSettings, lambda _: PtzSettings(ptz=found), None)


def test_a_move_ends_at_its_time(heads: Heads, clock: ManualClock) -> None:
    heads.continuous("source1", Vector(zoom=1.0), 1.0, "")
    assert heads.end_what_is_over() == pytest.approx(1.0)
    clock.advance(1.0)
    assert heads.end_what_is_over() is None
    clock.advance(5.0)
    at, moving = heads.position("source1")
    assert at is not None
    assert (round(at.zoom, 3), moving) == (0.4, False)


def test_a_move_that_is_renewed_goes_on(heads: Heads, clock: ManualClock) -> None:
    for _ in range(4):
        heads.continuous("source1", Vector(zoom=0.5), 1.0, "page")
        clock.advance(0.5)
        heads.end_what_is_over()
    at, moving = heads.position("source1")
    assert at is not None
    assert (round(at.zoom, 3), moving) == (0.4, True)


def test_who_went_away_stops_only_their_own_move(heads: Heads, clock: ManualClock) -> None:
    heads.continuous("source1", Vector(zoom=1.0), 9.0, "one")
    heads.halt("source1", "other")
    assert heads.position("source1")[1]
    heads.halt("source1", "one")
    assert not heads.position("source1")[1]


def test_all_of_the_picture_is_shown_until_something_moves(
    heads: Heads, clock: ManualClock
) -> None:
    assert heads.crop("source1", int(100e9)) is None
    heads.absolute("source1", Vector(-1, 1, 0.5))
    clock.advance(20)
    assert heads.crop("source1", int(120e9)) == pytest.approx((0.25, 0.25, 0.5))


def test_a_picture_passed_through_is_not_moved_unless_somebody_chose_so(heads: Heads) -> None:
    with pytest.raises(DeviceError, match="passed through") as refused:
        heads.running("passed")
    assert refused.value.kind is Kind.UNSUPPORTED
    write(Head(source="passed", backend="digital"))
    assert heads.running("passed").kind == "digital"


def test_what_is_not_there(heads: Heads) -> None:
    with pytest.raises(DeviceError, match="There is no source 'nowhere'") as refused:
        heads.running("nowhere")
    assert refused.value.kind is Kind.MISSING


def test_nothing_is_pretended_on_a_real_machine(heads: Heads, clock: ManualClock) -> None:
    write(Head(source="source1", backend="simulated"))
    with pytest.raises(DeviceError, match="runs only on a simulated device"):
        heads.running("source1")
    assert Heads(MADE_HERE.get, simulated=True, clock=clock).running("source1").kind == "simulated"


def test_other_settings_hold_from_the_next_look_on(heads: Heads, clock: ManualClock) -> None:
    heads.absolute("source1", Vector(zoom=1.0))
    clock.advance(20)
    assert heads.position("source1")[0] == Vector(zoom=1.0)
    write(Head(source="source1", zoom_most=0.5))
    heads.look()
    assert heads.position("source1")[0] == Vector(zoom=0.5)
    write(Head(source="source1", backend="off"))
    heads.look()
    with pytest.raises(DeviceError, match="switched off"):
        heads.running("source1")


def test_a_home_holds_from_the_start_on(heads: Heads, clock: ManualClock) -> None:
    write(Head(source="source1", home_pan=0.5, home_zoom=0.5))
    heads.look()
    assert heads.crop("source1", int(100e9)) == pytest.approx((0.75, 0.5, 0.5))


def test_a_stop_that_does_not_get_out_is_tried_again(heads: Heads, clock: ManualClock) -> None:
    heads.continuous("source1", Vector(zoom=1.0), 1.0, "")
    backend = heads.running("source1").backend
    tries: list[float] = []

    def stop(now_s: float) -> None:
        tries.append(now_s)
        if len(tries) < 3:
            raise DeviceError(Kind.UNAVAILABLE, "The line is dead.")

    backend.stop = stop  # type: ignore[method-assign]
    clock.advance(1.0)
    assert heads.end_what_is_over() == pytest.approx(0.5)
    clock.advance(0.5)
    heads.end_what_is_over()
    clock.advance(0.5)
    assert heads.end_what_is_over() is None
    assert len(tries) == 3


class DeadLine:
    """Takes commands while it is whole."""

    whole = True
    problem = ""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, data: bytes) -> None:
        if not self.whole:
            raise DeviceError(Kind.UNAVAILABLE, "The line is cut.", field="port")
        self.sent.append(data.hex(" "))

    def receive(self, wait_s: float) -> bytes:
        return b""

    def close(self) -> None:
        pass


STOP, HOME = "ff 01 00 00 00 00 01", "ff 01 00 07 00 20 28"


@pytest.fixture
def line(heads: Heads, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeadLine]:
    """Of source1, which is a head on a serial line."""
    made = DeadLine()
    monkeypatch.setattr(heads_module, "SerialLine", lambda *_: made)
    write(Head(source="source1", backend="pelco_d"))
    heads.running("source1")
    assert made.sent == [STOP]  # whoever was here before may have been killed while it turned
    made.sent = []
    yield made
    heads.stop()


def test_a_head_that_cannot_be_stopped_is_tried_for_as_long_as_it_takes(
    heads: Heads, clock: ManualClock, line: DeadLine
) -> None:
    heads.continuous("source1", Vector(pan=1.0), 1.0, "")
    line.whole, line.sent = False, []
    clock.advance(1.0)
    for _ in range(100):
        wait_s = heads.end_what_is_over()
        assert wait_s is not None
        clock.advance(wait_s)
    assert wait_s == pytest.approx(5.0)
    line.whole = True
    assert heads.end_what_is_over() is None
    assert (line.sent, heads.position("source1")) == ([STOP], (None, False))


def test_a_stop_that_somebody_asked_for_is_tried_again_soon(
    heads: Heads, clock: ManualClock, line: DeadLine
) -> None:
    heads.continuous("source1", Vector(pan=1.0), 60.0, "")
    line.whole, line.sent = False, []
    with pytest.raises(DeviceError, match="The line is cut"):
        heads.halt("source1")
    assert heads.end_what_is_over() == pytest.approx(0.5)
    line.whole = True
    clock.advance(0.5)
    assert heads.end_what_is_over() is None
    assert line.sent == [STOP]


def test_a_head_that_turns_is_stopped_before_it_goes_home(heads: Heads, line: DeadLine) -> None:
    heads.continuous("source1", Vector(pan=1.0), 60.0, "")
    line.sent = []
    heads.home("source1")
    assert line.sent == [STOP, HOME]
    assert not heads.position("source1")[1]


def test_the_main_stream_is_whole_where_it_is_passed_through(heads: Heads) -> None:
    write(Head(source="passed", backend="digital"))
    assert heads.leaves_main_whole("passed")
    assert not heads.leaves_main_whole("source1")


def test_whatever_a_stop_fails_with_it_is_tried_again(heads: Heads, clock: ManualClock) -> None:
    heads.continuous("source1", Vector(zoom=1.0), 1.0, "")
    backend = heads.running("source1").backend
    stop = backend.stop
    backend.stop = lambda now_s: {}[now_s]  # type: ignore[method-assign]
    clock.advance(1.0)
    assert heads.end_what_is_over() == pytest.approx(0.5)
    backend.stop = stop  # type: ignore[method-assign]
    clock.advance(0.5)
    assert heads.end_what_is_over() is None
    assert not heads.position("source1")[1]


class ViscaLine(DeadLine):
    """says: to each command that is sent from now on."""

    says = "90 41 ff 90 51 ff" * 2

    def __init__(self) -> None:
        super().__init__()
        self._said = b""

    def send(self, data: bytes) -> None:
        super().send(data)
        self._said = bytes.fromhex(self.says)

    def receive(self, wait_s: float) -> bytes:
        said, self._said = self._said, b""
        return said


VISCA_STOP = "81 01 06 01 01 01 03 03 ff 81 01 04 07 00 ff"


@pytest.fixture
def visca(heads: Heads, monkeypatch: pytest.MonkeyPatch) -> Iterator[ViscaLine]:
    made = ViscaLine()
    monkeypatch.setattr(heads_module, "SerialLine", lambda *_: made)
    monkeypatch.setattr(heads_module, "DeadMan", lambda *_: None)
    write(Head(source="source1", backend="visca"))
    heads.running("source1")
    made.sent = []
    yield made
    made.says = ViscaLine.says
    heads.stop()


def test_a_move_that_the_head_refuses_is_an_error_and_stopped(
    heads: Heads, visca: ViscaLine
) -> None:
    visca.says = "90 61 41 ff" * 2
    heads.continuous("source1", Vector(pan=1.0), 60.0, "")
    with pytest.raises(DeviceError, match="The head refuses this just now") as refused:
        heads.refuse("source1")
    assert refused.value.kind is Kind.CONFLICT
    assert visca.sent[1:] == [VISCA_STOP]
    assert heads.position("source1")[1] is False


def test_a_stop_that_the_head_does_not_take_is_told_again(
    heads: Heads, visca: ViscaLine, clock: ManualClock
) -> None:
    heads.continuous("source1", Vector(pan=1.0), 1.0, "")
    heads.refuse("source1")
    visca.sent, visca.says = [], "90 60 03 ff" * 2
    clock.advance(1.0)
    assert heads.end_what_is_over() == pytest.approx(0.3)
    visca.says = ViscaLine.says
    clock.advance(0.3)
    heads.end_what_is_over()
    clock.advance(0.3)
    assert heads.end_what_is_over() is None
    assert visca.sent == [VISCA_STOP] * 2


def test_a_head_that_never_takes_its_stop_is_not_told_for_ever(
    heads: Heads, visca: ViscaLine, clock: ManualClock
) -> None:
    heads.continuous("source1", Vector(pan=1.0), 60.0, "")
    visca.sent, visca.says = [], "90 60 03 ff" * 2
    heads.halt("source1")
    for _ in range(20):
        clock.advance(0.5)
        heads.end_what_is_over()
    assert visca.sent == [VISCA_STOP] * 6
