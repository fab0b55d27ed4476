"""Writing XML: el("tt:Name", parts…, attribute=…) is the only way answers are made.

Values become their XML Schema text here, so that no service formats a boolean or a time itself.
"""

import enum
import functools
import math
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from lxml import etree

from nvrdevice.lib.clock import iso_utc
from onvif_api.soap.namespaces import NS, name

Element: TypeAlias = etree._Element
Value: TypeAlias = str | int | float | bool | datetime | enum.Enum
Part: TypeAlias = Value | Element | Mapping[str, Value | None] | Iterable["Part"] | None

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# What XML 1.0 cannot carry in any form, even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Kept:
    """An answer that is the same for many requests; what it was written as is kept with it."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.written: dict[str, bytes] = {}  # by version of SOAP


def el(tag: str, *parts: Part, **attributes: Value | None) -> Element:
    """An element. Text, children, nested lists and attribute dicts in any order; None is left out.

    Attributes with a prefix or a Python keyword for a name go into a dict: {"wstop:topic": True}.
    """
    clark, nsmap = _names(tag)
    made = etree.Element(clark, nsmap=nsmap)
    if attributes:
        _set(made, attributes)
    if len(parts) == 1 and isinstance(parts[0], str):  # a leaf, as most elements are
        made.text = text_of(parts[0])
        return made
    for part in parts:
        _add(made, part)
    return made


@functools.lru_cache(maxsize=4096)
def _names(tag: str) -> tuple[str, dict[str, str] | None]:
    prefix, colon, _ = tag.partition(":")
    return name(tag), {prefix: NS[prefix]} if colon else None


def text_of(value: Value) -> str:
    """The XML Schema text of a Python value."""
    if type(value) is str and value.isascii() and value.isprintable():
        return value
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return iso_utc(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
    return _UNWRITABLE.sub(_REPLACEMENT, str(value))


def duration(seconds: float) -> str:
    """An xs:duration in seconds: PT60S, because some clients cannot read PT1M."""
    sign = "-" if seconds < 0 else ""
    written = f"{abs(seconds):.3f}".rstrip("0").rstrip(".")
    return f"{sign}PT{written}S"


def _add(parent: Element, part: Part) -> None:
    if part is None:
        return
    # The two that nearly all parts are come first: answers are built for every request.
    if isinstance(part, etree._Element):
        parent.append(part)
    elif isinstance(part, str):
        _append_text(parent, text_of(part))
    elif isinstance(part, Mapping):
        _set(parent, part)
    elif isinstance(part, int | float | datetime | enum.Enum):
        _append_text(parent, text_of(part))
    else:
        for each in part:
            _add(parent, each)


def _append_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _set(element: Element, attributes: Mapping[str, Value | None]) -> None:
    for key, value in attributes.items():
        if value is not None:
            element.set(name(key), text_of(value))
