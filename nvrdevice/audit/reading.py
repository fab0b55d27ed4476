"""Reading the audit trail: what was asked for, what a change changed, and rows for a table file."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from nvrdevice.audit.models import AuditRow, Rows

ACTIONS_MOST = 200
CHANGES_MOST = 40  # of one row that are told one by one
SHOWN = 200  # characters of a value
BATCH = 1_000
FILE_ROWS_MOST = 50_000
COLUMNS = (
    *("time (UTC)", "user", "address", "protocol", "action", "object"),
    *("before", "after", "result"),
)
# A table program takes a cell that begins so for a formula, and would carry it out.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which rows; what is empty does not narrow. Days are UTC, both included."""

    username: str = ""
    address: str = ""
    protocol: str = ""
    action: str = ""
    first: date | None = None
    last: date | None = None
    text: str = ""  # anywhere in action, object, before, after or result


@dataclass(frozen=True)
class Difference:
    name: str
    before: str
    after: str


def rows(wanted: Wanted) -> Rows:
    """Newest first."""
    found = AuditRow.objects.order_by("-id")
    if wanted.username:
        found = found.filter(username__icontains=wanted.username)
    if wanted.address:
        found = found.filter(address__icontains=wanted.address)
    if wanted.protocol:
        found = found.filter(protocol=wanted.protocol)
    if wanted.action:
        found = found.filter(action=wanted.action)
    if wanted.first is not None:
        found = found.filter(at__gte=_midnight(wanted.first))
    if wanted.last is not None and wanted.last < date.max:
        found = found.filter(at__lt=_midnight(wanted.last + timedelta(days=1)))
    return _with_text(found, wanted.text) if wanted.text else found


def _with_text(found: Rows, text: str) -> Rows:
    # JSON columns hold letters like ü as \u00fc.
    written = json.dumps(text)[1:-1]
    found = found.annotate(
        before_text=Cast("before", TextField()), after_text=Cast("after", TextField())
    )
    return found.filter(
        Q(action__icontains=text)
        | Q(object__icontains=text)
        | Q(result__icontains=text)
        | Q(before_text__icontains=written)
        | Q(after_text__icontains=written)
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def actions() -> list[str]:
    """The names of what was ever done, to choose from."""
    found = AuditRow.objects.order_by("action").values_list("action", flat=True).distinct()
    return list(found[:ACTIONS_MOST])


def differences(before: Any, after: Any) -> list[Difference]:
    """What became another: "vera.roles" from "viewer" to "operator"."""
    old, new = dict(_flat(before)), dict(_flat(after))
    names = list(dict.fromkeys([*old, *new]))
    return [
        Difference(name, old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name) != new.get(name)
    ][:CHANGES_MOST]


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif name or value not in (None, {}):
        yield name, _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, str):
        text = value
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif value is None:
        text = "none"
    elif isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
        text = ", ".join(str(each) for each in value) or "none"
    else:
        text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def header() -> str:
    return _line(COLUMNS)


def batch(wanted: Wanted, before_id: int | None) -> tuple[str, int | None, int]:
    """The next lines of a file, from which id to go on (None: that was all), and how many."""
    found = rows(wanted)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    part = list(found[:BATCH])
    text = "".join(_line(_cells(row)) for row in part)
    return text, part[-1].pk if len(part) == BATCH else None, len(part)


def _cells(row: AuditRow) -> list[str]:
    at = row.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return [
        *(at, row.username, row.address, row.protocol, row.action, row.object),
        *(_json(row.before), _json(row.after), row.result),
    ]


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _line(cells: Any) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([_harmless(cell) for cell in cells])
    return written.getvalue()


def _harmless(cell: str) -> str:
    return "'" + cell if cell.lstrip(" ").startswith(FORMULA) else cell
