"""The events page as the server renders it: filters in the address, detail, CSV."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from lxml import etree

from nvrdevice.events import journal, publishing
from nvrdevice.events.models import Event
from nvrdevice.events.namespaces import PREFIXES
from onvif_api.services.events.messages import notification_message
from tests.webui.conftest import Browser
from webui import event_csv, event_filters
from webui.pages import events

MOTION = "tns1:VideoSource/MotionAlarm"
SIGNAL = "tns1:VideoSource/SignalLoss"
ENDED = "tns1:Monitoring/nvr:ProcessEnded"
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
PRODUCER = "http://192.168.1.9/onvif/event_service"


def move(*, moving: bool, at: datetime | None = None) -> int | None:
    return publishing.publish(MOTION, {"Source": "source1"}, {"State": moving}, at=at)


def lose(at: datetime | None = None) -> int | None:
    return publishing.publish(SIGNAL, {"Source": "source1"}, {"State": True}, at=at)


def page(browser: Browser, path: str = "/events/", username: str = "vera", **query: str) -> str:
    answer = browser(username).get(path, query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def listed(text: str) -> list[str]:
    return re.findall(r'<td role="cell" data-label="What"><a href="[^"]*">([^<]*)</a>', text)


@pytest.mark.parametrize("path", ["/events/", "/events/1/", "/events/export.csv"])
def test_a_stranger_signs_in_first(browser: Browser, path: str) -> None:
    assert browser("").get(path)["Location"] == f"/login/?next={path}"


def test_the_newest_come_first(browser: Browser) -> None:
    move(moving=True)
    lose()
    assert listed(page(browser)) == ["There is no camera signal", "There is motion"]


def test_nothing_yet_says_what_will_come(browser: Browser) -> None:
    assert "Nothing has happened yet." in page(browser)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "motion"}, ["There is motion"]),
        ({"kind": SIGNAL}, ["There is no camera signal"]),
        ({"source": "source1"}, ["There is no camera signal", "There is motion"]),
        ({"text": "no camera"}, ["There is no camera signal"]),
        ({"text": "test PICTURE"}, ["There is no camera signal", "There is motion"]),
        ({"text": "zebra"}, []),
        ({"day": "2026-11-26"}, ["There is motion"]),
        ({"day": "2026-11-27", "zone": "Asia/Tokyo"}, []),
        ({"day": "2026-11-26", "zone": "Asia/Tokyo"}, ["There is motion"]),
        ({"from": "2026-11-26T12:00", "to": "2026-11-26T12:01"}, ["There is motion"]),
        ({"from": "2026-11-26T12:00", "zone": "Europe/Berlin"}, ["There is no camera signal",
                                                                 "There is motion"]),
        ({"to": "2026-11-26T13:00", "zone": "Europe/Berlin"}, []),
    ],
)  # fmt: skip
def test_filters_stand_in_the_address(
    browser: Browser, query: dict[str, str], found: list[str]
) -> None:
    move(moving=True, at=NOON)
    lose(at=datetime(2026, 12, 24, tzinfo=UTC))
    assert listed(page(browser, **query)) == found


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"kind": "tns1:No/Such"}, "This device tells no such event: choose one of the list."),
        ({"source": "garage"}, "There is no such camera or input here: choose one of the list."),
        ({"day": "yesterday"}, "This is no date: write it as 2026-11-26."),
        ({"day": "9999-12-31", "zone": "America/New_York"}, "This is no date"),
        ({"from": "noon"}, "This is no time: write it as 2026-11-26T14:30."),
        ({"from": "2026-11-26T12:00", "to": "2026-11-26T12:00"}, "This is not after the beginning"),
    ],
)
def test_a_filter_that_cannot_be_read_says_so_and_does_not_filter(
    browser: Browser, query: dict[str, str], words: str
) -> None:
    move(moving=True, at=NOON)
    text = page(browser, **query)
    assert words in text
    assert listed(text) == ["There is motion"]


def test_each_filter_that_is_set_can_be_taken_away_alone(browser: Browser) -> None:
    text = page(browser, kind="motion", source="source1", text="a&b", day="nonsense")
    chips = re.findall(r'href="([^"]*)"><span class="visually-hidden">[^<]*</span>([^<]*)<', text)
    assert [words for _, words in chips] == ["Motion", "Test picture", "\u201ca&amp;b\u201d"]
    zone = "day=nonsense&amp;text=a%26b&amp;zone=UTC"
    assert chips[0][0] == f"/events/?source=source1&amp;{zone}"


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "\0", "a" * 200])
def test_an_unknown_zone_is_utc(browser: Browser, zone: str) -> None:
    move(moving=True, at=NOON)
    assert listed(page(browser, day="2026-11-26", zone=zone)) == ["There is motion"]


def test_what_is_typed_is_never_markup(browser: Browser) -> None:
    text = page(browser, text='"><script>alert(1)</script>')
    assert "<script>alert" not in text


def test_pages_go_on_by_number(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    for moving in (True, False, True, False):
        move(moving=moving)
    monkeypatch.setattr(events.history.page, "__kwdefaults__", {"before": None, "limit": 3})
    first = page(browser, kind="motion")
    assert len(listed(first)) == 3
    older = re.search(r'<a class="button" href="(/events/[^"]*before=\d+)" rel="next"', first)
    assert older is not None
    second = page(browser, older[1].replace("&amp;", "&"))
    assert listed(second) == ["There is motion"]
    assert "data-follow" not in second
    assert '<a href="/events/?kind=motion">Back to the newest</a>' in second


def test_a_page_of_a_long_journal_asks_little(browser: Browser) -> None:
    for moving in (True, False) * 10:
        move(moving=moving)
    client = browser("vera")
    with CaptureQueriesContext(connection) as asked:
        client.get("/events/")
    of_journal = [each["sql"] for each in asked if 'FROM "nvrdevice_event"' in each["sql"]]
    assert len(of_journal) <= 4
    assert all("LIMIT" in sql for sql in of_journal)


def test_one_event_in_full(browser: Browser) -> None:
    number = lose(at=NOON)
    text = page(browser, f"/events/{number}/")
    assert "<h1>There is no camera signal</h1>" in text
    assert "<code>tns1:VideoSource/SignalLoss</code>" in text
    assert "<dt>Data</dt><dd><code>State = true</code></dd>" in text
    assert "&lt;wsnt:NotificationMessage" in text


@pytest.mark.parametrize("number", ["1", "9" * 18, "9" * 40])
def test_an_event_that_is_not_there(browser: Browser, number: str) -> None:
    assert browser("vera").get(f"/events/{number}/").status_code == 404


def test_a_neighbour_is_one_step_away(browser: Browser) -> None:
    first, second, third = (move(moving=each) for each in (True, False, True))
    text = page(browser, f"/events/{second}/")
    assert f'<a class="button" href="/events/{first}/" rel="prev">Earlier</a>' in text
    assert f'<a class="button" href="/events/{third}/" rel="next">Later</a>' in text


@pytest.mark.django_db
@pytest.mark.parametrize("topic", [MOTION, ENDED])
def test_the_message_is_the_one_a_subscriber_gets(topic: str) -> None:
    if topic == MOTION:
        move(moving=True)
    else:
        source = {"Process": '<web> & "more"'}
        publishing.publish(ENDED, source, {"Reason": "ü", "RestartDelay": 1})
    told = journal.notification(Event.objects.get())
    ours = etree.fromstring(events.written(told, PRODUCER))
    theirs = etree.fromstring(etree.tostring(notification_message(told, PRODUCER)))
    assert _plain(ours) == _plain(theirs)
    prefixes = set(re.findall(r"(\w+):", topic))
    namespaces = ours[0].nsmap
    assert {prefix: namespaces[prefix] for prefix in prefixes} == {
        prefix: PREFIXES[prefix] for prefix in prefixes
    }


def _plain(element: etree._Element) -> Any:
    text = (element.text or "").strip()
    return element.tag, dict(element.attrib), text, [_plain(child) for child in element]


def export(browser: Browser, **query: str) -> list[list[str]]:
    answer = browser("vera").get("/events/export.csv", query)
    assert answer.status_code == 200
    assert re.fullmatch(r'attachment; filename="events-[\d-]+\.csv"', answer["Content-Disposition"])

    async def gather() -> bytes:
        return b"".join([part async for part in answer])

    text = async_to_sync(gather)().decode()
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    return list(csv.reader(io.StringIO(text[1:])))


@pytest.mark.django_db(transaction=True)
def test_the_list_as_csv_with_its_filters(browser: Browser) -> None:
    move(moving=True, at=NOON)
    lose()
    head, row = export(browser, kind="motion")
    assert head == list(event_csv.HEAD)
    assert row[1:] == [
        "2026-11-26T12:00:00.000Z",
        "There is motion",
        "Test picture",
        MOTION,
        "Initialized",
        "Source=source1",
        "",
        "State=true",
    ]


@pytest.mark.django_db(transaction=True)
def test_the_csv_is_made_in_parts_and_cut_off_where_it_is_too_long(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for moving in (True, False) * 4:
        move(moving=moving)
    monkeypatch.setattr(event_csv, "PART_ROWS", 3)
    assert len(export(browser)) == 9
    monkeypatch.setattr(event_csv, "ROWS_MAX", 5)
    assert export(browser)[-1][2] == "Cut off here: 5 rows. Choose a shorter time."


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_a_spreadsheet_runs_nothing(cell: str, written: str) -> None:
    assert event_csv.safe(cell) == written


@pytest.mark.django_db
def test_every_kind_that_can_be_chosen_is_one_that_can_be_read() -> None:
    for option in event_filters.kinds():
        query = QueryDict(mutable=True)
        query["kind"] = option.value
        found = event_filters.read(query)
        assert (found.errors, bool(found.wanted.topics)) == ({}, True)


def test_the_overview_leads_here(browser: Browser) -> None:
    assert '<a href="/events/">All events</a>' in page(browser, "/")


def test_a_moment_without_playback_has_no_link(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = lose(at=NOON)
    addresses: dict[str, Callable[[str], str]] = {"playback": lambda name: f"/{name}/"}
    monkeypatch.setattr(events, "reverse", lambda name: addresses[name](name))
    event = Event.objects.get(pk=number)
    assert events.recording_address("source1", event) == (
        "/playback/?source=source1&t=2026-11-26T12%3A00%3A00.000Z"
    )
    assert events.recording_address("", event) == ""
