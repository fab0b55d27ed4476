"""Values become XML Schema text; parts go where they belong."""

import enum
from datetime import UTC, datetime, timedelta, timezone

import pytest
from lxml import etree

from onvif_api.soap.build import Value, duration, el, text_of

TT = 'xmlns:tt="http://www.onvif.org/ver10/schema"'


class Colour(enum.Enum):
    RED = "Red"


def written(element: etree._Element) -> str:
    return etree.tostring(element).decode()


def test_parts_of_every_kind_in_order() -> None:
    made = el(
        "tt:A",
        {"token": "t1"},
        [el("tt:B", 1), None, (el("tt:C", each) for each in ("x", "y"))],
        fixed=True,
        absent=None,
    )
    assert written(made) == (
        f'<tt:A {TT} fixed="true" token="t1"><tt:B>1</tt:B><tt:C>x</tt:C><tt:C>y</tt:C></tt:A>'
    )


def test_a_prefixed_attribute_stands_in_a_dict() -> None:
    made = el("tt:A", {"wstop:topic": True})
    assert made.get("{http://docs.oasis-open.org/wsn/t-1}topic") == "true"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (0.5, "0.5"),
        (float("inf"), "INF"),
        (float("-inf"), "-INF"),
        (float("nan"), "NaN"),
        (Colour.RED, "Red"),
        (datetime(2030, 1, 2, 3, 4, 5, 678900, UTC), "2030-01-02T03:04:05.678Z"),
        (datetime(2030, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))), "2030-01-02T01:00:00.000Z"),
        ("a\x00b\ud800c\ufffe", "a\ufffdb\ufffdc\ufffd"),
    ],
)
def test_text_of_a_value(value: Value, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("seconds", "written"), [(60, "PT60S"), (0, "PT0S"), (1.5, "PT1.5S"), (-3, "-PT3S")]
)
def test_a_duration_is_in_seconds(seconds: float, written: str) -> None:
    assert duration(seconds) == written


def test_markup_in_text_is_escaped() -> None:
    assert written(el("tt:A", "<b>&")) == f"<tt:A {TT}>&lt;b&gt;&amp;</tt:A>"
