"""Half-open tunnels are few and short-lived; whole ones and plain RTSP are not concerned."""

from datetime import UTC, datetime

import pytest

from nvrdevice.lib.clock import ManualClock
from nvrdevice.media.engine.half_tunnels import (
    GIVE_WAY_S,
    LIMIT,
    PER_ADDRESS_LIMIT,
    WAIT_S,
    HalfTunnels,
)

NEAR = "192.0.2.1"


class FakeConnection:
    is_closed = False
    dropped = False

    def closed(self) -> bool:
        return self.is_closed

    def drop(self) -> None:
        self.dropped = True


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def halves(clock: ManualClock) -> HalfTunnels:
    return HalfTunnels(clock)


def get(cookie: object) -> bytes:
    return f"GET /profile1 HTTP/1.0\r\nx-sessioncookie: {cookie}\r\n\r\n".encode()


def post(cookie: object) -> bytes:
    return f"POST /profile1 HTTP/1.0\r\nX-SessionCookie:{cookie}\r\n\r\nAAAA".encode()


@pytest.mark.parametrize("order", [(get, post), (post, get)])
def test_two_halves_are_a_tunnel(
    halves: HalfTunnels, clock: ManualClock, order: tuple[object, ...]
) -> None:
    both = [FakeConnection(), FakeConnection()]
    for half, connection in zip(order, both, strict=True):
        assert callable(half)
        halves.came(half("a"), NEAR, connection)
    clock.advance(WAIT_S)
    assert (halves.waiting, halves.sweep()) == (0, 0)
    assert [one.dropped for one in both] == [False, False]


def test_half_a_tunnel_is_dropped_in_time(halves: HalfTunnels, clock: ManualClock) -> None:
    connection = FakeConnection()
    halves.came(get("a"), NEAR, connection)
    clock.advance(WAIT_S - 1)
    assert (halves.sweep(), connection.dropped) == (0, False)
    clock.advance(1)
    assert (halves.sweep(), connection.dropped, halves.waiting) == (1, True, 0)


def test_a_tunnel_may_change_its_post(halves: HalfTunnels, clock: ManualClock) -> None:
    halves.came(get("a"), NEAR, FakeConnection())
    halves.came(post("a"), NEAR, FakeConnection())
    second = FakeConnection()
    assert halves.make_room(post("a"), NEAR)
    halves.came(post("a"), NEAR, second)
    clock.advance(WAIT_S)
    assert (halves.sweep(), second.dropped) == (0, False)


def test_a_post_for_a_tunnel_that_ended_is_half_a_tunnel(halves: HalfTunnels) -> None:
    ended = FakeConnection()
    halves.came(get("a"), NEAR, ended)
    halves.came(post("a"), NEAR, FakeConnection())
    ended.is_closed = True
    halves.sweep()
    halves.came(post("a"), NEAR, FakeConnection())
    assert halves.waiting == 1


def test_a_second_get_with_one_cookie_ends_the_first(halves: HalfTunnels) -> None:
    first, second = FakeConnection(), FakeConnection()
    halves.came(get("a"), NEAR, first)
    halves.came(get("a"), NEAR, second)
    assert (first.dropped, second.dropped, halves.waiting) == (True, False, 1)


def test_one_address_has_its_bound_and_others_are_served(halves: HalfTunnels) -> None:
    for number in range(PER_ADDRESS_LIMIT):
        assert halves.make_room(get(number), NEAR)
        halves.came(get(number), NEAR, FakeConnection())
    assert not halves.make_room(get("more"), NEAR)
    assert halves.make_room(post(0), NEAR)
    assert halves.make_room(b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n", NEAR)
    assert halves.make_room(get("more"), "192.0.2.2")


def test_all_together_have_their_bound(halves: HalfTunnels) -> None:
    for number in range(LIMIT):
        halves.came(get(number), f"192.0.2.{number}", FakeConnection())
    assert not halves.make_room(get("more"), "198.51.100.1")


def test_the_oldest_makes_room_when_it_had_its_time(
    halves: HalfTunnels, clock: ManualClock
) -> None:
    connections = [FakeConnection() for _ in range(LIMIT)]
    for number, connection in enumerate(connections):
        halves.came(get(number), f"192.0.2.{number}", connection)
        clock.advance(GIVE_WAY_S if number == 0 else 0)
    assert halves.make_room(get("more"), "198.51.100.1")
    assert [one.dropped for one in connections] == [True] + [False] * (LIMIT - 1)
    assert halves.waiting == LIMIT - 1


def test_plain_rtsp_is_not_counted(halves: HalfTunnels) -> None:
    halves.came(b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n", NEAR, FakeConnection())
    assert halves.waiting == 0


def test_a_cookie_beyond_the_head_is_none(halves: HalfTunnels) -> None:
    first = b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\nx-sessioncookie: a"
    halves.came(first, NEAR, FakeConnection())
    assert halves.waiting == 0
