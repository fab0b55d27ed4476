"""How far an address came: only what truly happened counts, and strangers make room first."""

import json

from nvrdevice.clients import journeys
from nvrdevice.clients.journeys import Journey, Journeys
from nvrdevice.clients.ledger import Ledger

NVR = "192.168.1.20"


def steps(ledger: Ledger, now: float = 100.0) -> dict[str, float]:
    (journey,) = ledger.journeys.all(now)
    return journey.steps


def call(
    ledger: Ledger, at: float, operation: str, username: str = "nvr", result: str = "ok"
) -> None:
    ledger.call(at, NVR, "Zeep/4", username, operation, result, 1.0)


def test_calls_that_succeed_are_steps() -> None:
    ledger = Ledger()
    call(ledger, 1, "tds:GetSystemDateAndTime", username="")
    call(ledger, 2, "tr2:GetProfiles")
    call(ledger, 3, "trt:GetStreamUri")
    call(ledger, 4, "tev:CreatePullPointSubscription")
    assert steps(ledger) == {
        journeys.ASKED_TIME: 1,
        journeys.ASKED_PROFILES: 2,
        journeys.ASKED_STREAM: 3,
        journeys.SUBSCRIBED: 4,
        journeys.SIGNED_IN: 4,
    }


def test_a_call_that_failed_is_none_but_shows_who_signed_in() -> None:
    ledger = Ledger()
    call(ledger, 1, "trt:GetProfiles", result="ter:NotAuthorized")
    assert steps(ledger) == {journeys.SIGNED_IN: 1}


def test_rest_and_snapshots_are_no_sign_in_over_onvif() -> None:
    ledger = Ledger()
    call(ledger, 1, "GET /users")
    call(ledger, 1, "snapshot")
    assert ledger.journeys.all(1) == []


def test_searches_the_clock_and_rtsp_are_told_besides() -> None:
    ledger = Ledger()
    ledger.search(1, NVR)
    ledger.clock(2, NVR, -61.5)
    ledger.step(3, NVR, journeys.KNOCKED)
    ledger.step(4, NVR, journeys.PLAYED, "profile1")
    assert ledger.journeys.all(4) == [
        Journey(
            NVR,
            first=1,
            last=4,
            clock_off_s=-61.5,
            clock_at=2,
            path="profile1",
            steps={journeys.SEARCHED: 1, journeys.KNOCKED: 3, journeys.PLAYED: 4},
        )
    ]


def test_it_is_kept_over_a_restart() -> None:
    before, after = Ledger(), Ledger()
    call(before, 1, "trt:GetProfiles")
    after.restore(json.loads(json.dumps(before.plain())))
    assert after.journeys.all(1) == before.journeys.all(1)


def test_a_file_of_an_older_device_has_none() -> None:
    plain = Ledger().plain()
    del plain["journeys"]
    ledger = Ledger()
    ledger.restore(plain)
    assert ledger.journeys.all(0) == []


def test_a_flood_of_strangers_pushes_out_strangers_only() -> None:
    kept = Journeys()
    kept.call(0, NVR, "nvr", "trt:GetProfiles", "ok")
    for number in range(3 * journeys.JOURNEYS_KEPT):
        kept.step(number, f"stranger {number}", journeys.SEARCHED)
    found = {each.address for each in kept.all(1000)}
    assert len(found) == journeys.JOURNEYS_KEPT
    assert NVR in found


def test_it_is_forgotten_in_time() -> None:
    kept = Journeys()
    kept.step(0, NVR, journeys.SEARCHED)
    assert kept.all(journeys.AGE_S + 1) == []
