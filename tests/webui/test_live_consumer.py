"""The socket of a live picture: who may open one, what comes over it, and when it ends."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from django.test import Client

from nvrdevice.accounts import users
from nvrdevice.accounts.models import User
from nvrdevice.lib import home
from nvrdevice.media import facts, live
from nvrdevice.media.engine.hub import AccessUnit, Hub
from nvrdevice.media.engine.live_feed import LiveFeed, Stream
from tests.nvrdevice.media.encoded import units
from tests.webui.conftest import BY, Browser
from tests.webui.sockets import HOST, Socket, in_database
from webui import consumers, live_consumer, live_sockets

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

LIVE = "/ws/live/profile1/"


@pytest_asyncio.fixture(autouse=True)
async def quick(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """What takes seconds for people takes none here."""
    monkeypatch.setattr(consumers, "GATHER_S", 0.0)
    monkeypatch.setattr(consumers, "LOOK_S", 0.05)
    monkeypatch.setattr(live_sockets, "LOOK_S", 0.05)
    monkeypatch.setattr(live, "LINGER_S", 0.0)
    yield
    await asyncio.sleep(0.01)


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A camera whose newest pictures are there already, and the feed that shows them."""
    made = Hub()
    for unit in units()[:3]:
        made.publish(AccessUnit(unit.data, unit.time_ns, unit.wall_ns, unit.key))
    feed = LiveFeed(lambda _: Stream(made, "H264", 25.0, keys_on_request=False), home.run_sockets())
    feed.start()
    yield made
    feed.stop()


async def opened(browser: Browser, username: str = "vera") -> tuple[Client, Socket]:
    client = await in_database(browser)(username)
    socket = Socket(client, LIVE)
    assert await socket.opens()
    return client, socket


async def stream(socket: Socket, pictures: int) -> tuple[dict[str, object], list[bytes]]:
    """The description of the stream, and the binary messages behind it."""
    while "stream" not in (message := await socket.take()):
        pass
    found: list[bytes] = []
    while len(found) < pictures + 1:
        taken = await socket.take()
        if isinstance(taken, bytes):
            found.append(taken)
    return message["stream"], found


@pytest.mark.parametrize("origin", [b"", b"http://" + HOST])
async def test_a_viewer_gets_the_picture(browser: Browser, hub: Hub, origin: bytes) -> None:
    socket = Socket(await in_database(browser)("vera"), LIVE, origin=origin)
    assert await socket.opens()
    told, pictures = await stream(socket, 3)
    assert told == {"codec": "avc1.42C00C", "width": 320, "height": 180}
    assert [each[4:8] for each in pictures] == [b"ftyp", b"moof", b"moof", b"moof"]
    await socket.leave()


async def test_a_stranger_may_not(browser: Browser) -> None:
    assert not await Socket(await in_database(browser)(""), LIVE).opens()


@pytest.mark.parametrize("origin", [b"http://evil.example", b"null"])
async def test_a_page_from_elsewhere_may_not(browser: Browser, origin: bytes) -> None:
    client = await in_database(browser)("vera")
    assert not await Socket(client, LIVE, origin=origin).opens()


async def test_a_user_without_a_role_may_not(browser: Browser) -> None:
    client = await in_database(browser)("vera")
    await in_database(lambda: User.objects.get(username="vera").groups.clear())()
    assert not await Socket(client, LIVE).opens()


async def test_an_expired_sign_in_may_not(browser: Browser) -> None:
    client = await in_database(browser)("vera")
    await in_database(expire)(client)
    assert not await Socket(client, LIVE).opens()


def expire(client: Client) -> None:
    session = client.session
    session.set_expiry(-1)
    session.save()


async def test_nobody_may_before_the_first_password_is_changed(first_start: User) -> None:
    client = Client()
    await in_database(client.force_login)(first_start)
    assert not await Socket(client, LIVE).opens()


@pytest.mark.parametrize("path", ["/ws/live/profile99/", "/ws/live/", "/ws/live/a/b/"])
async def test_there_is_nothing_at_other_paths(browser: Browser, path: str) -> None:
    assert not await Socket(await in_database(browser)("vera"), path).opens()


async def test_the_state_of_the_camera_comes_first_and_at_each_change(browser: Browser) -> None:
    _, socket = await opened(browser)
    unseen = {"kind": "unknown", "words": "Camera not seen yet", "since": None, "reason": ""}
    assert await socket.news() == {"camera": unseen}
    lost = facts.Facts(uri="test:", reason="It refused.")
    await in_database(facts.write)("source1", lost)
    told = (await socket.until(lambda news: "camera" in news))["camera"]
    since = await in_database(lambda: facts.read()["source1"].since)()
    assert (told["kind"], told["words"], told["reason"]) == (
        "danger", "Camera offline", "It refused.",
    )  # fmt: skip
    assert told["since"] == since.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    await socket.leave()


async def test_why_there_is_no_picture_is_told(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SILENCE_S", 0.05)  # no media process runs
    _, socket = await opened(browser)
    assert await socket.until(lambda news: "silence" in news) == {"silence": True}
    await socket.leave()


async def test_a_ping_is_answered_with_the_devices_time(browser: Browser, hub: Hub) -> None:
    _, socket = await opened(browser)
    for odd in ("x", "[]", '{"ping": "a"}', '{"ping": ' + "1" * 99 + "}"):
        await socket.say(odd)
    await socket.say(json.dumps({"ping": 12.5}))
    while not (isinstance(message := await socket.take(), dict) and "pong" in message):
        pass
    assert (message["pong"], message["now_ms"] > 1.7e12) == (12.5, True)
    await socket.leave()


async def test_signing_out_ends_it(browser: Browser, hub: Hub) -> None:
    client, socket = await opened(browser)
    await in_database(client.post)("/logout/")
    assert await socket.end_code() == consumers.SIGNED_OUT


async def test_an_expiring_sign_in_ends_it(browser: Browser, hub: Hub) -> None:
    client, socket = await opened(browser)
    await in_database(expire)(client)
    assert await socket.end_code() == consumers.SIGNED_OUT


async def test_removing_the_user_ends_it(browser: Browser, hub: Hub) -> None:
    _, socket = await opened(browser)
    await in_database(lambda: users.delete("vera", by=BY))()
    assert await socket.end_code() == consumers.SIGNED_OUT


async def test_taking_every_role_away_ends_it(browser: Browser, hub: Hub) -> None:
    _, socket = await opened(browser)
    await in_database(lambda: User.objects.get(username="vera").groups.clear())()
    assert await socket.end_code() == consumers.SIGNED_OUT


async def test_after_the_end_nothing_is_taken_from_the_camera(browser: Browser, hub: Hub) -> None:
    _, socket = await opened(browser)
    await stream(socket, 3)
    await socket.leave()
    async with asyncio.timeout(5):
        while hub.wanted:
            await asyncio.sleep(0.01)


async def test_there_are_no_more_than_fit(
    browser: Browser, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_consumer, "VIEWERS", 1)
    client, socket = await opened(browser)
    await stream(socket, 1)
    other = Socket(client, LIVE)
    assert await other.opens()
    assert await other.end_code() == live_consumer.FULL
    await socket.leave()
