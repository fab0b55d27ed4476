"""The web process's book, what others report to it, and what of it outlives a restart."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nvrdevice import clients
from nvrdevice.clients.book import SILENT_S, Book, Reporter
from nvrdevice.clients.ledger import Stream
from nvrdevice.lib.clock import ManualClock
from nvrdevice.lib.party_line import PartyLine
from nvrdevice.lib.run_sockets import RunSockets

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
AT = NOW.timestamp()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def reporter(tmp_path: Path) -> Iterator[Reporter]:
    line = PartyLine(RunSockets(tmp_path / "run"))
    made = Reporter(line)
    clients.use(made)
    yield made
    clients.use(Book(None))
    line.close()


def test_a_report_becomes_part_of_the_book(reporter: Reporter, clock: ManualClock) -> None:
    reporter.serves_streams()
    clients.note_search("::ffff:192.168.1.20", clock=clock)
    clients.note_refusal(
        "WRONG_PASSWORD",
        username="nvr",
        address="192.168.1.20",
        protocol="rtsp",
        note="wrong password",
        clock=clock,
    )
    clients.note_stream(
        "7",
        address="192.168.1.20",
        username="nvr",
        path="profile1",
        transport="TCP",
        agent="Lavf59",
        clock=clock,
    )
    book = Book(None, clock)
    report = reporter.report()
    assert report is not None
    book.hear(report)
    assert [each.address for each in book.ledger.searches(AT)] == ["192.168.1.20"]
    assert [each.reason for each in book.ledger.refusals(AT)] == ["WRONG_PASSWORD"]
    assert book.streams() == [Stream("7", "192.168.1.20", "nvr", "profile1", "TCP", "Lavf59", AT)]


def test_notes_are_told_once_and_streams_again(reporter: Reporter, clock: ManualClock) -> None:
    reporter.serves_streams()
    clients.note_search("192.168.1.20", clock=clock)
    assert reporter.report() == {
        "notes": [("search", (AT, "192.168.1.20"))],
        "streams": [],
    }
    assert reporter.report() == {"notes": [], "streams": []}


def test_who_serves_no_streams_has_nothing_to_say(reporter: Reporter) -> None:
    assert reporter.report() is None


def test_an_ended_stream_is_gone_but_for_the_note_that_it_was(
    reporter: Reporter, clock: ManualClock
) -> None:
    reporter.serves_streams()
    told = {"address": "::1", "username": "", "path": "profile1", "transport": "UDP", "agent": ""}
    clients.note_stream("7", **told, clock=clock)
    clients.note_stream_ended("7")
    clients.note_stream_ended("never there")
    noted = [("step", (AT, "::1", "played", "profile1"))]
    assert reporter.report() == {"notes": noted, "streams": []}


def test_streams_of_a_process_that_fell_silent_are_over(clock: ManualClock) -> None:
    book = Book(None, clock)
    stream = ["7", "192.168.1.20", "nvr", "profile1", "TCP", "Lavf59", AT]
    book.hear({"notes": [], "streams": [stream]})
    clock.advance(SILENT_S - 1)
    assert len(book.streams()) == 1
    clock.advance(2)
    assert book.streams() == []


def test_the_book_outlives_a_restart(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "clients.json"
    book = Book(path, clock)
    book.refusal(AT, "192.168.1.20", "nvr", "soap", "CLOCK_OFF", "clock off by +62 s")
    book.save()
    assert path.stat().st_mode & 0o777 == 0o600
    assert Book(path, clock).ledger.refusals(AT) == book.ledger.refusals(AT)


def test_it_is_not_written_without_news(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "clients.json"
    book = Book(path, clock)
    book.search(AT, "192.168.1.20")
    book.save()
    path.unlink()
    book.save()
    assert path.exists() is False


@pytest.mark.parametrize("found", [b"", b"{", b"[]", b'{"calls": [[1]]}', b"\xff"])
def test_a_file_that_is_not_whole_begins_anew(
    tmp_path: Path, clock: ManualClock, found: bytes
) -> None:
    path = tmp_path / "clients.json"
    path.write_bytes(found)
    assert Book(path, clock).ledger.callers(AT) == []
