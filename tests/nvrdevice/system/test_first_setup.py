"""The bookmark of the setup: it moves on, never back, and ends."""

from nvrdevice.system import first_setup


def test_a_device_that_is_set_up_has_none() -> None:
    assert first_setup.reached() == ""


def test_it_goes_on_with_the_step_after_the_one_that_is_done() -> None:
    first_setup.go_to("device")
    assert first_setup.pass_by("device") == "time"
    assert first_setup.reached() == "time"


def test_going_back_a_step_does_not_move_it_back() -> None:
    first_setup.go_to("camera")
    assert first_setup.pass_by("device") == "time"
    assert first_setup.reached() == "camera"


def test_after_the_last_step_there_is_none() -> None:
    first_setup.go_to("connect")
    assert first_setup.pass_by("connect") == ""
    assert first_setup.reached() == ""


def test_one_that_was_left_is_not_taken_up_by_a_step() -> None:
    first_setup.finish()
    first_setup.pass_by("time")
    assert first_setup.reached() == ""
