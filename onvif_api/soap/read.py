"""Reading XML: typed values out of a request, or a refusal that names the element.

Paths are prefixed names with slashes ("tds:User/tt:Username") and match by namespace. A missing
argument or one of the wrong type is ter:InvalidArgs, a value outside what is allowed is
ter:InvalidArgVal (Core, generic faults); each reader takes another subcode where a command has
its own. An element with xsi:nil="true" counts as absent.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar, overload

from nvrdevice.lib.errors import DeviceError, Kind
from onvif_api.soap.build import Element
from onvif_api.soap.namespaces import name


class Required:
    """The default of a reader that has none: the element must be there."""


REQUIRED: Final = Required()
MISSING = "InvalidArgs"
WRONG = "InvalidArgs"
T = TypeVar("T")

_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,  # \d is else a digit of any script
)
_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_LONGEST_DURATION_S = 100 * 366 * 86400.0


def children(parent: Element, path: str) -> list[Element]:
    """All elements at this path, those that are nil left out."""
    found = [parent]
    for step in path.split("/"):
        wanted = name(step)
        found = [inner for outer in found for inner in outer.iterchildren(wanted)]
    return [element for element in found if not _is_nil(element)]


@overload
def child(parent: Element, path: str, *, subcode: str = ...) -> Element: ...
@overload
def child(parent: Element, path: str, default: T, *, subcode: str = ...) -> Element | T: ...
def child(parent: Element, path: str, default: Any = REQUIRED, *, subcode: str = MISSING) -> Any:
    """The first element at this path."""
    found = children(parent, path)
    if found:
        return found[0]
    if default is REQUIRED:
        raise DeviceError(
            Kind.INVALID,
            f"The element {path} is missing in {_local(parent)}.",
            subcode=subcode,
            field=path,
        )
    return default


@overload
def text(parent: Element, path: str, *, subcode: str = ...) -> str: ...
@overload
def text(parent: Element, path: str, default: T, *, subcode: str = ...) -> str | T: ...
def text(parent: Element, path: str, default: Any = REQUIRED, *, subcode: str = MISSING) -> Any:
    """The text as it stands: a password may begin with a blank."""
    found = _find(parent, path, default, subcode)
    return default if found is None else found.text or ""


@overload
def token(parent: Element, path: str, *, subcode: str = ...) -> str: ...
@overload
def token(parent: Element, path: str, default: T, *, subcode: str = ...) -> str | T: ...
def token(parent: Element, path: str, default: Any = REQUIRED, *, subcode: str = MISSING) -> Any:
    """The text without the white space around it, as tokens and names are compared."""
    found = _find(parent, path, default, subcode)
    return default if found is None else (found.text or "").strip()


def texts(parent: Element, path: str) -> list[str]:
    return [element.text or "" for element in children(parent, path)]


@overload
def attribute(element: Element, key: str, *, subcode: str = ...) -> str: ...
@overload
def attribute(element: Element, key: str, default: T, *, subcode: str = ...) -> str | T: ...
def attribute(
    element: Element, key: str, default: Any = REQUIRED, *, subcode: str = "MissingAttr"
) -> Any:
    value = element.get(name(key))
    if value is not None:
        return value.strip()
    if default is REQUIRED:
        raise DeviceError(
            Kind.INVALID,
            f"The attribute {key} is missing in {_local(element)}.",
            subcode=subcode,
            field=key,
        )
    return default


@overload
def choice(parent: Element, path: str, allowed: Iterable[str], *, subcode: str = ...) -> str: ...
@overload
def choice(
    parent: Element, path: str, allowed: Iterable[str], default: T, *, subcode: str = ...
) -> str | T: ...
def choice(
    parent: Element,
    path: str,
    allowed: Iterable[str],
    default: Any = REQUIRED,
    *,
    subcode: str = "InvalidArgVal",
) -> Any:
    """One word of an enumeration."""
    found = _find(parent, path, default, MISSING)
    if found is None:
        return default
    word = (found.text or "").strip()
    words = tuple(allowed)
    if word not in words:
        raise _wrong(path, word, "one of " + ", ".join(words), subcode)
    return word


@overload
def integer(
    parent: Element, path: str, *, low: int | None = ..., high: int | None = ..., subcode: str = ...
) -> int: ...
@overload
def integer(
    parent: Element,
    path: str,
    default: T,
    *,
    low: int | None = ...,
    high: int | None = ...,
    subcode: str = ...,
) -> int | T: ...
def integer(
    parent: Element,
    path: str,
    default: Any = REQUIRED,
    *,
    low: int | None = None,
    high: int | None = None,
    subcode: str = "InvalidArgVal",
) -> Any:
    found = _find(parent, path, default, MISSING)
    if found is None:
        return default
    written = (found.text or "").strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", written):
        raise _wrong(path, written, "a whole number", WRONG)
    return _bounded(path, int(written), low, high, subcode)


@overload
def number(
    parent: Element,
    path: str,
    *,
    low: float | None = ...,
    high: float | None = ...,
    subcode: str = ...,
) -> float: ...
@overload
def number(
    parent: Element,
    path: str,
    default: T,
    *,
    low: float | None = ...,
    high: float | None = ...,
    subcode: str = ...,
) -> float | T: ...
def number(
    parent: Element,
    path: str,
    default: Any = REQUIRED,
    *,
    low: float | None = None,
    high: float | None = None,
    subcode: str = "InvalidArgVal",
) -> Any:
    """A finite number; INF and NaN are never what a setting of this device can be."""
    found = _find(parent, path, default, MISSING)
    if found is None:
        return default
    written = (found.text or "").strip()
    if not re.fullmatch(
        r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?\d{1,2})?", written
    ):
        raise _wrong(path, written, "a number", WRONG)
    return _bounded(path, float(written), low, high, subcode)


@overload
def boolean(parent: Element, path: str) -> bool: ...
@overload
def boolean(parent: Element, path: str, default: T) -> bool | T: ...
def boolean(parent: Element, path: str, default: Any = REQUIRED) -> Any:
    found = _find(parent, path, default, MISSING)
    if found is None:
        return default
    word = (found.text or "").strip()
    if word not in {"true", "1", "false", "0"}:
        raise _wrong(path, word, "true or false", WRONG)
    return word in {"true", "1"}


@overload
def duration_s(parent: Element, path: str, *, subcode: str = ...) -> float: ...
@overload
def duration_s(parent: Element, path: str, default: T, *, subcode: str = ...) -> float | T: ...
def duration_s(parent: Element, path: str, default: Any = REQUIRED, *, subcode: str = WRONG) -> Any:
    """An xs:duration in seconds; a month counts 30 days, a year 365."""
    found = _find(parent, path, default, MISSING)
    return default if found is None else parse_duration_s(found.text or "", path, subcode)


@overload
def date_time(parent: Element, path: str, *, subcode: str = ...) -> datetime: ...
@overload
def date_time(parent: Element, path: str, default: T, *, subcode: str = ...) -> datetime | T: ...
def date_time(parent: Element, path: str, default: Any = REQUIRED, *, subcode: str = WRONG) -> Any:
    """An xs:dateTime, aware, in UTC; one without a zone is taken as UTC, as ONVIF clients mean."""
    found = _find(parent, path, default, MISSING)
    return default if found is None else parse_date_time(found.text or "", path, subcode)


@overload
def duration_or_time(parent: Element, path: str, *, subcode: str = ...) -> timedelta | datetime: ...
@overload
def duration_or_time(
    parent: Element, path: str, default: T, *, subcode: str = ...
) -> timedelta | datetime | T: ...
def duration_or_time(
    parent: Element, path: str, default: Any = REQUIRED, *, subcode: str = WRONG
) -> Any:
    """WS-BaseNotification's AbsoluteOrRelativeTimeType."""
    found = _find(parent, path, default, MISSING)
    if found is None:
        return default
    written = (found.text or "").strip()
    if written.lstrip("-").startswith("P"):
        return timedelta(seconds=parse_duration_s(written, path, subcode))
    return parse_date_time(written, path, subcode)


def parse_duration_s(written: str, path: str = "duration", subcode: str = WRONG) -> float:
    written = written.strip()
    match = _DURATION.fullmatch(written) if len(written) <= 60 else None
    if match is None or written[-1] in "PT":
        raise _wrong(path, written, "a duration such as PT60S", subcode)
    parts = {key: float(value or 0) for key, value in match.groupdict().items() if key != "sign"}
    days = parts["years"] * 365 + parts["months"] * 30 + parts["days"]
    seconds = days * 86400 + parts["hours"] * 3600 + parts["minutes"] * 60 + parts["seconds"]
    if seconds > _LONGEST_DURATION_S:
        raise _wrong(path, written, "a duration of at most a hundred years", subcode)
    return -seconds if match["sign"] else seconds


def parse_date_time(written: str, path: str = "time", subcode: str = WRONG) -> datetime:
    written = written.strip()
    match = _DATE_TIME.fullmatch(written)
    try:
        if match is None:
            raise ValueError(written)
        fraction = (match[7] or ".0")[:7]
        moment = datetime.fromisoformat(written[:19] + fraction.ljust(7, "0"))
        zone = match[8] or "Z"
        if zone == "Z":
            return moment.replace(tzinfo=UTC)
        return datetime.fromisoformat(moment.isoformat() + zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _wrong(path, written, "a time such as 2030-01-31T12:00:00Z", subcode) from None


def _find(parent: Element, path: str, default: Any, subcode: str) -> Element | None:
    if default is REQUIRED:
        return child(parent, path, subcode=subcode)
    return child(parent, path, None)


def _bounded(path: str, value: T, low: Any, high: Any, subcode: str) -> T:
    if (low is not None and value < low) or (high is not None and value > high):
        bounds = (
            f"from {low} to {high}"
            if low is not None and high is not None
            else f"of at least {low}"
            if low is not None
            else f"of at most {high}"
        )
        raise _wrong(path, str(value), f"a number {bounds}", subcode)
    return value


def _wrong(path: str, written: str, right: str, subcode: str) -> DeviceError:
    shown = written if len(written) <= 60 else written[:60] + "…"
    return DeviceError(
        Kind.INVALID, f"{path} is {shown!r}: give {right}.", subcode=subcode, field=path
    )


def _is_nil(element: Element) -> bool:
    return element.get(name("xsi:nil")) in {"true", "1"}


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
