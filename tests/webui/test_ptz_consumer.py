"""The socket of the pad: moves reach the head, and end when the socket drops; for operators."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from nvrdevice.lib.answering import Answering
from nvrdevice.lib.clock import ManualClock
from nvrdevice.ptz.answers import Answers
from nvrdevice.ptz.control import HEADS
from nvrdevice.ptz.heads import Heads
from nvrdevice.ptz.spaces import Vector
from tests.webui.conftest import Browser
from tests.webui.sockets import Socket, in_database
from webui import consumers, live_sockets

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

PATH = "/ws/ptz/source1/"
LIMIT_S = 30


@pytest_asyncio.fixture(autouse=True)
async def quick(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(consumers, "GATHER_S", 0.0)
    monkeypatch.setattr(consumers, "LOOK_S", 0.05)
    monkeypatch.setattr(live_sockets, "LOOK_S", 0.05)
    yield
    await asyncio.sleep(0.01)


@pytest.fixture
def heads() -> Iterator[Heads]:
    """The part of the media process that moves, with a clock that stands."""
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    clock.advance(100)
    made = Heads({"source1": True}.get, clock=clock)
    made.running("source1")
    answering = Answering(HEADS, Answers(made).handlers())
    answering.start()
    yield made
    answering.stop()


async def opened(browser: Browser, username: str = "oscar", path: str = PATH) -> Socket | None:
    socket = Socket(await in_database(browser)(username), path)
    return socket if await socket.opens() else None


async def say(socket: Socket, what: Any) -> dict[str, Any]:
    await socket.say(json.dumps(what))
    return await socket.news()


async def test_for_operators_and_cameras_that_are_there(browser: Browser, heads: Heads) -> None:
    assert await opened(browser, "vera") is None
    assert await opened(browser, path="/ws/ptz/nowhere/") is None


async def test_it_moves_and_stops(browser: Browser, heads: Heads) -> None:
    socket = await opened(browser)
    assert socket is not None
    assert await say(socket, {"move": {"zoom": 0.5}}) == {"moving": True}
    assert await say(socket, {"stop": True}) == {"moving": False}
    await socket.leave()


async def test_what_is_out_of_bounds_is_refused_in_words(browser: Browser, heads: Heads) -> None:
    socket = await opened(browser)
    assert socket is not None
    assert await say(socket, {"move": {"zoom": 2}}) == {"error": "zoom is a number from -1 to 1."}
    await socket.leave()


async def test_a_socket_that_drops_stops_its_move(browser: Browser, heads: Heads) -> None:
    socket = await opened(browser)
    assert socket is not None
    await say(socket, {"move": {"zoom": 0.5}})
    await socket.leave()
    assert await ends(heads)


async def test_a_socket_that_drops_leaves_another_ones_move(browser: Browser, heads: Heads) -> None:
    socket = await opened(browser)
    assert socket is not None
    await say(socket, {"move": {"zoom": 0.5}})
    heads.continuous("source1", Vector(zoom=1.0), 60.0, "another")
    await socket.leave()
    assert heads.position("source1")[1]


async def ends(heads: Heads) -> bool:
    for _ in range(LIMIT_S * 100):
        if not heads.position("source1")[1]:
            return True
        await asyncio.sleep(0.01)
    return False
