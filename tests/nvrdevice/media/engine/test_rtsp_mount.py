"""What an RTSP media is fed while nobody plays it, and what who goes on gets first."""

from datetime import UTC, datetime
from typing import Any

import pytest

from nvrdevice.lib.clock import ManualClock
from nvrdevice.media.engine.hub import Hub, StreamFormat
from nvrdevice.media.engine.rtsp_mount import FRESH_S, Feed, Served
from tests.nvrdevice.media.engine.made_units import made

H264 = StreamFormat(codec="H264", width=640, height=360, fps=25)


class Source:
    """An appsrc whose buffers nobody takes."""

    def __init__(self) -> None:
        self.pushed: list[int] = []

    def disconnect(self, _handler: int) -> None:
        """It asks once."""

    def push_buffer(self, buffer: Any) -> None:
        self.pushed.append(buffer.pts // 40_000_000)

    def get_current_level_buffers(self) -> int:
        return len(self.pushed)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def feed(hub: Hub, source: Source, clock: ManualClock) -> Feed:
    begun = Feed(Served(hub=hub, format=H264, with_past=False), source, clock)
    begun.waiting = 1
    begun.begin(source, 0)
    return begun


def publish(hub: Hub, pattern: str, start: int = 0) -> None:
    for unit in made(pattern, start=start):
        hub.publish(unit)


def test_nothing_is_kept_of_a_pause(hub: Hub, source: Source, feed: Feed) -> None:
    publish(hub, "K-")
    feed.play()
    publish(hub, "--", 2)
    feed.pause()
    publish(hub, "--" + 30 * "K---", 4)
    feed.play()
    publish(hub, "-K-", 126)
    assert source.pushed == [0, 1, 2, 3, 122, 123, 124, 125, 126, 127, 128]


def test_a_media_that_is_described_only_keeps_little(
    hub: Hub, source: Source, feed: Feed, clock: ManualClock
) -> None:
    publish(hub, "K-")
    clock.advance(FRESH_S + 1)
    publish(hub, "---" + 30 * "K---", 2)
    assert source.pushed == [0, 1]
    assert feed.waits_long()


def test_who_plays_late_goes_on_with_a_key_frame_of_now(
    hub: Hub, source: Source, feed: Feed, clock: ManualClock
) -> None:
    publish(hub, "K-")
    clock.advance(FRESH_S + 1)
    publish(hub, "--", 2)
    feed.play()
    publish(hub, "--K-", 4)
    assert source.pushed[:2] == [0, 1]
    assert source.pushed[-2:] == [6, 7]
    assert not feed.waits_long()


def test_a_picture_that_is_long_in_coming_is_waited_for(
    hub: Hub, source: Source, feed: Feed, clock: ManualClock
) -> None:
    clock.advance(FRESH_S + 1)
    publish(hub, "K-")
    assert source.pushed == [0, 1]
    assert not feed.waits_long()
