"""Start after two moving pictures, end after quiet, silence or loss."""

from nvrdevice.motion.alarm import SILENCE_S, Alarm

HOLD_S = 1.0


def seen(alarm: Alarm, moving: bool, now_s: float) -> bool:
    return alarm.see(moving=moving, now_s=now_s, hold_s=HOLD_S)


def started() -> Alarm:
    alarm = Alarm()
    seen(alarm, True, 0.0)
    assert seen(alarm, True, 0.1) is True
    return alarm


def test_one_moving_picture_is_not_enough() -> None:
    alarm = Alarm()
    assert (seen(alarm, True, 0.0), alarm.active) == (False, False)


def test_two_in_a_row_start_motion() -> None:
    assert started().active is True


def test_two_that_are_not_in_a_row_do_not() -> None:
    alarm = Alarm()
    changes = [seen(alarm, moving, at) for at, moving in enumerate((True, False, True, False))]
    assert (changes, alarm.active) == ([False] * 4, False)


def test_motion_is_told_once() -> None:
    alarm = started()
    assert [seen(alarm, True, 0.2 + step / 10) for step in range(5)] == [False] * 5


def test_a_short_pause_does_not_end_it() -> None:
    alarm = started()
    assert (seen(alarm, False, 0.9), alarm.active) == (False, True)


def test_quiet_for_the_hold_ends_it() -> None:
    alarm = started()
    seen(alarm, False, 0.9)
    assert (seen(alarm, False, 1.2), alarm.active) == (True, False)


def test_a_single_moving_picture_prolongs_it() -> None:
    alarm = started()
    seen(alarm, True, 1.0)
    assert (seen(alarm, False, 1.9), alarm.active) == (False, True)


def test_the_hold_runs_out_between_pictures() -> None:
    alarm = started()
    assert (alarm.look(now_s=1.2, hold_s=HOLD_S), alarm.active) == (True, False)


def test_silence_of_the_source_ends_it_whatever_the_hold() -> None:
    alarm = started()
    assert alarm.look(now_s=SILENCE_S, hold_s=60) is False
    assert (alarm.look(now_s=SILENCE_S + 0.2, hold_s=60), alarm.active) == (True, False)


def test_a_lost_source_ends_it_at_once() -> None:
    alarm = started()
    assert (alarm.lose(), alarm.active) == (True, False)


def test_losing_a_quiet_source_changes_nothing() -> None:
    assert Alarm().lose() is False


def test_after_a_loss_two_pictures_are_needed_again() -> None:
    alarm = started()
    alarm.lose()
    assert seen(alarm, True, 5.0) is False
    assert seen(alarm, True, 5.1) is True
