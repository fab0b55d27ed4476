"""The socket of the events page: only what passes the filters, and nothing twice or lost."""

import pytest

from nvrdevice.events import publishing
from tests.webui.conftest import Browser
from tests.webui.sockets import Socket, in_database
from webui import consumers, event_log_consumer, live_sockets

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

MOTION, SIGNAL = "tns1:VideoSource/MotionAlarm", "tns1:VideoSource/SignalLoss"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "GATHER_S", 0.0)
    monkeypatch.setattr(consumers, "LOOK_S", 0.05)
    monkeypatch.setattr(live_sockets, "LOOK_S", 0.05)


@in_database
def tell(topic: str, *states: bool) -> list[int | None]:
    return [publishing.publish(topic, {"Source": "source1"}, {"State": each}) for each in states]


async def opened(browser: Browser, query: str) -> Socket:
    socket = Socket(await in_database(browser)("vera"), f"/ws/events/log/?{query}")
    assert await socket.opens()
    return socket


async def test_a_stranger_may_not(browser: Browser) -> None:
    client = await in_database(browser)("")
    assert not await Socket(client, "/ws/events/log/").opens()


async def test_what_was_missed_comes_first_and_then_what_is_new(browser: Browser) -> None:
    first, second = await tell(MOTION, True, False)
    socket = await opened(browser, f"after={first}")
    news = await socket.news()
    assert (news["count"], news["last"], news["gap"]) == (1, second, False)
    assert f'data-id="{second}"' in news["rows"]
    (third,) = await tell(MOTION, True)
    news = await socket.news()
    assert (news["count"], news["last"]) == (1, third)
    await socket.leave()


async def test_only_what_passes_the_filters_is_a_row(browser: Browser) -> None:
    socket = await opened(browser, "after=0&kind=motion&text=picture")
    (lost,) = await tell(SIGNAL, True)
    news = await socket.news()
    assert (news["count"], news["rows"], news["last"]) == (0, "", lost)
    (moved,) = await tell(MOTION, True)
    news = await socket.until(lambda each: each["count"] > 0)
    assert f'data-id="{moved}"' in news["rows"]
    await socket.leave()


async def test_more_than_a_message_holds_is_told_as_a_gap(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_log_consumer, "ROWS", 2)
    await tell(MOTION, True, False, True)
    socket = await opened(browser, "after=0")
    news = await socket.news()
    assert (news["count"], news["gap"]) == (2, True)
    await socket.leave()


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=" + "9" * 30, "kind=%00&source=%FF"]
)
async def test_odd_questions_are_answered(browser: Browser, query: str) -> None:
    await tell(MOTION, True)
    socket = await opened(browser, query)
    assert (await socket.news())["count"] == 1
    await socket.leave()
