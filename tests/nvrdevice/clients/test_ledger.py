"""What is known of clients: kept apart from strangers, bounded, and forgotten in time."""

import json

from nvrdevice.clients import ledger
from nvrdevice.clients.ledger import Call, Caller, Ledger, Refusal, Stream

NVR, STRANGER = "192.168.1.20", "192.168.1.66"
DAY_S = ledger.DAY_S


def call(
    book: Ledger,
    at: float = 0.0,
    *,
    address: str = NVR,
    agent: str = "Zeep/4",
    username: str = "nvr",
    operation: str = "trt:GetProfiles",
    result: str = "ok",
) -> None:
    book.call(at, address, agent, username, operation, result, 1.5)


def test_calls_come_newest_first() -> None:
    book = Ledger()
    call(book, 1.0, username="", operation="tds:GetSystemDateAndTime")
    call(book, 2.0)
    assert book.calls(2.0) == [
        Call(2.0, NVR, "Zeep/4", "nvr", "trt:GetProfiles", "ok", 1.5),
        Call(1.0, NVR, "Zeep/4", "", "tds:GetSystemDateAndTime", "ok", 1.5),
    ]


def test_a_caller_is_counted_from_before_it_signed_in() -> None:
    book = Ledger()
    call(book, 1.0, username="", operation="tds:GetSystemDateAndTime")
    call(book, 2.0)
    call(book, 3.0, result="ter:NotAuthorized")
    assert book.callers(3.0) == [
        Caller(
            NVR,
            "Zeep/4",
            first=1.0,
            last=3.0,
            username="nvr",
            requests=3,
            errors=1,
            operations={"tds:GetSystemDateAndTime": 1, "trt:GetProfiles": 2},
        )
    ]


def test_two_programs_at_one_address_are_two() -> None:
    book = Ledger()
    call(book)
    call(book, agent="go2rtc/1.9")
    assert [each.agent for each in book.callers(0)] == ["Zeep/4", "go2rtc/1.9"]


def test_a_flood_of_strangers_leaves_half_of_the_calls() -> None:
    book = Ledger()
    for at in range(150):
        call(book, at)
    for at in range(150, 2000):
        call(book, at, address=STRANGER, username="")
    names = [each.username for each in book.calls(2000)]
    assert (names.count("nvr"), names.count("")) == (100, 100)


def test_strangers_have_the_room_that_others_leave() -> None:
    book = Ledger()
    call(book)
    for at in range(300):
        call(book, at, address=STRANGER, username="")
    assert len(book.calls(300)) == ledger.CALLS_KEPT


def test_a_spray_of_addresses_does_not_push_out_who_signed_in() -> None:
    book = Ledger()
    call(book)
    for number in range(3000):
        call(book, 1.0, address=f"10.0.{number // 250}.{number % 250}", username="")
    assert len(book.callers(1)) == ledger.CALLERS_KEPT + 1
    assert book.callers(1)[0].username == "nvr"


def test_ever_new_names_share_one_place() -> None:
    book = Ledger()
    for number in range(50):
        call(book, address=STRANGER, agent=f"scan/{number}", username="")
    found = book.callers(0)
    assert [each.agent for each in found][-1] == ledger.OTHER_AGENTS
    assert len(found) == ledger.AGENTS_PER_ADDRESS + 1
    assert found[-1].requests == 50 - ledger.AGENTS_PER_ADDRESS


def test_invented_operations_are_bounded() -> None:
    book = Ledger()
    for number in range(500):
        call(book, operation=f"x:Op{number}", username="")
    assert len(book.callers(0)[0].operations) == ledger.OPERATIONS_KEPT


def test_the_same_refusal_is_counted_and_not_repeated() -> None:
    book = Ledger()
    book.refusal(1.0, NVR, "nvr", "soap", "CLOCK_OFF", "clock off by +62 s")
    book.refusal(9.0, NVR, "nvr", "soap", "CLOCK_OFF", "clock off by +70 s")
    book.refusal(5.0, NVR, "nvr", "rtsp", "WRONG_PASSWORD", "wrong password")
    assert book.refusals(9.0) == [
        Refusal(NVR, "nvr", "rtsp", "WRONG_PASSWORD", "wrong password", 5.0, 5.0, 1),
        Refusal(NVR, "nvr", "soap", "CLOCK_OFF", "clock off by +70 s", 1.0, 9.0, 2),
    ]


def test_one_address_cannot_wash_out_the_refusals_of_others() -> None:
    book = Ledger()
    book.refusal(0.0, NVR, "nvr", "soap", "CLOCK_OFF", "clock off by +62 s")
    for number in range(5000):
        book.refusal(1.0, STRANGER, f"user{number}", "soap", "UNKNOWN_USER", "unknown user")
    found = book.refusals(1.0)
    assert len(found) == ledger.REFUSALS_PER_ADDRESS + 1
    assert found[-1].address == NVR
    assert found[0].username == "user4999"


def test_all_is_forgotten_in_time() -> None:
    book = Ledger()
    call(book)
    book.refusal(0.0, NVR, "nvr", "soap", "CLOCK_OFF", "")
    book.search(0.0, NVR)
    later = 31 * DAY_S
    found = book.calls(later), book.callers(later), book.refusals(later), book.searches(later)
    assert found == ([], [], [], [])


def test_searches_are_counted_by_address() -> None:
    book = Ledger()
    for at in (1.0, 2.0, 3.0):
        book.search(at, NVR)
    (found,) = book.searches(3.0)
    assert (found.first, found.last, found.count) == (1.0, 3.0, 3)


def test_streams_are_what_was_said_last() -> None:
    book = Ledger()
    first = Stream("1", NVR, "nvr", "profile1", "TCP", "Lavf59", 1.0)
    second = Stream("2", NVR, "nvr", "profile2", "UDP", "Lavf59", 2.0)
    book.streams_are([second, first])
    assert book.streams() == [first, second]
    book.streams_are([second])
    assert book.streams() == [second]


def test_what_is_kept_comes_back_whole() -> None:
    book = Ledger()
    call(book, 1.0)
    call(book, 2.0, address=STRANGER, username="")
    book.refusal(3.0, NVR, "nvr", "soap", "CLOCK_OFF", "clock off by +62 s")
    book.search(4.0, NVR)
    again = Ledger()
    again.restore(json.loads(json.dumps(book.plain())))
    assert again.calls(5) == book.calls(5)
    assert again.callers(5) == book.callers(5)
    assert again.refusals(5) == book.refusals(5)
    assert again.searches(5) == book.searches(5)
