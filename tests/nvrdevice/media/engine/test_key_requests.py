"""Key frames are forced at most once a second, and no request is lost."""

from datetime import UTC, datetime

import pytest

from nvrdevice.lib.clock import ManualClock
from nvrdevice.media.engine.key_requests import KeyRequests


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 1, 1, tzinfo=UTC))


def test_the_first_is_forced_at_once(clock: ManualClock) -> None:
    assert KeyRequests(clock).ask() == 0.0


def test_an_early_one_waits_until_the_second_is_over(clock: ManualClock) -> None:
    requests = KeyRequests(clock)
    requests.ask()
    requests.forced()
    clock.advance(0.25)
    assert requests.ask() == 0.75


def test_while_one_is_on_its_way_no_other_is_needed(clock: ManualClock) -> None:
    requests = KeyRequests(clock)
    assert (requests.ask(), requests.ask()) == (0.0, None)


def test_after_the_second_it_is_forced_at_once_again(clock: ManualClock) -> None:
    requests = KeyRequests(clock)
    requests.ask()
    requests.forced()
    clock.advance(1.5)
    assert requests.ask() == 0.0
