"""Who counts as one client, and how many connections it may have."""

import pytest

from nvrdevice.management.web_server.limits import Limits
from nvrdevice.management.web_server.seats import Seats, address_key

LIMITS = Limits(connections=4, connections_per_address=2)


def test_one_address_has_its_limit_and_others_are_served() -> None:
    seats = Seats(LIMITS)
    taken = [
        seats.take(address) for address in ("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2")
    ]
    assert taken == [True, True, False, True]


def test_a_seat_left_is_free_again() -> None:
    seats = Seats(LIMITS)
    seats.take("192.0.2.1")
    seats.take("192.0.2.1")
    seats.leave("192.0.2.1")
    assert (seats.take("192.0.2.1"), seats.taken) == (True, 2)


def test_loopback_has_only_the_limit_of_all() -> None:
    seats = Seats(LIMITS)
    assert [seats.take("127.0.0.1") for _ in range(5)] == [True, True, True, True, False]


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::"),
        ("2001:db8::ffff:2", "2001:db8::"),
        ("fe80::1%eth0", "fe80::1"),
        ("::1", "::1"),
    ],
)
def test_what_counts_as_one_address(address: str, key: str) -> None:
    assert address_key(address) == key
