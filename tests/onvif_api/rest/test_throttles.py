"""Each role has so many requests a minute, then waits as long as it is told."""

import json
from datetime import UTC, datetime

import pytest

from nvrdevice.accounts.book import Account
from nvrdevice.accounts.levels import Level
from nvrdevice.lib.clock import ManualClock
from onvif_api.rest import throttles
from onvif_api.rest.errors import RestError
from onvif_api.rest.throttles import BUCKETS_KEPT, PER_MINUTE, Throttle
from tests.onvif_api.rest.rest_client import Rest

NOW = datetime(2026, 1, 2, tzinfo=UTC)
HERE = "192.168.1.9"


def account(level: Level, name: str = "somebody") -> Account | None:
    if level is Level.ANONYMOUS:
        return None
    return Account(name, level, onvif_access=True, must_change_password=False, user_id=1)


@pytest.mark.parametrize("level", Level)
def test_a_minutes_worth_is_let_through_at_once(level: Level) -> None:
    throttle = Throttle(ManualClock(NOW))
    for _ in range(PER_MINUTE[level]):
        throttle.take(account(level), HERE)
    with pytest.raises(RestError) as refused:
        throttle.take(account(level), HERE)
    assert (refused.value.status, refused.value.code) == (429, "throttled")


def test_who_waits_as_told_is_let_through() -> None:
    clock = ManualClock(NOW)
    throttle = Throttle(clock)
    with pytest.raises(RestError) as refused:
        for _ in range(PER_MINUTE[Level.USER] + 1):
            throttle.take(account(Level.USER), HERE)
    clock.advance(refused.value.wait_s)
    throttle.take(account(Level.USER), HERE)


def test_one_users_flood_is_not_another_users() -> None:
    throttle = Throttle(ManualClock(NOW))
    with pytest.raises(RestError):
        for _ in range(PER_MINUTE[Level.USER] + 1):
            throttle.take(account(Level.USER, "noisy"), HERE)
    throttle.take(account(Level.USER, "quiet"), HERE)
    throttle.take(None, HERE)


def test_strangers_of_many_addresses_take_no_more_memory_than_a_bound() -> None:
    throttle = Throttle(ManualClock(NOW))
    for number in range(BUCKETS_KEPT + 100):
        throttle.take(None, f"203.0.{number // 256}.{number % 256}")
    assert len(throttle._buckets) == BUCKETS_KEPT


def test_rest_answers_429_with_the_time_to_wait(rest: Rest) -> None:
    throttles.use(Throttle(ManualClock(NOW)))
    for _ in range(PER_MINUTE[Level.USER]):
        assert rest.ask("GET", "/events/pull", as_="viewer").status_code == 200
    answer = rest.ask("GET", "/events/pull", as_="viewer")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert json.loads(answer.content)["error"]["code"] == "throttled"
    assert rest.ask("GET", "/events/pull", as_="operator").status_code == 200
