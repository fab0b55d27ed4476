"""What a row of the audit trail says, in words: a schedule as its page does, no list as JSON."""

from collections.abc import Mapping
from typing import Any

from nvrdevice.schedules.settings import DAYS
from webui.schedule_form import LABELS

DASH = "\N{EN DASH}"
NOTHING = "nothing"


def worded(value: Any) -> Any:
    """The same value, each list of entries as a sentence of its own."""
    if isinstance(value, dict):
        return {name: worded(inner) for name, inner in value.items()}
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return "; ".join(_entry(each) for each in value)
    return value


def _entry(one: Mapping[str, Any]) -> str:
    """One window, one date, or anything else: "name Hall, url test:"."""
    name = [str(one["name"])] if one.get("name") else []
    known = set(one) - {"name"}
    if known == {"start", "end", "days"}:
        return " ".join([*name, _days(one["days"]), _times(one)])
    if known == {"date", "start", "end"}:
        return " ".join([*name, str(one["date"]), _times(one)])
    return ", ".join(f"{key.replace('_', ' ')} {_said(inner)}" for key, inner in one.items())


def _days(days: Any) -> str:
    """Three and more in a row by their first and last."""
    # What a person wrote into the file may be anything.
    if not isinstance(days, list) or any(day not in DAYS for day in days):
        return _said(days)
    numbers = sorted({DAYS.index(day) for day in days}) or list(range(7))
    if len(numbers) == 7:
        return "every day"
    rows: list[list[int]] = []
    for number in numbers:
        if rows and rows[-1][-1] == number - 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    told = [
        f"{LABELS[row[0]]}{DASH}{LABELS[row[-1]]}"
        if len(row) > 2
        else ", ".join(LABELS[number] for number in row)
        for row in rows
    ]
    return ", ".join(told)


def _times(one: Mapping[str, Any]) -> str:
    start, end = one["start"], one["end"]
    return f"{start or '00:00'}{DASH}{end or '24:00'}" if start or end else NOTHING


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_said(inner)}" for key, inner in value.items()) or "none"
    return "none" if value in (None, "") else str(value)
