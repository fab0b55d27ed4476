"""A pull that waits: through the whole application, a database in a file and the real reader."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio

from nvrdevice.accounts import saving, users
from nvrdevice.accounts.access import AccessClass
from nvrdevice.accounts.users import Change, NewUser
from nvrdevice.asgi import application
from nvrdevice.audit import trail
from nvrdevice.events import journal, publish
from nvrdevice.events.waiting import Reader
from nvrdevice.motion.topics import ALARM
from onvif_api.rest.waiting import HOLDER, Wait, front
from tests.nvrdevice.events.live import (  # noqa: F401 - fixtures
    empty_database,
    in_thread,
    live_database,
    live_reader,
)
from tests.onvif_api.rest.rest_client import PASSWORDS, token

pytestmark = pytest.mark.asyncio
BOUND_S = 30.0


def make_people() -> None:
    saving.make_groups()
    made = [NewUser(role, password, (role,)) for role, password in PASSWORDS.items()]
    users.create_many(made, by=trail.DEVICE)


class Waiting:
    def __init__(self, http: httpx.AsyncClient, reader: Reader) -> None:
        self.http = http
        self.reader = reader

    async def pull(self, query: str) -> dict[str, Any]:
        answer = await self.http.get(f"/events/pull{query}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def waits(self, query: str) -> "asyncio.Task[dict[str, Any]]":
        """A pull that waits by now."""
        task = asyncio.create_task(self.pull(query))
        await until(lambda: self.reader.waiting() == 1 or task.done())
        assert not task.done(), task.result()
        return task


@pytest_asyncio.fixture
async def device(live_reader: Reader) -> AsyncIterator[Waiting]:  # noqa: F811
    await in_thread(make_people)
    transport = httpx.ASGITransport(application, client=("192.168.1.9", 4711))
    headers = {"Authorization": token("viewer", PASSWORDS["viewer"])}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://192.168.1.20:8000", headers=headers, timeout=BOUND_S
    ) as http:
        yield Waiting(http, live_reader)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(BOUND_S):
        while not holds():
            await asyncio.sleep(0.01)


async def move(state: bool) -> None:
    await in_thread(publish, ALARM.name, {"Source": "source1"}, {"State": state})


async def test_a_pull_is_answered_when_something_happens(device: Waiting) -> None:
    pull = await device.waits("?after=0&timeout_s=60")
    await move(True)
    pulled = await pull
    head = await in_thread(journal.head)
    assert [event["id"] for event in pulled["events"]] == [head]
    assert (pulled["after"], pulled["more"], pulled["missed"]) == (head, False, False)
    assert (await device.pull(f"?after={head}"))["events"] == []


async def test_a_bare_pull_waits_where_nothing_happened_yet(device: Waiting) -> None:
    pull = await device.waits("?timeout_s=60")
    await move(True)
    assert len((await pull)["events"]) == 1


async def test_what_is_there_already_is_told_at_once(device: Waiting) -> None:
    await move(True)
    assert len((await device.pull("?after=0&timeout_s=60"))["events"]) == 1


async def test_without_an_event_the_time_runs_out(device: Waiting) -> None:
    assert await device.pull("?after=0&timeout_s=0.1") == {
        "events": [],
        "after": 0,
        "more": False,
        "missed": False,
    }


async def test_who_is_removed_while_waiting_learns_nothing(device: Waiting) -> None:
    pull = await device.waits("?after=0&timeout_s=60")
    await in_thread(lambda: users.update(Change("viewer", active=False), by=trail.DEVICE))
    await move(True)
    assert (await pull)["events"] == []


async def test_whoever_goes_away_waits_no_longer(device: Waiting) -> None:
    pull = await device.waits("?after=0&timeout_s=60")
    pull.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await pull
    await until(lambda: device.reader.waiting() == 0)


async def test_a_closed_connection_is_answered_nothing(device: Waiting) -> None:
    sent: list[Any] = []

    async def django(scope: Any, receive: Any, send: Any) -> None:
        wait = Wait(
            cursor=0,
            limit=1,
            timeout_s=60,
            username="viewer",
            needs=AccessClass.READ_MEDIA,
            write=lambda page: {},
            log=lambda took_s: None,
        )
        scope[HOLDER].append(wait)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def gone() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await front(django)({"type": "http", "path": "/events/pull"}, gone, send)
    assert sent == []
    await until(lambda: device.reader.waiting() == 0)


async def test_the_end_of_the_process_answers_who_waits(device: Waiting) -> None:
    pull = await device.waits("?after=0&timeout_s=60")
    await in_thread(device.reader.close)
    assert (await pull)["events"] == []


async def test_each_challenge_has_a_line_of_its_own(device: Waiting) -> None:
    device.http.headers.pop("Authorization")
    answer = await device.http.get("/device/information")
    offered = answer.headers.get_list("WWW-Authenticate")
    assert [line.partition(", nonce")[0] for line in offered] == [
        'UsernameToken realm="nvrdevice"',
        'Digest realm="nvrdevice", qop="auth", algorithm=SHA-256',
        'Digest realm="nvrdevice", qop="auth", algorithm=MD5',
    ]


async def test_a_client_of_http_digest_signs_in_by_itself(device: Waiting) -> None:
    device.http.headers.pop("Authorization")
    digest = httpx.DigestAuth("viewer", PASSWORDS["viewer"])
    answer = await device.http.get("/media/stream_uri?profile_token=profile1", auth=digest)
    assert answer.json()["uri"] == "rtsp://192.168.1.20:8554/profile1"
