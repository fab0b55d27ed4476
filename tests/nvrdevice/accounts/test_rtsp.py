"""RTSP goes through the same gate as every other face, and all processes count together."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

from nvrdevice import clients
from nvrdevice.accounts import REALM, gate, hearsay, http_digest, rtsp, users
from nvrdevice.accounts.refusals import Reason, Refused
from nvrdevice.accounts.slow_down import ADDRESS_FREE, PAIR_FREE, SlowDown
from nvrdevice.accounts.users import Change
from nvrdevice.clients.book import Book
from nvrdevice.lib import home
from nvrdevice.lib.clock import ManualClock
from tests.nvrdevice.accounts.conftest import BY

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HERE, THERE = "192.168.1.66", "192.168.1.20"
URI = "rtsp://192.168.1.9:8554/profile1"


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def header(password: str = "vera-secret", name: str = "vera", method: str = "DESCRIBE") -> str:
    response = md5(f"{md5(f'{name}:{REALM}:{password}')}:n0nce:{md5(f'{method}:{URI}')}")
    return (
        f'Digest username="{name}", realm="{REALM}", nonce="n0nce", uri="{URI}", '
        f'response="{response}"'
    )


def why(clock: ManualClock, sent: str, *, address: str = HERE) -> Reason | None:
    try:
        rtsp.check(sent, "DESCRIBE", address=address, clock=clock)
    except Refused as refused:
        return refused.reason
    return None


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What other processes are told."""
    said: list[list[str]] = []
    monkeypatch.setattr(home.line(), "say", lambda about, content: said.append(content))
    hearsay._told.clear()
    return said


def test_the_right_answer_gets_in(people: None, clock: ManualClock) -> None:
    assert rtsp.check(header(), "DESCRIBE", address=HERE, clock=clock).username == "vera"


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (header("wrong"), Reason.WRONG_PASSWORD),
        (header(name="nobody"), Reason.UNKNOWN_USER),
        (header(method="PLAY"), Reason.WRONG_PASSWORD),
        (header() + ", username*=UTF-8''bob", Reason.MALFORMED),
        ("Basic dmVyYTp2ZXJh", Reason.MALFORMED),
        ("Digest", Reason.MALFORMED),
        ("", Reason.MALFORMED),
    ],
)
def test_everything_else_is_refused(
    people: None, clock: ManualClock, sent: str, reason: Reason
) -> None:
    assert why(clock, sent) is reason


def test_without_onvif_access_it_says_so_to_the_device(people: None, clock: ManualClock) -> None:
    users.update(Change("vera", onvif_access=False), by=BY)
    assert why(clock, header()) is Reason.NO_ONVIF_ACCESS


def test_wrong_answers_slow_down_here_and_nowhere_else(people: None, clock: ManualClock) -> None:
    for _ in range(PAIR_FREE + 1):
        assert why(clock, header("wrong")) is Reason.WRONG_PASSWORD
    assert why(clock, header()) is Reason.SLOWED_DOWN
    assert why(clock, header(), address=THERE) is None


def test_malformed_answers_are_no_guesses(people: None, clock: ManualClock) -> None:
    for _ in range(100):
        why(clock, "Digest nonsense")
    assert why(clock, header()) is None


def test_soap_and_rtsp_count_together(people: None, clock: ManualClock) -> None:
    for _ in range(PAIR_FREE + 1):
        why(clock, header("wrong"))
    with pytest.raises(Refused) as refused:
        http_digest.verify(header(), "POST", URI, address=HERE, clock=clock)
    assert refused.value.reason is Reason.SLOWED_DOWN


def guess_names(clock: ManualClock) -> None:
    for number in range(ADDRESS_FREE + 1):
        why(clock, header(name=f"user{number}"))


def test_an_address_that_guesses_is_turned_away_at_connect(
    people: None, clock: ManualClock
) -> None:
    assert gate.address_wait_s(HERE, clock) == 0
    guess_names(clock)
    assert gate.address_wait_s(HERE, clock) == 1
    assert gate.address_wait_s(f"::ffff:{HERE}", clock) == 1
    assert gate.address_wait_s(THERE, clock) == 0
    clock.advance(1)
    assert gate.address_wait_s(HERE, clock) == 0


def test_an_nvr_beside_the_guesser_still_gets_through(people: None, clock: ManualClock) -> None:
    assert why(clock, header()) is None
    guess_names(clock)
    assert gate.address_wait_s(HERE, clock) == 0
    assert why(clock, header()) is None


def test_a_refusal_is_noted_for_the_pages(people: None, clock: ManualClock) -> None:
    book = Book(None)
    clients.use(book)
    why(clock, header("wrong"))
    why(clock, header("wrong"))
    (found,) = book.ledger.refusals(NOW.timestamp())
    clients.use(Book(None))
    assert (found.address, found.username, found.protocol, found.reason, found.count) == (
        HERE,
        "vera",
        "rtsp",
        "WRONG_PASSWORD",
        2,
    )


def test_other_processes_are_told(people: None, clock: ManualClock, told: Any) -> None:
    why(clock, header("wrong"))
    why(clock, header())
    why(clock, header())  # comes with every request: told once
    assert told == [["failed", "vera", HERE], ["right", "vera", HERE]]


def test_what_is_heard_counts_as_if_seen(clock: ManualClock) -> None:
    slow = SlowDown()
    hearsay.listen(lambda: slow, clock.monotonic_s)
    hear = home.line()._hear[hearsay.ABOUT]
    for _ in range(PAIR_FREE + 1):
        hear(["failed", "vera", HERE])
    assert slow.wait_s("vera", HERE, 0) == 1
    hear(["right", "vera", HERE])
    assert slow.wait_s("vera", HERE, 0) == 0
