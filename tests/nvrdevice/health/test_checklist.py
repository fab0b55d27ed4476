"""The checklist of /connect/: each step says what happened, or in one sentence why not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nvrdevice import clients
from nvrdevice.accounts.refusals import Reason
from nvrdevice.clients import Book, Call, Journey, Refusal, journeys
from nvrdevice.health import checklist
from nvrdevice.health.checklist import Progress, Seen, Step
from nvrdevice.health.remedies import Remedy
from nvrdevice.lib.clock import ManualClock

NOW = 1_000.0
NVR = "192.168.1.20"
LATER = datetime(2026, 5, 4, 12, 10, tzinfo=UTC)


@pytest.fixture
def book() -> Iterator[Book]:
    made = Book(None)
    clients.use(made)
    yield made
    clients.use(Book(None))


def seen(steps: dict[str, float] | None = None, **more: object) -> Seen:
    journey = Journey(NVR, 0.0, NOW, username="nvr", steps=steps or {})
    return replace(Seen(now=NOW, journey=journey), **more)  # type: ignore[arg-type]


def refusal(reason: Reason, protocol: str = "soap", last: float = NOW, note: str = "") -> Refusal:
    return Refusal(NVR, "nvr", protocol, reason.name, note or reason.value, first=0, last=last)


def step(found: Seen, name: str) -> Step:
    return next(each for each in checklist.steps(found) if each.name == name)


def progress(found: Seen) -> list[str]:
    return [each.progress.value for each in checklist.steps(found)]


ALL = {
    journeys.SEARCHED: 1.0,
    journeys.ASKED_TIME: 2.0,
    journeys.SIGNED_IN: 3.0,
    journeys.ASKED_PROFILES: 4.0,
    journeys.ASKED_STREAM: 5.0,
    journeys.KNOCKED: 6.0,
    journeys.PLAYED: 6.0,
    journeys.SUBSCRIBED: 7.0,
}


def test_nobody_came_yet() -> None:
    found = Seen(now=NOW, journey=Journey("", 0.0, 0.0))
    assert progress(found) == ["off"] * 6


def test_all_steps_are_done() -> None:
    found = seen(ALL, subscribed_until=LATER)
    assert progress(found) == ["ok"] * 6
    assert checklist.is_complete(checklist.steps(found))


def test_who_came_by_the_address_was_found_too() -> None:
    found = step(seen({journeys.ASKED_TIME: 2.0}), "found")
    assert (found.progress, found.text) == (
        Progress.DONE,
        "It came straight to the address, without a search.",
    )


@pytest.mark.parametrize(
    ("reason", "why", "remedy"),
    [
        (Reason.WRONG_PASSWORD, "The password is wrong.", Remedy.USER),
        (Reason.UNKNOWN_USER, "There is no user of this name.", Remedy.ADD_USER),
        (Reason.NO_ONVIF_ACCESS, "This account is for the pages only.", Remedy.USER),
        (Reason.SWITCHED_OFF, "The account is switched off.", Remedy.USER),
        (
            Reason.WAITING_FOR_PASSWORD,
            "The account was imported, and its password is not known to ONVIF yet.",
            Remedy.USER,
        ),
        (Reason.PLAIN_TEXT, "It sent a readable password over plain HTTP.", Remedy.SECURITY),
        (Reason.SETUP_REQUIRED, "The first password was not changed yet.", Remedy.SETUP),
        (Reason.REPLAY, "It sent a message a second time.", Remedy.DIAGNOSTICS),
    ],
)
def test_a_refused_sign_in_says_why_and_where_the_cure_is(
    reason: Reason, why: str, remedy: Remedy
) -> None:
    found = step(seen({journeys.ASKED_TIME: 1.0}, refusals=(refusal(reason),)), "sign-in")
    assert (found.progress, found.text, found.remedy, found.username) == (
        Progress.FAILED,
        why,
        remedy,
        "nvr",
    )
    assert found.fix


def test_a_slow_down_says_until_when() -> None:
    found = step(
        seen(refusals=(refusal(Reason.SLOWED_DOWN),), slowed_until=LATER),
        "sign-in",
    )
    assert (found.progress, found.until) == (Progress.FAILED, LATER)


def test_what_was_refused_before_it_got_in_is_over() -> None:
    old = refusal(Reason.WRONG_PASSWORD, last=2.0)
    assert step(seen(ALL, refusals=(old,)), "sign-in").text == "Signed in as nvr."


def test_a_clock_outside_the_window_is_said_at_the_clock() -> None:
    found = seen({journeys.ASKED_TIME: 1.0}, refusals=(refusal(Reason.CLOCK_OFF),))
    found.journey.clock_off_s, found.journey.clock_at = 400.0, NOW
    clock, sign_in = step(found, "time"), step(found, "sign-in")
    assert (clock.progress, clock.remedy) == (Progress.FAILED, Remedy.TIME)
    assert clock.text == (
        "Its clock is 400 s ahead of this device's. More than 300 s are not allowed, so it "
        "cannot sign in."
    )
    assert (sign_in.progress, sign_in.text) == (
        Progress.WAITING,
        "It can sign in when the clocks agree.",
    )


def test_a_clock_60_s_off_inside_the_window_is_a_warning() -> None:
    found = seen(ALL)
    found.journey.clock_off_s, found.journey.clock_at = -60.2, NOW
    clock = step(found, "time")
    assert (clock.progress, clock.remedy) == (Progress.WARN, Remedy.TIME)
    assert clock.text.startswith("Its clock is 60 s behind this device's. It gets in, but")


def test_a_role_that_does_not_suffice_is_a_warning() -> None:
    call = Call(4.0, NVR, "Synology", "nvr", "trt:CreateProfile", "ter:NotAuthorized", 1.0)
    found = step(seen(ALL, denied=call), "sign-in")
    assert (found.progress, found.remedy) == (Progress.WARN, Remedy.USER)
    assert found.text == "Signed in as nvr, but its role does not allow CreateProfile."


def told(**more: float) -> dict[str, float]:
    return {journeys.SIGNED_IN: 900.0, journeys.ASKED_STREAM: 900.0, **more}


def test_rtsp_that_was_never_reached() -> None:
    found = step(seen(told(), rtsp_port=8554), "rtsp")
    assert (found.progress, found.text) == (
        Progress.FAILED,
        "It was told the address of the stream, but never reached RTSP port 8554.",
    )


def test_rtsp_has_some_seconds_to_be_opened() -> None:
    found = step(seen({journeys.ASKED_STREAM: NOW - 3}), "rtsp")
    assert found.progress is Progress.WAITING


def test_rtsp_that_was_reached_without_signing_in() -> None:
    found = step(seen(told(knocked=901.0)), "rtsp")
    assert (found.progress, found.text) == (
        Progress.FAILED,
        "It reached RTSP port 8554, but did not sign in there.",
    )


def test_rtsp_with_a_wrong_password_says_so_though_onvif_went_well() -> None:
    found = step(seen(told(), refusals=(refusal(Reason.WRONG_PASSWORD, "rtsp"),)), "rtsp")
    assert (found.progress, found.text) == (Progress.FAILED, "The password is wrong.")


def test_an_rtsp_port_on_which_nobody_listens() -> None:
    found = step(seen(ALL, rtsp_open=False), "rtsp")
    assert (found.progress, found.remedy) == (Progress.FAILED, Remedy.DIAGNOSTICS)
    assert found.text == "Nothing answers on RTSP port 8554 of this device just now."


def test_a_subscription_that_ended_is_a_warning() -> None:
    found = step(seen(ALL), "events")
    assert (found.progress, found.text) == (Progress.WARN, "Its subscription has ended.")


def test_it_is_read_of_one_address(book: Book, db: None) -> None:
    clock = ManualClock(datetime(2026, 5, 4, 12, tzinfo=UTC))
    at = clock.now().timestamp()
    book.ledger.search(at, NVR)
    book.ledger.refusal(at, "192.168.1.66", "nvr", "soap", "WRONG_PASSWORD", "wrong password")
    assert [each.progress.value for each in checklist.read(NVR, clock)][:3] == ["ok", "off", "off"]
    refused = checklist.read("192.168.1.66", clock)
    assert [each.progress.value for each in refused][:3] == ["ok", "off", "danger"]


def test_who_came_last_is_followed_before_who_only_searched(book: Book) -> None:
    clock = ManualClock(datetime(2026, 5, 4, 12, tzinfo=UTC))
    at = clock.now().timestamp()
    book.ledger.call(at, "192.168.1.7", "Zeep/4", "a", "trt:GetProfiles", "ok", 1.0)
    book.ledger.call(at + 5, NVR, "gSOAP/2.8", "b", "trt:GetProfiles", "ok", 1.0)
    book.ledger.call(at + 9, "192.168.1.7", "Zeep/4", "a", "tev:PullMessages", "ok", 1.0)
    book.ledger.search(at + 20, "192.168.1.99")
    clock.advance(timedelta(seconds=30).total_seconds())
    found = checklist.talkers(clock)
    assert [(each.address, each.only_searched) for each in found] == [
        ("192.168.1.99", True),
        ("192.168.1.7", False),
        (NVR, False),
    ]
    assert checklist.newcomer(found) == NVR
    assert checklist.newcomer([]) == ""
