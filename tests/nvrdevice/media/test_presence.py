"""Whether the media process is there: soon true, and never untrue of one that is only slow."""

from datetime import UTC, datetime

import pytest

from nvrdevice.lib.clock import ManualClock
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.question_frames import Reply
from nvrdevice.media import facts, presence, profiles
from nvrdevice.media.presence import Away, Presence

START = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
SEEN = facts.Facts(uri="test:", width=1280, height=720, fps=25.0, codec="raw", online=True)


class MediaProcess:
    """silent_s: since its main loop came by; None: it does not answer."""

    def __init__(self) -> None:
        self.clock = ManualClock(START)
        self.silent_s: float | None = 0.2
        self.asked = 0
        self.presence = Presence(self._answer, clock=self.clock)

    def _answer(self) -> Reply:
        self.asked += 1
        if self.silent_s is None:
            raise DeviceError(Kind.UNAVAILABLE, "It is not running.")
        return Reply({"silent_s": self.silent_s})

    def looked_at_for(self, seconds: int) -> Away | None:
        for _ in range(seconds):
            self.clock.advance(1)
            found = self.presence.away()
        return found


def test_one_that_answers_is_there_and_not_asked_by_each_who_wants_to_know() -> None:
    media = MediaProcess()
    assert [media.presence.away() for _ in range(5)] == [None] * 5
    assert media.asked == 1


def test_one_that_was_never_seen_is_away_at_once() -> None:
    media = MediaProcess()
    media.silent_s = None
    assert media.presence.away() == Away(START)


def test_one_that_misses_a_question_is_only_slow() -> None:
    media = MediaProcess()
    media.presence.away()
    media.silent_s = None
    assert media.looked_at_for(5) is None


def test_one_that_stays_silent_is_away_since_it_was_noticed() -> None:
    media = MediaProcess()
    media.presence.away()
    media.silent_s = None
    first = media.looked_at_for(10)
    assert first is not None
    assert (media.looked_at_for(60), first.since <= media.clock.now()) == (first, True)


def test_one_whose_main_loop_hangs_is_away_though_it_answers() -> None:
    media = MediaProcess()
    media.presence.away()
    media.silent_s = 30.0
    assert media.looked_at_for(10) is not None


def test_one_that_is_back_counts_from_the_next_look_on() -> None:
    media = MediaProcess()
    media.silent_s = None
    media.presence.away()
    media.silent_s = 0.2
    assert media.looked_at_for(2) is None


@pytest.mark.django_db
def test_nothing_is_online_while_nobody_looks_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    facts.write("source1", SEEN)
    assert profiles.media_now().sources[0].online is True
    monkeypatch.setattr(presence, "away", lambda: Away(START))
    shown = presence.facts()["source1"]
    assert (shown.online, shown.reason, shown.since) == (False, presence.NO_ANSWER, START)
    assert (profiles.media_now().sources[0].online, shown.width) == (False, 1280)
