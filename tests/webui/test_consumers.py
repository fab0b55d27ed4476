"""The sockets of the pages: who may open one, what comes over it, and when it ends."""

import re

import pytest
from django.test import Client

from nvrdevice.accounts import users
from nvrdevice.accounts.models import User
from nvrdevice.events import publishing
from nvrdevice.media import facts
from tests.webui.conftest import BY, Browser
from tests.webui.sockets import HOST, Socket, in_database
from webui import consumers, live_sockets

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

MOTION = "tns1:VideoSource/MotionAlarm"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds for people takes none here."""
    monkeypatch.setattr(consumers, "GATHER_S", 0.0)
    monkeypatch.setattr(consumers, "LOOK_S", 0.05)
    monkeypatch.setattr(live_sockets, "LOOK_S", 0.05)


@in_database
def move(*moving: bool) -> list[int | None]:
    """The numbers of the rows."""
    return [publishing.publish(MOTION, {"Source": "source1"}, {"State": each}) for each in moving]


@pytest.mark.parametrize("origin", [b"", b"http://" + HOST])
async def test_a_viewer_may(browser: Browser, origin: bytes) -> None:
    socket = Socket(await in_database(browser)("vera"), origin=origin)
    assert await socket.opens()
    await socket.leave()


async def test_a_stranger_may_not(browser: Browser) -> None:
    assert not await Socket(await in_database(browser)("")).opens()


async def test_a_page_from_elsewhere_may_not(browser: Browser) -> None:
    client = await in_database(browser)("vera")
    assert not await Socket(client, origin=b"http://evil.example").opens()


async def test_a_user_without_a_role_may_not(browser: Browser) -> None:
    client = await in_database(browser)("vera")
    await in_database(lambda: User.objects.get(username="vera").groups.clear())()
    assert not await Socket(client).opens()


async def test_an_expired_sign_in_may_not(browser: Browser) -> None:
    client = await in_database(browser)("vera")

    def expire() -> None:
        session = client.session
        session.set_expiry(-1)
        session.save()

    await in_database(expire)()
    assert not await Socket(client).opens()


async def test_nobody_may_before_the_first_password_is_changed(first_start: User) -> None:
    client = Client()
    await in_database(client.force_login)(first_start)
    assert not await Socket(client).opens()


async def test_there_is_nothing_at_other_paths(browser: Browser) -> None:
    client = await in_database(browser)("vera")
    assert not await Socket(client, "/ws/other/").opens()


async def test_rows_behind_the_last_one_come_first(browser: Browser) -> None:
    first, second, third = await move(False, True, False)
    socket = Socket(await in_database(browser)("vera"), f"/ws/events/?after={first}")
    assert await socket.opens()
    news = await socket.news()
    assert (news["last"], news["gap"]) == (third, False)
    assert re.findall(r'data-id="(\d+)"', news["rows"]) == [str(third), str(second)]
    await socket.leave()


async def test_too_large_a_gap_is_told(browser: Browser) -> None:
    await move(*(index % 2 == 1 for index in range(consumers.ROWS + 5)))
    socket = Socket(await in_database(browser)("vera"))
    assert await socket.opens()
    news = await socket.news()
    assert (news["gap"], news["rows"].count("<li")) == (True, consumers.ROWS)
    await socket.leave()


@pytest.mark.parametrize("after", ["-1", "x", "9" * 40, "²", ""])
async def test_a_strange_last_row_counts_as_none(browser: Browser, after: str) -> None:
    (number,) = await move(False)
    socket = Socket(await in_database(browser)("vera"), f"/ws/events/?after={after}")
    assert await socket.opens()
    assert (await socket.news())["last"] == number
    await socket.leave()


async def test_a_new_event_is_pushed(browser: Browser) -> None:
    socket = Socket(await in_database(browser)("vera"))
    assert await socket.opens()
    await socket.news()
    await move(True)
    news = await socket.until(lambda news: "rows" in news)
    assert "There is motion" in news["rows"]
    await socket.leave()


async def test_a_lost_camera_is_pushed(browser: Browser) -> None:
    socket = Socket(await in_database(browser)("vera"), "/ws/events/?source=source1")
    assert await socket.opens()
    assert "Not seen yet" in (await socket.news())["parts"]["camera-facts"]
    lost = facts.Facts(uri="test:", reason="It refused.")
    await in_database(facts.write)("source1", lost)
    news = await socket.until(lambda news: "parts" in news)
    assert "Offline" in news["parts"]["camera-facts"]
    assert "motion" not in news["parts"]  # only what changed
    await socket.leave()


async def opened(browser: Browser, username: str) -> tuple[Client, Socket]:
    client = await in_database(browser)(username)
    socket = Socket(client)
    assert await socket.opens()
    await socket.news()
    return client, socket


async def test_signing_out_ends_it(browser: Browser) -> None:
    client, socket = await opened(browser, "vera")
    await in_database(client.post)("/logout/")
    assert await socket.end_code() == consumers.SIGNED_OUT


async def test_removing_the_user_ends_it(browser: Browser) -> None:
    _, socket = await opened(browser, "vera")
    await in_database(lambda: users.delete("vera", by=BY))()
    assert await socket.end_code() == consumers.SIGNED_OUT


async def test_switching_the_user_off_ends_it(browser: Browser) -> None:
    _, socket = await opened(browser, "vera")
    await in_database(lambda: users.update(users.Change("vera", active=False), by=BY))()
    assert await socket.end_code() == consumers.SIGNED_OUT


async def test_a_new_password_ends_it(browser: Browser) -> None:
    _, socket = await opened(browser, "vera")
    change = users.Change("vera", password="another long sentence")
    await in_database(lambda: users.update(change, by=BY))()
    assert await socket.end_code() == consumers.SIGNED_OUT


async def test_who_is_demoted_opens_another_socket(browser: Browser) -> None:
    _, socket = await opened(browser, "oscar")
    await in_database(lambda: users.update(users.Change("oscar", roles=("viewer",)), by=BY))()
    assert await socket.end_code() == consumers.SIGNED_OUT


async def test_a_change_that_leaves_the_right_leaves_the_socket(browser: Browser) -> None:
    _, socket = await opened(browser, "vera")
    await in_database(lambda: users.update(users.Change("vera", roles=("admin",)), by=BY))()
    await move(True)
    assert "rows" in await socket.until(lambda news: "rows" in news)
    await socket.leave()


async def test_there_are_no_more_than_fit(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_sockets, "LIMIT", 1)
    client, socket = await opened(browser, "vera")
    assert not await Socket(client).opens()
    await socket.leave()
