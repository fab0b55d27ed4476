"""Those who wait: woken by what concerns them, by nothing else, and never left behind."""

import asyncio
from pathlib import Path

import pytest

from nvrdevice.events import filters, journal, publish, waiting
from nvrdevice.events.filters import EVERYTHING, Expression
from nvrdevice.events.namespaces import TOPICS
from nvrdevice.events.topic_filter import CONCRETE_SET
from nvrdevice.events.waiting import Outcome, Reader
from nvrdevice.lib import home
from nvrdevice.lib.errors import DeviceError
from tests.nvrdevice.events.conftest import MOTION, PRESET
from tests.nvrdevice.events.live import in_thread

pytestmark = pytest.mark.asyncio
LONG_S = 30.0


async def reach(preset: str) -> int | None:
    data = {"PresetToken": preset, "PresetName": ""}
    return await in_thread(publish, PRESET, {"PTZConfigurationToken": "ptz"}, data)


async def begun(reader: Reader) -> None:
    """The reader has seen where the journal stands."""
    for _ in range(2):
        await reader.in_turn(journal.head)


async def waits(reader: Reader, count: int) -> None:
    while reader.waiting() != count:
        await asyncio.sleep(0.01)


async def test_news_wake_who_waits(live_reader: Reader) -> None:
    look = asyncio.create_task(live_reader.look(0, EVERYTHING, LONG_S))
    await waits(live_reader, 1)
    await reach("1")
    assert await look is Outcome.NEWS
    assert live_reader.waiting() == 0


async def test_what_the_filter_does_not_pass_wakes_nobody(live_reader: Reader) -> None:
    await begun(live_reader)
    motion = filters.parse([Expression(CONCRETE_SET, MOTION, {"tns1": TOPICS})])
    look = asyncio.create_task(live_reader.look(0, motion, LONG_S))
    everything = asyncio.create_task(live_reader.look(0, EVERYTHING, LONG_S))
    await waits(live_reader, 2)
    await reach("1")
    assert await everything is Outcome.NEWS
    assert look.done() is False
    await in_thread(publish, MOTION, {"Source": "source1"}, {"State": True})
    assert await look is Outcome.NEWS


async def test_without_news_time_runs_out(live_reader: Reader) -> None:
    assert await live_reader.look(0, EVERYTHING, 0.05) is Outcome.TIMEOUT


async def test_who_comes_late_is_told_at_once(live_reader: Reader) -> None:
    look = asyncio.create_task(live_reader.look(0, EVERYTHING, LONG_S))
    await waits(live_reader, 1)
    number = await reach("1")
    await look
    assert await live_reader.look((number or 0) - 1, EVERYTHING, LONG_S) is Outcome.NEWS


async def test_a_poke_wakes_its_token_only(live_reader: Reader) -> None:
    one = asyncio.create_task(live_reader.look(0, EVERYTHING, LONG_S, token="one"))
    other = asyncio.create_task(live_reader.look(0, EVERYTHING, LONG_S, token="other"))
    await waits(live_reader, 2)
    live_reader.poke("one")
    assert await one is Outcome.NEWS
    assert other.done() is False
    other.cancel()


async def test_who_waits_on_a_pull_point_that_was_taken_away_is_woken(live_reader: Reader) -> None:
    gone = asyncio.create_task(live_reader.look(0, EVERYTHING, LONG_S, token="taken away"))
    page = asyncio.create_task(live_reader.look(0, EVERYTHING, LONG_S))
    await waits(live_reader, 2)
    home.ring("accounts")
    assert await gone is Outcome.NEWS
    assert page.done() is False
    page.cancel()


async def test_who_goes_away_is_forgotten(live_reader: Reader) -> None:
    look = asyncio.create_task(live_reader.look(0, EVERYTHING, LONG_S))
    await waits(live_reader, 1)
    look.cancel()
    await asyncio.wait([look])
    assert live_reader.waiting() == 0


async def test_closing_answers_all_who_wait(live_reader: Reader) -> None:
    looks = [asyncio.create_task(live_reader.look(0, EVERYTHING, LONG_S)) for _ in range(5)]
    await waits(live_reader, 5)
    waiting.close()
    assert await asyncio.gather(*looks) == [Outcome.CLOSING] * 5
    assert await live_reader.look(0, EVERYTHING, LONG_S) is Outcome.CLOSING


async def test_turns_share_a_commit_and_keep_their_own_errors(live_reader: Reader) -> None:
    def refuse() -> int:
        publish(PRESET, {"PTZConfigurationToken": "ptz"}, {"PresetToken": "1", "PresetName": ""})
        return publish("tns1:Never/Declared") or 0

    results = await asyncio.gather(
        live_reader.in_turn(journal.head),
        live_reader.in_turn(refuse),
        live_reader.in_turn(journal.head),
        return_exceptions=True,
    )
    assert [type(each) for each in results] == [int, DeviceError, int]
    assert await in_thread(journal.head) == 0


async def test_a_follower_gets_each_row_once_and_in_order(live_reader: Reader) -> None:
    got: list[str] = []

    async def follow() -> None:
        async for row in waiting.follow(cursor=0):
            got.append(row.data["PresetToken"])
            if len(got) == 30:
                return

    following = asyncio.create_task(follow())
    for number in range(30):
        await reach(str(number))
    await following
    assert got == [str(number) for number in range(30)]


async def test_many_publish_at_once_and_no_number_is_missed(live_reader: Reader) -> None:
    got: list[int] = []

    async def follow() -> None:
        async for row in waiting.follow(cursor=0):
            got.append(row.number)
            if len(got) == 40:
                return

    following = asyncio.create_task(follow())
    numbers = await asyncio.gather(*(reach(str(number)) for number in range(40)))
    await following
    assert got == sorted(number or 0 for number in numbers)


async def test_the_reader_finds_its_way_back_to_a_database(
    live_reader: Reader, live_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    whole = journal.after
    failures = [OperationalError("disk I/O error")]

    def broken_once(*args: object, **more: object) -> object:
        if failures:
            raise failures.pop()
        return whole(*args, **more)  # type: ignore[arg-type]

    look = asyncio.create_task(live_reader.look(0, EVERYTHING, LONG_S))
    await waits(live_reader, 1)
    await begun(live_reader)
    monkeypatch.setattr(journal, "after", broken_once)
    await reach("1")
    assert await look is Outcome.NEWS
    assert failures == []
