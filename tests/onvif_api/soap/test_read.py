"""Typed values out of requests, or a refusal that names the element."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import etree

from nvrdevice.lib.errors import DeviceError
from onvif_api.soap import read
from onvif_api.soap.build import Element


def element(inner: str) -> Element:
    return etree.fromstring(
        f'<tds:R xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xmlns:other="http://www.onvif.org/ver10/device/wsdl">{inner}</tds:R>'
    )


def value(text: str) -> Element:
    return element(f"<tds:V>{text}</tds:V>")


def refused(work: Callable[[], Any]) -> tuple[str, str | None]:
    with pytest.raises(DeviceError) as caught:
        work()
    return caught.value.subcode, caught.value.field


def test_another_prefix_of_the_same_namespace_is_the_same() -> None:
    assert read.text(element("<other:V>a</other:V>"), "tds:V") == "a"


def test_no_namespace_is_another_element() -> None:
    assert read.text(element("<V>a</V>"), "tds:V", None) is None


def test_a_path_leads_inside() -> None:
    assert read.text(element("<tds:A><tds:B>b</tds:B></tds:A>"), "tds:A/tds:B") == "b"


def test_all_texts() -> None:
    assert read.texts(element("<tds:V>a</tds:V><tds:V/>"), "tds:V") == ["a", ""]


def test_text_keeps_its_blanks_and_a_token_does_not() -> None:
    parent = value(" a ")
    assert (read.text(parent, "tds:V"), read.token(parent, "tds:V")) == (" a ", "a")


def test_what_is_nil_is_absent() -> None:
    assert read.text(element('<tds:V xsi:nil="true"/>'), "tds:V", "none") == "none"


def test_what_is_missing_is_named() -> None:
    assert refused(lambda: read.text(element(""), "tds:V")) == ("InvalidArgs", "tds:V")


def test_a_command_has_its_own_subcode_for_what_is_missing() -> None:
    found = refused(lambda: read.child(element(""), "tds:V", subcode="InvalidArgVal/NoSuch"))
    assert found == ("InvalidArgVal/NoSuch", "tds:V")


def test_attributes() -> None:
    parent = element('<tds:V token=" a "/>')[0]
    assert (read.attribute(parent, "token"), read.attribute(parent, "x", "y")) == ("a", "y")


def test_a_missing_attribute() -> None:
    assert refused(lambda: read.attribute(element(""), "token")) == ("MissingAttr", "token")


@pytest.mark.parametrize(("written", "number"), [("5", 5), (" -7 ", -7), ("+3", 3)])
def test_integer(written: str, number: int) -> None:
    assert read.integer(value(written), "tds:V") == number


@pytest.mark.parametrize("written", ["", "1.0", "five", "٣", "1" * 30])
def test_no_integer(written: str) -> None:
    assert refused(lambda: read.integer(value(written), "tds:V")) == ("InvalidArgs", "tds:V")


def test_an_integer_out_of_bounds() -> None:
    found = refused(lambda: read.integer(value("11"), "tds:V", low=1, high=10))
    assert found == ("InvalidArgVal", "tds:V")


@pytest.mark.parametrize(("written", "number"), [("0.5", 0.5), ("-1e-2", -0.01), (".5", 0.5)])
def test_number(written: str, number: float) -> None:
    assert read.number(value(written), "tds:V") == number


@pytest.mark.parametrize("written", ["NaN", "INF", "", "1,5", "0x10"])
def test_no_number(written: str) -> None:
    assert refused(lambda: read.number(value(written), "tds:V")) == ("InvalidArgs", "tds:V")


@pytest.mark.parametrize(("written", "found"), [("true", True), ("1", True), (" false ", False)])
def test_boolean(written: str, found: bool) -> None:
    assert read.boolean(value(written), "tds:V") is found


def test_no_boolean() -> None:
    assert refused(lambda: read.boolean(value("True"), "tds:V")) == ("InvalidArgs", "tds:V")


def test_choice() -> None:
    assert read.choice(value(" RTSP "), "tds:V", ("UDP", "RTSP")) == "RTSP"


def test_no_choice() -> None:
    found = refused(lambda: read.choice(value("rtsp"), "tds:V", ("UDP", "RTSP")))
    assert found == ("InvalidArgVal", "tds:V")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("PT60S", 60),
        ("PT1M", 60),
        ("P1DT1H", 90_000),
        ("PT0.5S", 0.5),
        ("-PT5S", -5),
        ("P1M", 2_592_000),
        ("P1Y", 31_536_000),
    ],
)
def test_duration(written: str, seconds: float) -> None:
    assert read.duration_s(value(written), "tds:V") == seconds


@pytest.mark.parametrize(
    "written", ["", "P", "PT", "60", "P1DT", "PT-5S", "P" + "9" * 50 + "Y", "PT\uff11S"]
)
def test_no_duration(written: str) -> None:
    assert refused(lambda: read.duration_s(value(written), "tds:V")) == ("InvalidArgs", "tds:V")


@pytest.mark.parametrize(
    "written",
    [
        "2030-01-31T12:00:00.5Z",
        "2030-01-31T14:00:00.500+02:00",
        "2030-01-31T12:00:00.500000000",
        " 2030-01-31T07:00:00.50-05:00 ",
    ],
)
def test_date_time(written: str) -> None:
    expected = datetime(2030, 1, 31, 12, 0, 0, 500_000, UTC)
    assert read.date_time(value(written), "tds:V") == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2030-02-30T00:00:00Z",
        "2030-01-01",
        "0001-01-01T00:00:00+14:00",
        "now",
        "\uff12026-01-01T00:00:00Z",
    ],
)
def test_no_date_time(written: str) -> None:
    assert refused(lambda: read.date_time(value(written), "tds:V")) == ("InvalidArgs", "tds:V")


def test_a_duration_or_a_time() -> None:
    found = [
        read.duration_or_time(value(written), "tds:V")
        for written in ("PT10S", "2030-01-01T00:00:00Z")
    ]
    assert found == [timedelta(seconds=10), datetime(2030, 1, 1, tzinfo=UTC)]
