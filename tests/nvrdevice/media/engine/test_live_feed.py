"""From the hubs to those who watch: at once, in order, only while wanted, and whole again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.media import live
from nvrdevice.media.engine.hub import AccessUnit, Hub
from nvrdevice.media.engine.live_feed import LiveFeed, Stream
from nvrdevice.media.fmp4.boxer import Boxer
from nvrdevice.media.live import Silence, Viewer
from nvrdevice.media.live_messages import Message, Opening, Part, Refusal
from tests.nvrdevice.media.encoded import units

pytestmark = pytest.mark.asyncio
PATIENCE_S = 10.0


class Camera:
    """What the engine is to the feed: streams by profile, and who asked for key pictures."""

    def __init__(self) -> None:
        self.keys_asked = 0
        self.wanted: list[bool] = []
        self.streams: dict[str, Stream] = {"profile1": self.stream(), "profile10": self.stream()}

    def stream(self, codec: str = "H264") -> Stream:
        hub = Hub(key_wanted=self._ask_key, wanted_changed=lambda: self.wanted.append(hub.wanted))
        return Stream(hub, codec, 25.0, keys_on_request=True)

    def find(self, profile: str) -> Stream:
        if profile not in self.streams:
            raise DeviceError(Kind.MISSING, f"There is no profile {profile!r}.")
        return self.streams[profile]

    def publish(self, begin: int, end: int, *, profile: str = "profile1", size: str = "") -> None:
        for unit in units(size=size or "320x180")[begin:end]:
            self.streams[profile].hub.publish(
                AccessUnit(unit.data, unit.time_ns, unit.wall_ns, unit.key)
            )

    def _ask_key(self) -> None:
        self.keys_asked += 1


@pytest.fixture
def camera() -> Camera:
    return Camera()


@pytest.fixture
def sockets(tmp_path: Path) -> RunSockets:
    return RunSockets(tmp_path / "run")


@pytest.fixture
def feed(camera: Camera, sockets: RunSockets) -> Iterator[LiveFeed]:
    made = LiveFeed(camera.find, sockets)
    made.start()
    yield made
    made.stop()


@pytest_asyncio.fixture(autouse=True)
async def no_lingering(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(live, "LINGER_S", 0.0)
    yield
    await asyncio.sleep(0.01)  # for streams that nobody watches any more to be closed


async def parts(viewer: Viewer, count: int) -> list[Message]:
    """The next count messages that are no silence."""
    found: list[Message] = []
    async with asyncio.timeout(PATIENCE_S):
        while len(found) < count:
            message = await viewer.next()
            if not isinstance(message, Silence):
                found.append(message)
    return found


def numbers(messages: list[Message]) -> list[int]:
    return [message.sequence for message in messages if isinstance(message, Part)]


async def until_wanted(camera: Camera, *, wanted: bool = True) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while camera.streams["profile1"].hub.wanted != wanted:
            await asyncio.sleep(0.01)


async def test_who_joins_gets_the_current_group_at_once(
    camera: Camera, feed: LiveFeed, sockets: RunSockets
) -> None:
    camera.publish(0, 30)
    with live.watch("profile1", sockets) as viewer:
        opening, *rest = await parts(viewer, 6)
        assert isinstance(opening, Opening)
        assert (opening.codec, opening.width, opening.height) == ("avc1.42C00C", 320, 180)
        assert [each.key for each in rest if isinstance(each, Part)] == [True] + [False] * 4
        assert camera.keys_asked == 1
        camera.publish(30, 32)
        assert numbers(await parts(viewer, 2)) == [6, 7]


async def test_it_is_the_same_for_who_joins_later(
    camera: Camera, feed: LiveFeed, sockets: RunSockets
) -> None:
    with live.watch("profile1", sockets) as first:
        await until_wanted(camera)
        camera.publish(0, 30)
        seen = await parts(first, 31)
        with live.watch("profile1", sockets) as second:
            assert await parts(second, 6) == [seen[0], *seen[26:]]


async def test_nothing_is_taken_from_the_hub_while_nobody_watches(
    camera: Camera, feed: LiveFeed, sockets: RunSockets
) -> None:
    assert not camera.streams["profile1"].hub.wanted
    with live.watch("profile1", sockets):
        await until_wanted(camera)
    await until_wanted(camera, wanted=False)
    assert camera.wanted == [True, False]


async def test_a_profile_is_not_taken_for_another(
    camera: Camera, feed: LiveFeed, sockets: RunSockets
) -> None:
    with live.watch("profile1", sockets) as viewer:
        await until_wanted(camera)
        camera.publish(0, 3, profile="profile10")
        camera.publish(0, 3)
        assert numbers(await parts(viewer, 4)) == [1, 2, 3]
        assert not camera.streams["profile10"].hub.wanted


async def test_a_second_web_process_is_served_as_well(
    camera: Camera, feed: LiveFeed, sockets: RunSockets
) -> None:
    camera.publish(0, 2)
    with live.watch("profile1", sockets) as viewer:
        first = await parts(viewer, 3)
        other = live._Stream("profile1", sockets)
        assert await parts(other.join(), 3) == first
        camera.publish(2, 3)
        assert numbers(await parts(viewer, 1)) == [3]  # what was repeated is not sent again
        other.close()


async def test_a_media_process_started_anew_is_found(camera: Camera, sockets: RunSockets) -> None:
    feed = LiveFeed(camera.find, sockets)
    feed.start()
    with live.watch("profile1", sockets) as viewer:
        await until_wanted(camera)
        camera.publish(0, 2)
        before = await parts(viewer, 3)
        feed.stop()
        assert not camera.streams["profile1"].hub.wanted
        feed = LiveFeed(camera.find, sockets)
        feed.start()
        await until_wanted(camera)
        camera.publish(0, 2)
        after = await parts(viewer, 3)
        feed.stop()
    assert isinstance(before[0], Opening)
    assert isinstance(after[0], Opening)
    assert before[0].generation != after[0].generation
    assert numbers(after) == [1, 2]


async def test_a_source_that_was_changed_is_followed(
    camera: Camera, feed: LiveFeed, sockets: RunSockets
) -> None:
    with live.watch("profile1", sockets) as viewer:
        await until_wanted(camera)
        camera.publish(0, 1)
        await parts(viewer, 2)
        camera.streams["profile1"] = camera.stream()
        await until_wanted(camera)
        camera.publish(0, 2, size="640x360")
        opening, *rest = await parts(viewer, 3)
        assert isinstance(opening, Opening)
        assert (opening.width, numbers(rest)) == (640, [1, 2])


async def test_why_there_is_no_picture_is_told_until_there_is_one(
    camera: Camera, feed: LiveFeed, sockets: RunSockets
) -> None:
    camera.streams["profile1"] = camera.stream("JPEG")
    with live.watch("profile1", sockets) as viewer:
        (told,) = await parts(viewer, 1)
        assert isinstance(told, Refusal)
        assert "JPEG" in told.why
        with live.watch("profile1", sockets) as later:
            assert await parts(later, 1) == [told]
        camera.streams["profile1"] = camera.stream()
        await until_wanted(camera)
        camera.publish(0, 1)
        assert [type(each) for each in await parts(viewer, 2)] == [Opening, Part]


async def test_silence_is_told_once(
    camera: Camera, feed: LiveFeed, sockets: RunSockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SILENCE_S", 0.05)
    with live.watch("profile1", sockets) as viewer:
        async with asyncio.timeout(PATIENCE_S):
            assert isinstance(await viewer.next(), Silence)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await viewer.next()


async def test_what_was_lost_on_the_way_is_asked_for_again(
    camera: Camera, feed: LiveFeed, sockets: RunSockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = live._Stream._take
    lost = {4, 5}

    def lossy(self: live._Stream, message: Message) -> None:
        if isinstance(message, Part) and message.sequence in lost:
            lost.discard(message.sequence)
            return
        taken(self, message)

    monkeypatch.setattr(live._Stream, "_take", lossy)
    with live.watch("profile1", sockets) as viewer:
        await until_wanted(camera)
        camera.publish(0, 8)
        assert numbers(await parts(viewer, 9)) == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_a_broken_message_is_left_out(
    camera: Camera, feed: LiveFeed, sockets: RunSockets
) -> None:
    with live.watch("profile1", sockets) as viewer:
        await until_wanted(camera)
        feed._send([b"profile1\0", b"not JSON", b""])
        camera.publish(0, 1)
        assert [type(each) for each in await parts(viewer, 2)] == [Opening, Part]


async def test_a_viewer_that_is_slow_goes_on_with_a_key_picture(
    camera: Camera, feed: LiveFeed, sockets: RunSockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    with live.watch("profile1", sockets) as slow, live.watch("profile1", sockets) as quick:
        await until_wanted(camera)
        camera.publish(0, 10)
        await parts(quick, 11)
        monkeypatch.setattr(live, "WAITING_S", -1.0)  # whatever waits now is too old
        camera.publish(10, 11)
        await parts(quick, 1)
        monkeypatch.setattr(live, "WAITING_S", 60.0)
        camera.publish(11, 30)
        await parts(quick, 19)
        found = await parts(slow, 6)
        assert isinstance(found[0], Opening)
        assert numbers(found) == [26, 27, 28, 29, 30]
        assert slow.dropped == 25


async def test_a_viewer_holds_no_more_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "WAITING_BYTES", 1000)
    viewer = Viewer([])
    part = Part(generation=1, sequence=1, key=True, wall_ns=0, data=b"x" * 400)
    for sequence in range(1, 10):
        viewer.offer(replace(part, sequence=sequence, key=sequence % 4 == 1))
    assert numbers(await parts(viewer, 1)) == [9]
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.05):
            raise AssertionError(await viewer.next())


async def test_a_stream_that_nobody_can_write_ends_no_other(
    camera: Camera, feed: LiveFeed, sockets: RunSockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Boxer, unit: object) -> list[object]:
        raise ValueError("odd")

    with live.watch("profile1", sockets) as viewer, live.watch("profile10", sockets) as other:
        await until_wanted(camera)
        with monkeypatch.context() as patched:
            patched.setattr(Boxer, "take", broken)
            camera.publish(0, 1)
            (told,) = await parts(viewer, 1)
            assert isinstance(told, Refusal)
        camera.publish(0, 1, profile="profile10")
        assert [type(each) for each in await parts(other, 2)] == [Opening, Part]
