"""Topic expressions: what they match and how a wrong one is refused."""

import pytest

from nvrdevice.events import filters, topic_filter
from nvrdevice.events.filters import Expression
from nvrdevice.events.namespaces import TOPICS, VENDOR_TOPICS
from nvrdevice.events.refusals import Reason, Refused
from nvrdevice.events.topic_filter import CONCRETE, CONCRETE_SET
from tests.nvrdevice.events.conftest import DOOR, MOTION, PRESET

ONVIF = {"tns1": TOPICS, "n": VENDOR_TOPICS}


def names(text: str, dialect: str = CONCRETE_SET, **prefixes: str) -> set[str]:
    expression = Expression(dialect, text, prefixes or ONVIF)
    return set(filters.parse([expression]).names or ())


def refusal(text: str, dialect: str = CONCRETE_SET) -> Reason:
    with pytest.raises(Refused) as refused:
        filters.parse([Expression(dialect, text, ONVIF)])
    return refused.value.reason


@pytest.mark.parametrize("dialect", [CONCRETE, CONCRETE_SET])
def test_a_concrete_topic_matches_itself_only(dialect: str) -> None:
    assert names(MOTION, dialect) == {MOTION}


def test_either_of_two_topics() -> None:
    assert names(f"{MOTION}|{PRESET}") == {MOTION, PRESET}


def test_white_space_around_topics_is_nothing() -> None:
    assert names(f"\n  {MOTION} |\n {PRESET}\n") == {MOTION, PRESET}


def test_a_sub_tree_is_the_topic_and_all_below_it() -> None:
    assert names("tns1:VideoSource//.") == {MOTION}
    assert names(f"{MOTION}//.") == {MOTION}


def test_a_sub_tree_or_a_topic() -> None:
    assert names(f"tns1:PTZController//.|{MOTION}") == {MOTION, PRESET}


def test_a_sub_tree_is_not_a_prefix_of_letters() -> None:
    assert refusal("tns1:Video//.") is Reason.TOPIC_NOT_SUPPORTED


def test_prefixes_mean_what_the_document_says() -> None:
    assert names("a:VideoSource/MotionAlarm", a=TOPICS) == {MOTION}
    assert names("tns1:Test/Door", tns1=VENDOR_TOPICS) == {DOOR}


def test_a_prefix_repeated_on_each_step_is_understood() -> None:
    assert names("tns1:VideoSource/tns1:MotionAlarm") == {MOTION}


@pytest.mark.parametrize(
    ("text", "dialect", "reason"),
    [
        ("xyz", CONCRETE_SET, Reason.TOPIC_NOT_SUPPORTED),
        ("tns1:VideoSource", CONCRETE_SET, Reason.TOPIC_NOT_SUPPORTED),
        ("tns1:VideoSource/Nothing", CONCRETE, Reason.TOPIC_NOT_SUPPORTED),
        ("other:VideoSource/MotionAlarm", CONCRETE_SET, Reason.INVALID_TOPIC_EXPRESSION),
        ("", CONCRETE_SET, Reason.INVALID_TOPIC_EXPRESSION),
        ("tns1:VideoSource/", CONCRETE_SET, Reason.INVALID_TOPIC_EXPRESSION),
        ("tns1:VideoSource/*", CONCRETE_SET, Reason.INVALID_TOPIC_EXPRESSION),
        ("//tns1:VideoSource", CONCRETE_SET, Reason.INVALID_TOPIC_EXPRESSION),
        ("tns1:VideoSource//MotionAlarm", CONCRETE_SET, Reason.INVALID_TOPIC_EXPRESSION),
        (f"{MOTION}||{PRESET}", CONCRETE_SET, Reason.INVALID_TOPIC_EXPRESSION),
        (f"{MOTION}|{PRESET}", CONCRETE, Reason.INVALID_TOPIC_EXPRESSION),
        ("tns1:VideoSource//.", CONCRETE, Reason.INVALID_TOPIC_EXPRESSION),
        ("|".join([MOTION] * 200), CONCRETE_SET, Reason.INVALID_TOPIC_EXPRESSION),
        (MOTION, "http://docs.oasis-open.org/wsn/t-1/TopicExpression/Full", None),
        (MOTION, "", None),
    ],
)
def test_a_wrong_expression_is_refused(text: str, dialect: str, reason: Reason | None) -> None:
    assert refusal(text, dialect) is (reason or Reason.UNKNOWN_TOPIC_DIALECT)


def test_two_expressions_narrow_each_other() -> None:
    both = [
        Expression(CONCRETE_SET, "tns1:VideoSource//.|tns1:PTZController//.", ONVIF),
        Expression(CONCRETE, PRESET, ONVIF),
    ]
    assert filters.parse(both).names == {PRESET}


def test_a_filter_comes_back_from_its_row() -> None:
    made = topic_filter.parse(CONCRETE_SET, f"tns1:VideoSource//.|{PRESET}", ONVIF)
    assert topic_filter.from_plain(made.plain()) == made
