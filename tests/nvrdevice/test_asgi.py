"""Behind a trusted proxy every face sees the true client; from anybody else a header is nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async

from nvrdevice import clients, state
from nvrdevice.accounts import bootstrap
from nvrdevice.asgi import application
from nvrdevice.clients import Book
from nvrdevice.clients.proxies import ProxySettings
from nvrdevice.lib.clock import SYSTEM_CLOCK
from tests.e2e.running_device import SYSTEM_TIME

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

PROXY, CLIENT, STRANGER = "192.168.1.2", "203.0.113.7", "192.168.1.66"


@pytest.fixture(autouse=True)
def known() -> Iterator[Book]:
    made = Book(None)
    clients.use(made)
    yield made
    clients.use(Book(None))


@pytest.fixture(autouse=True)
def trusted() -> None:
    state.update(ProxySettings, lambda now: replace(now, trusted_proxies=(PROXY,)))


def through(peer: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(application, client=(peer, 4711))
    headers = {"X-Forwarded-For": CLIENT}
    return httpx.AsyncClient(transport=transport, base_url="http://device", headers=headers)


async def ask(peer: str) -> None:
    async with through(peer) as client:
        kind = {"Content-Type": "application/soap+xml"}
        answer = await client.post("/onvif/device_service", content=SYSTEM_TIME, headers=kind)
        assert answer.status_code == 200


async def sign_in(peer: str) -> None:
    async with through(peer) as client:
        await client.get("/login/")
        form = {
            "username": "nobody",
            "password": "wrong",
            "csrfmiddlewaretoken": client.cookies["nvrdevice_csrf"],
        }
        assert "is wrong" in (await client.post("/login/", data=form)).text


def now() -> float:
    return SYSTEM_CLOCK.now().timestamp()


@pytest.mark.parametrize(("peer", "seen"), [(PROXY, CLIENT), (STRANGER, STRANGER)])
async def test_soap(known: Book, peer: str, seen: str) -> None:
    await ask(peer)
    assert [call.address for call in known.ledger.calls(now())] == [seen]


@pytest.mark.parametrize(("peer", "seen"), [(PROXY, CLIENT), (STRANGER, STRANGER)])
async def test_pages(known: Book, peer: str, seen: str) -> None:
    await sign_in(peer)
    assert [each.address for each in known.ledger.refusals(now())] == [seen]


async def status_under(host: str) -> int:
    transport = httpx.ASGITransport(application, client=("192.168.1.9", 4711))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
        return (await client.get("/login/")).status_code


async def test_a_public_name_is_refused_while_everybody_knows_the_password(
    settings: Any, config_dir: Path
) -> None:
    settings.NVR_CONFIG_DIR = config_dir  # no users.yaml of another test is imported
    await sync_to_async(bootstrap.ensure_first_account)()
    assert await status_under("evil.example") == 403
    assert await status_under("192.168.1.20") == 200


async def test_a_public_name_is_served_once_the_password_is_a_secret() -> None:
    assert await status_under("camera.example.com") == 200
