"""What the faces call: answers of the device process, refusals, audit rows."""

from collections.abc import Iterator

import pytest

from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.digital_io import channels
from nvrdevice.digital_io.board import Board
from nvrdevice.lib.answering import Answering
from nvrdevice.lib.errors import DeviceError, Kind

pytestmark = pytest.mark.django_db(transaction=True)

BY = Actor("oscar", "192.168.1.20", "rest")


@pytest.fixture
def device_process() -> Iterator[Board]:
    board = Board()
    answering = Answering(channels.BOARD, board.handlers())
    answering.start()
    yield board
    answering.stop()


def audit() -> list[tuple[str, str, object]]:
    return list(AuditRow.objects.order_by("id").values_list("action", "object", "after"))


def test_an_input_is_raised_by_the_device_process(device_process: Board) -> None:
    assert channels.set_state("input", 1, active=True, by=BY)
    assert [(one.token, one.state, one.kind) for one in channels.everything()][:2] == [
        ("input1", True, "virtual"),
        ("input2", False, "virtual"),
    ]
    assert audit() == [("set digital input", "input1", True)]


def test_a_pulse(device_process: Board) -> None:
    assert channels.pulse(3, by=BY)
    assert audit() == [("pulse digital output", "output3", True)]


def test_a_refusal_leaves_no_audit_row(device_process: Board) -> None:
    with pytest.raises(DeviceError, match="There is no digital input 7") as refused:
        channels.set_state("input", 7, active=True, by=BY)
    assert refused.value.kind is Kind.MISSING
    assert audit() == []


def test_without_the_device_process_nothing_is_switched() -> None:
    with pytest.raises(DeviceError, match="so inputs and outputs cannot be switched") as refused:
        channels.set_state("output", 1, active=True, by=BY)
    assert refused.value.kind is Kind.UNAVAILABLE
    assert "The device process is not running" in channels.everything()[0].problem


def test_settings_of_a_channel() -> None:
    channels.change("output", 2, {"name": "Horn", "mode": "monostable", "delay_s": 5.0}, by=BY)
    found = channels.find("output", 2)
    assert (found.name, found.state) == ("Horn", False)
    assert AuditRow.objects.get().action == "set up digital output"


def test_a_pin_belongs_to_one_channel() -> None:
    channels.change("input", 1, {"pin": 17, "name": "Door"}, by=BY)
    with pytest.raises(DeviceError, match="Pin 17 belongs to Door already") as refused:
        channels.change("output", 1, {"pin": 17}, by=BY)
    assert refused.value.kind is Kind.CONFLICT


@pytest.mark.parametrize("field", ["state", "channel_id", "direction"])
def test_what_settings_do_not_change(field: str) -> None:
    with pytest.raises(DeviceError) as refused:
        channels.change("input", 1, {field: 1}, by=BY)
    assert refused.value.field == field
