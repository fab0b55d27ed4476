"""Slowing down: who waits, how long, and who does not."""

from nvrdevice.accounts import networks
from nvrdevice.accounts.slow_down import (
    ADDRESS_FREE,
    ADDRESSES_KEPT,
    FORGET_S,
    MAX_WAIT_S,
    PAIR_FREE,
    PAIRS_KEPT,
    SlowDown,
)

HERE, THERE = "192.168.1.66", "192.168.1.10"


def fail(slow: SlowDown, times: int, *, user: str = "vera", at: str = HERE, now: float = 0) -> None:
    for _ in range(times):
        slow.failed(user, at, now)


def test_the_first_failures_are_free() -> None:
    slow = SlowDown()
    fail(slow, PAIR_FREE)
    assert slow.wait_s("vera", HERE, 0) == 0


def test_waits_double_up_to_half_a_minute_and_no_further() -> None:
    slow = SlowDown()
    fail(slow, PAIR_FREE)
    waits = []
    for _ in range(8):
        fail(slow, 1)
        waits.append(slow.wait_s("vera", HERE, 0))
    assert waits == [1, 2, 4, 8, 16, MAX_WAIT_S, MAX_WAIT_S, MAX_WAIT_S]


def test_a_wait_ends() -> None:
    slow = SlowDown()
    fail(slow, 1000)
    assert slow.wait_s("vera", HERE, MAX_WAIT_S) == 0


def test_another_address_does_not_wait() -> None:
    slow = SlowDown()
    fail(slow, 1000)
    assert slow.wait_s("vera", THERE, 0) == 0


def test_another_user_at_the_address_waits_only_after_many_failures() -> None:
    slow = SlowDown()
    fail(slow, ADDRESS_FREE)
    assert slow.wait_s("otto", HERE, 0) == 0
    fail(slow, 1)
    assert slow.wait_s("otto", HERE, 0) == 1


def test_trying_many_names_slows_the_address() -> None:
    slow = SlowDown()
    for number in range(ADDRESS_FREE + 10):
        fail(slow, 1, user=f"u{number}")
    assert slow.wait_s("never-tried", HERE, 0) == MAX_WAIT_S


def test_who_signed_in_before_does_not_wait_for_the_address() -> None:
    slow = SlowDown()
    slow.succeeded("otto", HERE, 0)
    fail(slow, 1000)
    assert slow.wait_s("otto", HERE, 0) == 0


def test_a_success_forgives_the_user_but_not_the_address() -> None:
    slow = SlowDown()
    fail(slow, 1000)
    assert slow.succeeded("vera", HERE, 40) is True
    fail(slow, 1, now=41)
    assert slow.wait_s("vera", HERE, 41) == 0
    assert slow.wait_s("otto", HERE, 41) == MAX_WAIT_S


def test_a_quiet_quarter_of_an_hour_forgives_all() -> None:
    slow = SlowDown()
    fail(slow, 1000)
    later = FORGET_S + 1
    fail(slow, 1, now=later)
    assert slow.wait_s("vera", HERE, later) == 0


def test_tables_are_bounded() -> None:
    slow = SlowDown()
    for number in range(PAIRS_KEPT * 2):
        slow.failed(f"u{number}", HERE, 0)
    assert len(slow._addresses[HERE].pairs) == PAIRS_KEPT
    for number in range(ADDRESSES_KEPT + 10):
        slow.failed("vera", f"address-{number}", 0)
    assert len(slow._addresses) == ADDRESSES_KEPT


def test_one_host_of_ipv6_counts_as_one() -> None:
    assert networks.one_client("2001:db8::1") == networks.one_client("2001:db8::ffff:2")
    assert networks.one_client("2001:db8::1") != networks.one_client("2001:db8:0:1::1")
    assert networks.one_client("::ffff:192.168.1.5") == "192.168.1.5"
    assert networks.one_client("fe80::1%eth0") == networks.one_client("fe80::1")
