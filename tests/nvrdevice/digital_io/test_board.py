"""The board: virtual channels and pins, events in order, pulses, restarts and the owner's file."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from gpiozero.pins.mock import MockFactory, MockPin

from nvrdevice import state
from nvrdevice.digital_io import board as board_module
from nvrdevice.digital_io import filing
from nvrdevice.digital_io.backends.gpio import Pins
from nvrdevice.digital_io.board import Board
from nvrdevice.digital_io.settings import DigitalChannels, DigitalInput, DigitalOutput
from nvrdevice.events import journal
from nvrdevice.events.models import Event
from nvrdevice.lib.clock import ManualClock
from nvrdevice.lib.errors import DeviceError, Kind

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2026, 1, 1, tzinfo=UTC)
INPUT, RELAY = "tns1:Device/Trigger/DigitalInput", "tns1:Device/Trigger/Relay"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def pins() -> MockFactory:
    return MockFactory()


def set_up(inputs: tuple[DigitalInput, ...] = (), outputs: tuple[DigitalOutput, ...] = ()) -> None:
    wanted = DigitalChannels(digital_inputs=inputs, digital_outputs=outputs)
    state.update(DigitalChannels, lambda _: wanted)


def told(topic: str) -> list[tuple[str, str]]:
    found = Event.objects.filter(topic=topic).order_by("id")
    return [(one.operation, one.data["LogicalState"]) for one in found]


def states() -> dict[str, str]:
    return {next(iter(one.source.values())): one.data["LogicalState"] for one in journal.states()}


def in_file(config_dir: Path) -> dict[str, Any]:
    saved = yaml.safe_load((config_dir / "user.yaml").read_text())
    return {
        f"{one['direction']}{one['channel_id']}": one["state"]
        for one in (*saved["digital_inputs"], *saved["digital_outputs"])
    }


def test_four_inputs_and_four_outputs_are_told_at_the_start(clock: ManualClock) -> None:
    Board(clock=clock).turn()
    assert states() == {
        **{f"input{number}": "false" for number in (1, 2, 3, 4)},
        **{f"output{number}": "inactive" for number in (1, 2, 3, 4)},
    }


def test_a_virtual_input_is_raised_and_lowered(clock: ManualClock) -> None:
    board = Board(clock=clock)
    assert board.set("input", 2, active=True)
    assert not board.set("input", 2, active=False)
    assert [
        (one.source["InputToken"], one.operation, one.data["LogicalState"])
        for one in Event.objects.filter(topic=INPUT).order_by("id")
    ] == [("input2", "Initialized", "true"), ("input2", "Changed", "false")]


def test_a_channel_that_is_not_there(clock: ManualClock) -> None:
    for direction, number in (("input", 9), ("output", 9), ("relay", 1)):
        with pytest.raises(DeviceError) as refused:
            Board(clock=clock).set(direction, number, active=True)
        assert refused.value.kind is Kind.MISSING


def test_a_monostable_output_goes_off_by_itself(clock: ManualClock) -> None:
    set_up(outputs=(DigitalOutput(channel_id=1, name="Horn", mode="monostable", delay_s=3.0),))
    board = Board(clock=clock)
    board.turn()
    board.set("output", 1, active=True)
    assert board.turn() == 1.0
    clock.advance(2.5)
    assert board.turn() == 0.5
    clock.advance(0.5)
    board.turn()
    assert told(RELAY) == [
        ("Initialized", "inactive"),
        ("Changed", "active"),
        ("Changed", "inactive"),
    ]


def test_a_pulse_ends_also_on_a_bistable_output(clock: ManualClock) -> None:
    set_up(outputs=(DigitalOutput(channel_id=1, delay_s=0.2),))
    board = Board(clock=clock)
    board.set("output", 1, active=True, pulse=True)
    clock.advance(0.2)
    board.turn()
    assert told(RELAY) == [("Initialized", "active"), ("Changed", "inactive")]


def test_outputs_are_idle_after_a_restart_and_inputs_as_they_were(clock: ManualClock) -> None:
    board = Board(clock=clock)
    board.turn()
    board.set("input", 1, active=True)
    board.set("output", 1, active=True)
    board.turn()
    Board(clock=clock).turn()
    assert told(RELAY)[-1] == ("Changed", "inactive")
    assert (states()["input1"], states()["output1"]) == ("true", "inactive")


def test_the_owners_file_follows(clock: ManualClock, config_dir: Path) -> None:
    board = Board(clock=clock)
    board.turn()
    board.set("input", 3, active=True)
    board.turn()
    board.set("output", 4, active=True)
    board.turn()  # too soon after the last: the disk is spared
    assert (in_file(config_dir)["input3"], in_file(config_dir)["output4"]) == (True, False)
    clock.advance(filing.EACH_S)
    board.turn()
    assert in_file(config_dir)["output4"] is True


def test_an_input_that_was_not_filed_yet_is_as_the_journal_says(
    clock: ManualClock, config_dir: Path
) -> None:
    set_up(inputs=(DigitalInput(channel_id=1),))
    before = (datetime.now(UTC) - timedelta(hours=1)).timestamp()
    os.utime(config_dir / "user.yaml", (before, before))
    Board(clock=clock).set("input", 1, active=True)  # and then the power fails
    Board(clock=clock).turn()
    assert states() == {"input1": "true"}


def test_the_file_counts_at_the_start(clock: ManualClock) -> None:
    set_up(inputs=(DigitalInput(channel_id=1, state=True),))
    Board(clock=clock).turn()
    assert states() == {"input1": "true"}


def test_a_state_that_a_person_writes_into_the_file_counts(
    clock: ManualClock, config_dir: Path
) -> None:
    set_up((DigitalInput(channel_id=1),), (DigitalOutput(channel_id=1),))
    board = Board(clock=clock)
    board.turn()
    path = config_dir / "user.yaml"
    path.write_text(path.read_text().replace("state: false", "state: true"))
    board.turn()
    assert states() == {"input1": "true", "output1": "active"}


def test_a_channel_taken_out_of_the_settings_has_no_state(clock: ManualClock) -> None:
    Board(clock=clock).turn()
    set_up(inputs=(DigitalInput(channel_id=1),))
    Board(clock=clock).turn()
    assert states() == {"input1": "false"}


def test_a_contact_at_a_pin(clock: ManualClock, pins: MockFactory) -> None:
    set_up(inputs=(DigitalInput(channel_id=1, name="Door", pin=17, debounce_ms=50),))
    board = Board(clock=clock, pins=Pins(pins))
    board.turn()
    pins.pin(17).drive_low()  # closed
    board.turn()
    assert told(INPUT) == [("Initialized", "false")]
    clock.advance(0.05)
    board.turn()
    assert told(INPUT)[-1] == ("Changed", "true")


def test_a_contact_that_is_normally_closed(clock: ManualClock, pins: MockFactory) -> None:
    set_up(inputs=(DigitalInput(channel_id=1, pin=17, normal_state="closed", debounce_ms=0),))
    board = Board(clock=clock, pins=Pins(pins))
    board.turn()
    assert told(INPUT) == [("Initialized", "true")]  # nothing is connected
    pins.pin(17).drive_low()
    board.turn()
    assert told(INPUT)[-1] == ("Changed", "false")


def test_an_input_with_a_pin_cannot_be_set(clock: ManualClock, pins: MockFactory) -> None:
    set_up(inputs=(DigitalInput(channel_id=1, name="Door", pin=17),))
    with pytest.raises(DeviceError, match="Door follows the contact at pin 17") as refused:
        Board(clock=clock, pins=Pins(pins)).set("input", 1, active=True)
    assert refused.value.kind is Kind.CONFLICT


@pytest.mark.parametrize(("idle", "off", "on"), [("open", 0, 1), ("closed", 1, 0)])
def test_a_relay_at_a_pin(
    clock: ManualClock, pins: MockFactory, idle: str, off: int, on: int
) -> None:
    set_up(outputs=(DigitalOutput(channel_id=1, pin=22, idle_state=idle),))
    board = Board(clock=clock, pins=Pins(pins))
    board.turn()
    assert pins.pin(22).state == off
    board.set("output", 1, active=True)
    assert pins.pin(22).state == on


def test_a_pin_that_cannot_be_opened_says_so(clock: ManualClock, pins: MockFactory) -> None:
    set_up(
        inputs=(DigitalInput(channel_id=1, pin=17),),
        outputs=(DigitalOutput(channel_id=1, name="Gate", pin=17),),
    )
    board = Board(clock=clock, pins=Pins(pins))
    with pytest.raises(DeviceError, match="Pin 17 cannot be used") as refused:
        board.set("output", 1, active=True)
    assert refused.value.kind is Kind.UNAVAILABLE
    found = board.handlers()["states"]({}).values
    assert found["output1"]["kind"] == ""
    assert found["output1"]["problem"].startswith("Pin 17 cannot be used")


def test_new_settings_open_the_pin_anew(clock: ManualClock, pins: MockFactory) -> None:
    set_up(outputs=(DigitalOutput(channel_id=1, pin=22),))
    board = Board(clock=clock, pins=Pins(pins))
    board.turn()
    set_up(outputs=(DigitalOutput(channel_id=1, pin=23),))
    board.turn()
    board.set("output", 1, active=True)
    assert pins.pin(23).state == 1


class Taken(Exception):
    """As lgpio.error: of no family that gpiozero knows."""


class TakenPin(MockPin):
    """A pin that another program may take away."""

    taken = False

    def _get_state(self) -> Any:
        self._look()
        return super()._get_state()

    def _set_state(self, value: Any) -> None:
        self._look()
        super()._set_state(value)

    def _look(self) -> None:
        if type(self).taken:
            raise Taken("'GPIO busy'")


@pytest.fixture
def taking() -> Iterator[type[TakenPin]]:
    yield TakenPin
    TakenPin.taken = False


@pytest.fixture
def takeable(taking: type[TakenPin]) -> MockFactory:
    return MockFactory(pin_class=taking)


def test_a_pin_of_another_program_is_told_and_used_once_it_is_free(
    clock: ManualClock, takeable: MockFactory, taking: type[TakenPin]
) -> None:
    set_up(
        inputs=(DigitalInput(channel_id=1),),
        outputs=(DigitalOutput(channel_id=1, name="Gate", pin=22),),
    )
    taking.taken = True
    board = Board(clock=clock, pins=Pins(takeable))
    board.turn()
    with pytest.raises(
        DeviceError, match=r"Pin 22 cannot be used \('GPIO busy'\): another"
    ) as refused:
        board.set("output", 1, active=True)
    assert refused.value.kind is Kind.UNAVAILABLE
    assert board.handlers()["states"]({}).values["output1"]["kind"] == ""
    assert states() == {"input1": "false"}  # of the gate nothing is told
    board.set("input", 1, active=True)  # and the others go on
    taking.taken = False
    clock.advance(board_module.AGAIN_S)
    board.turn()
    assert board.set("output", 1, active=True)
    assert states() == {"input1": "true", "output1": "active"}


def test_a_pin_that_is_taken_away_is_no_longer_told_of(
    clock: ManualClock, takeable: MockFactory, taking: type[TakenPin]
) -> None:
    set_up(
        (DigitalInput(channel_id=1, pin=17), DigitalInput(channel_id=2)),
        (DigitalOutput(channel_id=1, pin=22, delay_s=1.0),),
    )
    board = Board(clock=clock, pins=Pins(takeable))
    board.turn()
    board.set("output", 1, active=True, pulse=True)
    taking.taken = True
    clock.advance(1.0)
    assert board.turn() > 0  # the end of the pulse is not tried for ever
    assert states() == {"input2": "false"}
    found = board.handlers()["states"]({}).values
    assert {name: one["kind"] for name, one in found.items()} == {
        "input1": "",
        "input2": "virtual",
        "output1": "",
    }
    assert found["input1"]["problem"].startswith("Pin 17 does not answer ('GPIO busy')")
    taking.taken = False
    clock.advance(board_module.AGAIN_S)
    board.turn()
    assert states() == {"input1": "false", "input2": "false", "output1": "inactive"}


def test_an_edge_that_nobody_told_of_is_seen(clock: ManualClock, pins: MockFactory) -> None:
    set_up(inputs=(DigitalInput(channel_id=1, pin=17, debounce_ms=0),))
    board = Board(clock=clock, pins=Pins(pins))
    board.turn()
    pins.pin(17).when_changed = None
    pins.pin(17).drive_low()
    board.turn()
    assert told(INPUT)[-1] == ("Changed", "true")
