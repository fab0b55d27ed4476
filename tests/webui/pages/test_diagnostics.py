"""The diagnostics page: who may see it, what it says, and what it keeps to itself."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import escape

from nvrdevice import clients
from nvrdevice.accounts import book, refusal_words
from nvrdevice.accounts.refusals import Reason
from nvrdevice.clients import Book
from nvrdevice.events import pull_points
from nvrdevice.events.filters import EVERYTHING
from nvrdevice.events.pull_points import Who
from nvrdevice.lib.clock import SYSTEM_CLOCK
from tests.webui.conftest import Browser

NVR, OTHER = "192.168.1.20", "192.168.1.66"


@pytest.fixture(autouse=True)
def known() -> Iterator[Book]:
    made = Book(None)
    clients.use(made)
    yield made
    clients.use(Book(None))


def call(operation: str, address: str = NVR, **more: str) -> None:
    told = {"agent": "Zeep/4.3.2", "username": "vera", **more}
    clients.note_call(operation, address=address, took_s=0.0042, **told)  # type: ignore[arg-type]


def refuse(reason: Reason, username: str, note: str = "") -> None:
    note = note or reason.value
    told = {"username": username, "address": OTHER, "protocol": "soap", "note": note}
    clients.note_refusal(reason.name, **told)


def parts(client: Client, query: str = "") -> dict[str, str]:
    found: dict[str, str] = client.get(f"/diagnostics/parts/{query}").json()
    return found


def test_who_may_see_it(browser: Browser) -> None:
    found = {
        name: (
            browser(name).get("/diagnostics/").status_code,
            browser(name).get("/diagnostics/parts/").status_code,
        )
        for name in ("", "vera", "oscar", "alice")
    }
    assert found == {"": (302, 403), "vera": (403, 403), "oscar": (200, 200), "alice": (200, 200)}


def test_only_who_may_see_it_is_led_there(browser: Browser) -> None:
    link = b'href="/diagnostics/"'
    assert [link in browser(name).get("/connect/").content for name in ("vera", "oscar")] == [
        False,
        True,
    ]


def test_before_anything_happened_it_says_so(browser: Browser) -> None:
    page = browser("oscar").get("/diagnostics/").content.decode()
    for words in (
        "Nobody was refused in the last seven days.",
        "No client was here yet.",
        "Nobody plays a stream just now.",
        "No ONVIF call came in the last day.",
        "The clock is kept right by NTP.",
    ):
        assert words in page


def test_a_client_is_named_counted_and_marked_as_a_guess(browser: Browser) -> None:
    call("tds:GetSystemDateAndTime", username="")
    call("tds:GetNetworkInterfaces")
    call("trt:GetProfiles", result="env:Sender/ter:InvalidArgVal")
    shown = parts(browser("oscar"))["clients"]
    assert shown.count('role="row"') == 2
    for words in ("Home Assistant", "(likely)", NVR, "vera", "3, 1 refused or failed"):
        assert words in shown


def test_subscriptions_belong_to_who_made_them(browser: Browser) -> None:
    client = browser("oscar")
    account = book.find("vera")
    assert account is not None
    call("tev:CreatePullPointSubscription")
    call("trt:GetProfiles", agent="go2rtc/1.9")
    who = Who(account.user_id, "vera", int(account.level), NVR)
    pull_points.create(EVERYTHING, who, timedelta(minutes=10), SYSTEM_CLOCK)
    rows = parts(client)["clients"].split('<tr role="row">')[2:]
    assert [("1 subscription, until" in row, "Home Assistant" in row) for row in rows] == [
        (False, False),
        (True, True),
    ]


def test_streams_are_shown_with_player_and_profile(browser: Browser, known: Book) -> None:
    since = SYSTEM_CLOCK.now().timestamp()
    stream = ["7", NVR, "vera", "profile9", "TCP", "Lavf59.27.100", since]
    known.hear({"notes": [], "streams": [stream]})
    found = parts(browser("oscar"))
    for words in ("ffmpeg", "vera", "profile9", "TCP"):
        assert words in found["streams"]
    assert "ffmpeg" in found["clients"]


def test_who_only_searched_is_a_client_too(browser: Browser) -> None:
    clients.note_search(NVR)
    assert "(searched only)" in parts(browser("oscar"))["clients"]


def test_calls_can_be_those_of_one_client(browser: Browser) -> None:
    call("tds:GetDeviceInformation")
    call("trt:GetProfiles", address=OTHER)
    shown = parts(browser("oscar"), f"?client={NVR}")["calls"]
    assert ("tds:GetDeviceInformation" in shown, "trt:GetProfiles" in shown) == (True, False)
    assert "4.2" in shown


@pytest.mark.parametrize("reason", [each for each in Reason if each is not Reason.STALE_NONCE])
def test_every_reason_has_a_sentence_and_a_cure(reason: Reason) -> None:
    said = refusal_words.words(reason.name, reason.value)
    assert said.why.endswith(".") and said.cure.endswith(".")


@pytest.mark.parametrize(
    ("note", "why"),
    [
        ("clock off by +62 s", "Its clock is 62 s ahead, so its password cannot be checked."),
        ("clock off by -400 s", "Its clock is 400 s behind, so its password cannot be checked."),
    ],
)
def test_a_wrong_clock_says_by_how_much(browser: Browser, note: str, why: str) -> None:
    refuse(Reason.CLOCK_OFF, "vera", note)
    shown = parts(browser("oscar"))["failed-logins"]
    assert why in shown
    assert "Let the client and this device use the same time server." in shown


def test_names_that_nobody_has_are_for_administrators(browser: Browser) -> None:
    refuse(Reason.UNKNOWN_USER, "my-secret-password")
    refuse(Reason.WRONG_PASSWORD, "vera")
    shown = {name: parts(browser(name))["failed-logins"] for name in ("oscar", "alice")}
    assert ["my-secret-password" in each for each in shown.values()] == [False, True]
    assert ["user vera" in each for each in shown.values()] == [True, True]


def test_details_are_for_administrators(browser: Browser) -> None:
    call("trt:GetProfiles")
    shown = {name: parts(browser(name))["clients"] for name in ("oscar", "alice")}
    assert ["Calls itself: Zeep/4.3.2" in each for each in shown.values()] == [False, True]


def test_what_clients_choose_is_text_and_nothing_else(browser: Browser, known: Book) -> None:
    evil = "<script>alert(1)</script>"
    call(evil, agent=evil, username=evil, result=evil)
    refuse(Reason.UNKNOWN_USER, evil)
    since = SYSTEM_CLOCK.now().timestamp()
    known.hear({"notes": [], "streams": [["7", NVR, evil, evil, evil, evil, since]]})
    client = browser("alice")
    shown = "".join(parts(client).values())
    assert (evil in shown, escape(evil) in shown) == (False, True)
    page = client.get("/diagnostics/", {"client": f'"{evil}'}).content.decode()
    assert evil not in page


def test_what_became_of_a_call_is_told_in_words_with_its_code_beside(browser: Browser) -> None:
    call("POST /users", username="", result="unauthenticated")
    shown = parts(browser("oscar"))["calls"]
    assert 'Not signed in <code class="muted">unauthenticated</code>' in shown
