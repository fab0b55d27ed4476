"""The journal as CSV, in parts, for spreadsheets that would run what looks like a formula."""

import csv
import io
from dataclasses import dataclass

from nvrdevice.events import history
from nvrdevice.events.history import Wanted
from nvrdevice.events.models import Event
from nvrdevice.lib.clock import iso_utc
from webui import overview_parts

PART_ROWS = 500
ROWS_MAX = 100_000
SCANS_MAX = 50  # parts without a row: a rare word in a long journal
HEAD = ("number", "time_utc", "what", "where", "topic", "operation", "source", "key", "data")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Part:
    """before: where the next part goes on; count: rows written so far."""

    text: str
    before: int | None
    count: int
    scans: int = 0
    is_last: bool = False


def head() -> str:
    # The mark tells spreadsheets that this is UTF-8.
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + _csv([HEAD])


def next_part(wanted: Wanted, last: Part) -> Part:
    room = min(PART_ROWS, ROWS_MAX - last.count)
    found = history.page(wanted, before=last.before, limit=room)
    count = last.count + len(found.rows)
    scans = last.scans + found.is_cut
    is_last = found.older is None or count >= ROWS_MAX or scans >= SCANS_MAX
    text = _csv(_rows(found.rows))
    if is_last and found.older is not None:
        text += _csv([("", "", f"Cut off here: {count} rows. Choose a shorter time.")])
    return Part(text, found.older, count, scans, is_last)


def _rows(events: tuple[Event, ...]) -> list[tuple[str, ...]]:
    words = overview_parts.rows(events)
    return [
        (
            str(event.pk),
            iso_utc(event.at),
            row.words,
            row.detail,
            event.topic,
            event.operation,
            _items(event.source),
            _items(event.key),
            _items(event.data),
        )
        for event, row in zip(events, words, strict=True)
    ]


def _items(items: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in items.items())


def safe(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _csv(rows: list[tuple[str, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([[safe(cell) for cell in row] for row in rows])
    return out.getvalue()
