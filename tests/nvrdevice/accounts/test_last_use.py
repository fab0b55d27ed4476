"""When somebody last came in: by face, at most once a minute, without waiting for the disk."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nvrdevice.accounts import last_use, users
from nvrdevice.accounts.users import NewUser
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import ManualClock

START = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    last_use.forget()
    yield
    last_use.forget()


@pytest.fixture
def vera(transactional_db: None) -> None:
    users.create(NewUser("vera", "vera-secret", ("viewer",)), by=Actor("tests", "", "cli"))


def faces() -> list[datetime | None]:
    (vera,) = users.list_users()
    return [vera.last_web, vera.last_onvif, vera.last_rtsp, vera.last_rest]


def test_each_face_has_its_own(vera: None) -> None:
    clock = ManualClock(START)
    for protocol in ("web", "soap", "rtsp", "rest"):
        last_use.note("vera", protocol, clock)
        clock.advance(1)
    last_use.flush()
    assert faces() == [START.replace(second=second) for second in range(4)]


def test_within_a_minute_nothing_is_written(vera: None) -> None:
    clock = ManualClock(START)
    last_use.note("vera", "soap", clock)
    last_use.flush()
    clock.advance(59)
    last_use.note("vera", "soap", clock)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        last_use.flush()
    assert len(queries) == 0
    assert faces()[1] == START
    clock.advance(1)
    last_use.note("vera", "soap", clock)
    last_use.flush()
    assert faces()[1] == START.replace(minute=1)


def test_a_protocol_that_is_no_face_is_not_noted(vera: None) -> None:
    last_use.note("vera", "cli", ManualClock(START))
    last_use.flush()
    assert faces() == [None] * 4
