"""Time lines without gaps, without the future, and evenly thinned out."""

import itertools

from nvrdevice.media.engine.pacing import CameraTimeline, Decimation, LoopTimeline

MS = 1_000_000
S = 1_000_000_000


def test_a_loop_goes_on_where_the_clip_ended() -> None:
    line = LoopTimeline(7 * S, fps=25.0)
    first = [line.place(pts * 40 * MS) for pts in range(3)]
    line.loop()
    second = [line.place(pts * 40 * MS) for pts in range(3)]
    assert first + second == [7 * S + number * 40 * MS for number in range(6)]


def test_a_clip_need_not_begin_at_zero() -> None:
    line = LoopTimeline(0, fps=10.0)
    assert [line.place(3600 * S), line.place(3600 * S + 100 * MS)] == [0, 100 * MS]


def test_lost_time_is_given_up() -> None:
    line = LoopTimeline(0, fps=10.0)
    line.place(0)
    line.catch_up(5 * S)
    assert line.place(100 * MS) == 5 * S + 100 * MS


def test_a_camera_keeps_its_own_distances_though_they_come_unevenly() -> None:
    line = CameraTimeline()
    arrivals = [0, 47, 81, 135, 160]
    placed = [line.place(n * 40 * MS, at * MS) for n, at in enumerate(arrivals)]
    assert placed == [0, 40 * MS, 80 * MS, 120 * MS, 160 * MS]


def test_no_picture_is_placed_in_the_future() -> None:
    line = CameraTimeline()
    line.place(0, 0)
    assert line.place(400 * MS, 100 * MS) == 100 * MS


def test_a_step_of_the_cameras_clock_is_taken_out() -> None:
    line = CameraTimeline()
    line.place(3600 * S, 10 * S)
    assert line.place(40 * MS, 10 * S + 40 * MS) == 10 * S + 40 * MS


def test_what_the_cameras_clock_falls_behind_is_taken_out_seldom() -> None:
    line = CameraTimeline()
    step, slow = 1000 * MS, 1010 * MS  # one percent
    lateness = [number * slow - line.place(number * step, number * slow) for number in range(40)]
    assert max(lateness) < 230 * MS
    assert sum(later < late for late, later in itertools.pairwise(lateness)) == 2


def test_equal_times_are_told_apart() -> None:
    line = CameraTimeline()
    assert line.place(0, 100) != line.place(0, 100)


def test_ten_of_twenty_five() -> None:
    decimation = Decimation(10.0)
    assert sum(decimation.admits(n * 40 * MS) for n in range(250)) == 100


def test_a_slower_source_is_let_through_whole() -> None:
    decimation = Decimation(8.0)
    assert [decimation.admits(n * 200 * MS) for n in range(10)] == [True] * 10


def test_after_a_pause_there_is_no_burst() -> None:
    decimation = Decimation(10.0)
    for n in range(10):
        decimation.admits(n * 40 * MS)
    late = [10 * S + n * 40 * MS for n in range(25)]
    assert sum(decimation.admits(at) for at in late) <= 12
