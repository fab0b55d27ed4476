"""What was measured: kept, told once, and never taken for another camera's."""

from datetime import UTC, datetime

import pytest

from nvrdevice.lib.clock import ManualClock
from nvrdevice.media import facts, profiles
from nvrdevice.media.facts import Facts

pytestmark = pytest.mark.django_db

START = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


def test_what_is_written_is_read_with_the_time_it_came_online() -> None:
    clock = ManualClock(START)
    assert facts.write("source1", Facts(uri="test:", width=1280, online=True), clock=clock)
    clock.advance(60)
    assert facts.write("source1", Facts(uri="test:", width=1920, online=True), clock=clock)
    assert facts.read() == {"source1": Facts(uri="test:", width=1920, online=True, since=START)}


def test_the_same_again_is_no_news() -> None:
    found = Facts(uri="test:", width=1280)
    assert facts.write("source1", found) is True
    assert facts.write("source1", found) is False


def test_since_moves_when_a_source_is_lost() -> None:
    clock = ManualClock(START)
    facts.write("source1", Facts(uri="test:", online=True), clock=clock)
    clock.advance(60)
    facts.write("source1", Facts(uri="test:", reason="No answer."), clock=clock)
    assert facts.read()["source1"].since == clock.now()


def test_a_long_reason_is_cut_and_still_no_news_twice() -> None:
    found = Facts(uri="test:", reason="x" * 500)
    assert [facts.write("source1", found), facts.write("source1", found)] == [True, False]
    assert facts.read()["source1"].reason == "x" * 200


def test_facts_of_another_address_do_not_count() -> None:
    facts.write("source1", Facts(uri="rtsp://old/cam", width=320, height=240, fps=5))
    assert profiles.media().sources[0].measured is False


def test_facts_of_sources_that_are_gone_can_be_dropped() -> None:
    facts.write("source1", Facts(uri="test:"))
    facts.write("source2", Facts(uri="test:"))
    facts.forget_others({"source1"})
    assert list(facts.read()) == ["source1"]
