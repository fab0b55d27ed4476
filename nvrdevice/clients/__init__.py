"""Who talked to us: searches, calls, failed logins and why they failed, streams; bounded.

Every process notes what it sees; the web process keeps the book that pages read. What is noted
never holds a password, nonce, digest or whole header, and noting never fails nor waits.
"""

from datetime import datetime

from nvrdevice.clients import book, journeys
from nvrdevice.clients.addresses import plain
from nvrdevice.clients.book import Book, Reporter
from nvrdevice.clients.journeys import Journey
from nvrdevice.clients.ledger import Call, Caller, Refusal, Search, Stream
from nvrdevice.clients.products import Product, agent_of, recognise
from nvrdevice.lib import afterwards
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock

__all__ = [
    "Book",
    "Call",
    "Caller",
    "Journey",
    "Product",
    "Refusal",
    "Search",
    "Stream",
    "agent_of",
    "keep_book",
    "note_call",
    "note_clock",
    "note_knock",
    "note_refusal",
    "note_search",
    "note_stream",
    "note_stream_ended",
    "recognise",
    "report",
    "seen",
    "stop",
]

_OPERATION_LENGTH = 80
_here: Book | Reporter = Book(None)


def keep_book() -> None:
    """For the web process: hear what the others report."""
    global _here
    found = Book(book.path())
    found.start(book.line())
    _here = found


def report(*, streams: bool = False) -> None:
    """For the other processes: tell the web process. streams: this one serves RTSP."""
    global _here
    found = Reporter(book.line())
    if streams:
        found.serves_streams()
    found.start()
    _here = found


def stop() -> None:
    """At the end of a process: what is to be kept is written."""
    afterwards.catch_up()
    _here.stop()


def use(other: Book | Reporter) -> None:
    """Make other the book of this process."""
    global _here
    _here = other


def seen() -> Book:
    """What was noted; only the process that keeps the book has anything to show."""
    afterwards.catch_up()
    return _here if isinstance(_here, Book) else Book(None)


def note_call(
    operation: str,
    *,
    address: str,
    agent: str,
    username: str = "",
    result: str = "ok",
    took_s: float = 0.0,
    at: datetime | None = None,
) -> None:
    """One request of the ONVIF interface, snapshots among them. agent: see agent_of; at: or now."""
    when = (at or SYSTEM_CLOCK.now()).timestamp()
    name = operation[:_OPERATION_LENGTH]
    _here.call(when, address, agent, username, name, result, round(took_s * 1000, 1))


def note_refusal(
    reason: str,
    *,
    username: str,
    address: str,
    protocol: str,
    note: str,
    clock: Clock = SYSTEM_CLOCK,
) -> None:
    """A try to sign in that was refused; reason is the name of an accounts.refusals.Reason."""
    where = plain(address) or address[:45]
    _here.refusal(clock.now().timestamp(), where, username, protocol, reason, note)


def note_search(address: str, *, clock: Clock = SYSTEM_CLOCK) -> None:
    """A Probe or Resolve of WS-Discovery that was for us."""
    _here.search(clock.now().timestamp(), plain(address) or address[:45])


def note_clock(address: str, off_s: float, *, clock: Clock = SYSTEM_CLOCK) -> None:
    """How far the clock of a client that proved its password is ahead of ours."""
    afterwards.do(_note_clock, clock.now(), address, off_s)


def _note_clock(at: datetime, address: str, off_s: float) -> None:
    _here.clock(at.timestamp(), plain(address) or address[:45], round(off_s, 1))


def note_knock(address: str, *, clock: Clock = SYSTEM_CLOCK) -> None:
    """Somebody connected to the RTSP server and has asked for nothing yet."""
    where = plain(address) or address[:45]
    _here.step(clock.now().timestamp(), where, journeys.KNOCKED)


def note_stream(
    key: str,
    *,
    address: str,
    username: str,
    path: str,
    transport: str,
    agent: str,
    clock: Clock = SYSTEM_CLOCK,
) -> None:
    """Somebody began to play path; key is the stream's until note_stream_ended."""
    if isinstance(_here, Reporter):
        at = clock.now().timestamp()
        where = plain(address) or address[:45]
        _here.stream(Stream(key, where, username, path, transport, agent[:80], at))
        # Told on its own too: who looks for a second only is gone before the next report.
        _here.step(at, where, journeys.PLAYED, path)


def note_stream_ended(key: str) -> None:
    if isinstance(_here, Reporter):
        _here.stream_ended(key)
