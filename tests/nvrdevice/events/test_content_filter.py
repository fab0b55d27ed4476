"""Message content filters: ONVIF's own examples, XPath as the measure, and what is refused."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from nvrdevice.events import content_filter
from nvrdevice.events.content_filter import ITEM_FILTER
from nvrdevice.events.namespaces import SCHEMA
from nvrdevice.events.notification import Notification
from nvrdevice.events.refusals import Reason, Refused

MESSAGE = Notification(
    number=1,
    at=datetime(2026, 1, 1, tzinfo=UTC),
    topic="tns1:RuleEngine/FieldDetector/ObjectsInside",
    operation="Changed",
    source={"VideoSourceConfigurationToken": "1", "Rule": "myImportantField"},
    key={"ObjectId": "5"},
    data={"IsInside": "true"},
)


def passes(text: str, prefix: str = "tt") -> bool:
    return content_filter.matches(
        content_filter.parse(ITEM_FILTER, text, {prefix: SCHEMA}), MESSAGE
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('boolean(//tt:SimpleItem[@Name="VideoSourceConfigurationToken" and @Value="1"])', True),
        ('boolean(//tt:SimpleItem[@Name="Rule"and @Value="myImportantField"])', True),
        ("boolean(//tt:SimpleItem[@Name='Rule' and @Value='other'])", False),
        ('boolean(//SimpleItem[@Name="ObjectId"])', True),
        ('not( boolean(//tt:SimpleItem[@Name="VideoAnalyticsConfigurationToken"] ) )', True),
        (
            'boolean(//tt:SimpleItem[@Name="IsInside" and @Value="true"] ) and\n'
            'boolean(//tt:SimpleItem[@Name="Rule" and @Value="myImportantField"] )',
            True,
        ),
        ('boolean(//tt:ElementItem[@Name="IsInside"])', False),
        ('boolean(//tt:SimpleItem[not(@Name="Rule") and (@Value="5" or @Value="6")])', True),
    ],
)
def test_an_expression_is_held_against_the_message(text: str, expected: bool) -> None:
    assert passes(text) is expected


def test_and_binds_closer_than_or() -> None:
    yes, no = 'boolean(//tt:SimpleItem[@Value="5"])', 'boolean(//tt:SimpleItem[@Value="x"])'
    assert passes(f"{yes} or {no} and {no}") is True
    assert passes(f"({yes} or {no}) and {no}") is False


def test_any_prefix_of_the_schema_will_do() -> None:
    assert passes('boolean(//onvif:SimpleItem[@Name="Rule"])', prefix="onvif") is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        'boolean((//tt:SimpleItem[@Name="xyz" and @Value="xyz"])',  # EVENT-3-1-17
        'boolean(//other:SimpleItem[@Name="Rule"])',
        'boolean(//tt:Source[@Name="Rule"])',
        'boolean(//tt:SimpleItem[@Type="Rule"])',
        "boolean(//tt:SimpleItem[@Name=Rule])",
        'count(//tt:SimpleItem[@Name="Rule"])',
        'boolean(//tt:SimpleItem[@Name="Rule"]) or',
        'boolean(//tt:SimpleItem[@Name="Rule"]) boolean(//tt:SimpleItem[@Name="Rule"])',
        "not" + "(" * 500 + 'boolean(//tt:SimpleItem[@Name="Rule"])' + ")" * 500,
        'boolean(//tt:SimpleItem[@Name="' + "x" * 5000 + '"])',
    ],
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        passes(text)
    assert refused.value.reason is Reason.INVALID_CONTENT_EXPRESSION


def test_another_dialect_is_refused() -> None:
    with pytest.raises(Refused):
        content_filter.parse("http://www.w3.org/TR/1999/REC-xpath-19991116", "true()", {})


TESTS = st.recursive(
    st.builds(
        '@{}="{}"'.format,
        st.sampled_from(["Name", "Value"]),
        st.sampled_from(["Rule", "1", "5", "true", "none"]),
    ),
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not({})".format, inner),
    ),
    max_leaves=4,
)
EXPRESSIONS = st.recursive(
    st.builds("boolean(//tt:SimpleItem[{}])".format, TESTS),
    lambda inner: st.one_of(
        st.builds("{} and {}".format, inner, inner),
        st.builds("{} or {}".format, inner, inner),
        st.builds("not({})".format, inner),
    ),
    max_leaves=4,
)


@given(EXPRESSIONS)
def test_it_agrees_with_xpath(text: str) -> None:
    root = etree.Element("Message")
    for items in (MESSAGE.source, MESSAGE.key, MESSAGE.data):
        for name, value in items.items():
            etree.SubElement(root, f"{{{SCHEMA}}}SimpleItem", Name=name, Value=value)
    assert passes(text) is root.xpath(text, namespaces={"tt": SCHEMA})


@given(EXPRESSIONS)
def test_it_comes_back_from_its_row(text: str) -> None:
    node = content_filter.parse(ITEM_FILTER, text, {"tt": SCHEMA})
    assert content_filter.matches(json.loads(json.dumps(node)), MESSAGE) is passes(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        passes(text)
    except Refused as refused:
        assert refused.reason is Reason.INVALID_CONTENT_EXPRESSION
