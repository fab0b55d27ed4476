"""PullMessages that wait, through the real pool, a database in a file and the real reader."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from django.contrib.auth.models import Group

from nvrdevice.accounts.models import User
from nvrdevice.events import publish, topics, waiting
from nvrdevice.events.waiting import Reader
from nvrdevice.lib.clock import SYSTEM_CLOCK
from onvif_api.soap.app import SoapApp
from onvif_api.soap.namespaces import name
from onvif_api.soap.pool import Pool
from tests.nvrdevice.events.live import (  # noqa: F401 - fixtures
    empty_database,
    in_thread,
    live_database,
    live_reader,
)
from tests.onvif_api import soap_client
from tests.onvif_api.fake_security import LEVELS, FakeSecurity
from tests.onvif_api.services.events_client import (
    EVENT_SERVICE,
    MOTION,
    creation,
    fault_detail,
    path_of,
    pulling,
    told,
    topic_filter,
)
from tests.onvif_api.soap_client import PASSWORDS, Answer

pytestmark = pytest.mark.asyncio


class Client:
    def __init__(self, reader: Reader) -> None:
        self._pool = Pool()
        self._app = SoapApp(runner=self._pool, security=FakeSecurity())
        self.reader = reader

    async def ask(self, request: str, path: str = EVENT_SERVICE, as_: str = "admin") -> Answer:
        header = soap_client.username_token(as_, PASSWORDS[as_], SYSTEM_CLOCK.now())
        body = soap_client.envelope(request, header)
        answer = await soap_client.send(self._app, body, path)
        soap_client.check(answer)
        return answer

    async def subscribe(self, filter: str = "", as_: str = "admin") -> str:
        """A pull point that has told its states."""
        path = path_of(await self.ask(creation(filter), as_=as_))
        await self.ask(pulling(), path, as_=as_)
        return path

    async def waiting(self, request: str, path: str, as_: str = "admin") -> "asyncio.Task[Answer]":
        """A request that waits by now."""
        before = self.reader.waiting()
        task = asyncio.create_task(self.ask(request, path, as_=as_))
        while self.reader.waiting() == before:
            assert not task.done(), told(task.result())
            await asyncio.sleep(0.01)
        return task

    def close(self) -> None:
        self._pool._executor.shutdown()


@pytest_asyncio.fixture
async def client(
    live_reader: Reader,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Client]:
    monkeypatch.setattr(topics, "_topics", {})
    source, data = {"Source": "tt:ReferenceToken"}, {"State": "xs:boolean"}
    topics.declare(MOTION, is_property=True, source=source, data=data)
    topics.declare("tns1:VideoSource/SignalLoss", is_property=True, source=source, data=data)
    await in_thread(make_people)
    await move(False)
    made = Client(live_reader)
    yield made
    made.close()


def make_people() -> None:
    for username, level in LEVELS.items():
        group, _ = Group.objects.get_or_create(name=username if level > 1 else "viewer")
        User.objects.create(pk=level, username=username).groups.add(group)


async def move(state: bool, topic: str = MOTION) -> None:
    await in_thread(publish, topic, {"Source": "source1"}, {"State": state})


async def test_a_pull_is_answered_when_something_happens(client: Client) -> None:
    path = await client.subscribe()
    pull = await client.waiting(pulling("PT60S"), path)
    await move(True)
    assert told(await pull) == [(MOTION, "Changed", {"Source": "source1", "State": "true"})]


async def test_a_pull_waits_its_whole_time_through_what_its_filter_leaves_out(
    client: Client,
) -> None:
    path = await client.subscribe(topic_filter(MOTION))
    pull = await client.waiting(pulling("PT0.5S"), path)
    await move(True, "tns1:VideoSource/SignalLoss")
    assert pull.done() is False
    answer = await pull
    assert (answer.status, told(answer)) == (200, [])


async def test_a_synchronization_point_answers_a_waiting_pull(client: Client) -> None:
    path = await client.subscribe()  # EVENT-3-1-15: the pull first, then the point
    pull = await client.waiting(pulling("PT20S", 2), path)
    await client.ask("<tev:SetSynchronizationPoint/>", path)
    assert [operation for _, operation, _ in told(await pull)] == ["Initialized"]


async def test_unsubscribing_ends_a_waiting_pull(client: Client) -> None:
    path = await client.subscribe()
    pull = await client.waiting(pulling("PT20S"), path)
    await client.ask("<wsnt:Unsubscribe/>", path)
    assert fault_detail(await pull) == "wsrf_r:ResourceUnknownFault"


async def test_a_second_pull_is_refused_while_the_first_waits(client: Client) -> None:
    path = await client.subscribe()
    pull = await client.waiting(pulling("PT20S"), path)
    assert fault_detail(await client.ask(pulling("PT20S"), path)) == "wsnt:UnableToGetMessagesFault"
    await move(True)
    assert len(told(await pull)) == 1
    again = await client.waiting(pulling("PT20S"), path)
    await move(False)
    assert len(told(await again)) == 1


async def test_a_client_that_goes_away_frees_its_pull_point(client: Client) -> None:
    path = await client.subscribe()
    pull = await client.waiting(pulling("PT20S"), path)
    pull.cancel()
    await asyncio.wait([pull])
    await move(True)
    assert len(told(await client.ask(pulling("PT20S"), path))) == 1


async def test_a_user_removed_meanwhile_is_told_nothing(client: Client) -> None:
    path = await client.subscribe(as_="viewer")
    pull = await client.waiting(pulling("PT20S"), path, as_="viewer")
    await in_thread(User.objects.filter(username="viewer").delete)
    await move(True)
    assert fault_detail(await pull) == "wsrf_r:ResourceUnknownFault"


async def test_a_user_demoted_meanwhile_is_told_nothing(client: Client) -> None:
    path = await client.subscribe(as_="operator")
    pull = await client.waiting(pulling("PT20S"), path, as_="operator")
    await in_thread(lambda: User.objects.get(username="operator").groups.clear())
    await move(True)
    assert fault_detail(await pull) == "wsrf_r:ResourceUnknownFault"


async def test_closing_answers_waiting_pulls_with_nothing(client: Client) -> None:
    path = await client.subscribe()
    pull = await client.waiting(pulling("PT60S"), path)
    waiting.close()
    answer = await pull
    assert (answer.status, answer.body.tag) == (200, name("tev:PullMessagesResponse"))
    assert told(answer) == []


async def test_a_pull_point_outlives_its_process(client: Client, live_database: Path) -> None:  # noqa: F811
    path = await client.subscribe()
    waiting.close()
    await move(True)
    waiting.use(None)
    fresh = Client(waiting.reader())
    assert [operation for _, operation, _ in told(await fresh.ask(pulling("PT20S"), path))] == [
        "Changed"
    ]
    waiting.close()
    fresh.close()


async def test_every_waiting_pull_gets_its_message(client: Client) -> None:
    paths = [await client.subscribe() for _ in range(40)]
    pulls = [await client.waiting(pulling("PT60S"), path) for path in paths]
    await move(True)
    answers = await asyncio.gather(*pulls)
    assert [len(told(answer)) for answer in answers] == [1] * 40
