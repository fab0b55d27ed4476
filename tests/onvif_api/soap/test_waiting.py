"""Operations that wait: in the pool, in the event loop, and for clients that go."""

import asyncio
import threading
from typing import Any

import pytest

from nvrdevice.lib.errors import DeviceError
from onvif_api.soap.app import SoapApp
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.pool import Pool
from tests.onvif_api.fake_security import FakeSecurity
from tests.onvif_api.soap.operations import registered
from tests.onvif_api.soap_client import SOAP_12, call, envelope


def hostname(text: str) -> Element:
    return el(
        "tds:GetHostnameResponse",
        el("tds:HostnameInformation", el("tt:FromDHCP", False), el("tt:Name", text)),
    )


def test_the_pool_runs_what_waits_in_another_thread() -> None:
    assert asyncio.run(Pool()(threading.current_thread)) is not threading.current_thread()


def test_the_pool_is_bounded() -> None:
    async def crowd() -> list[Any]:
        pool = Pool(threads=1, waiting_limit=1)
        go = threading.Event()
        waiting = [asyncio.ensure_future(pool(go.wait)) for _ in range(3)]
        await asyncio.sleep(0)
        go.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    first, second, third = asyncio.run(crowd())
    assert (first, second, isinstance(third, DeviceError)) == (True, True, True)


def test_an_operation_that_is_a_coroutine() -> None:
    async def get_hostname(call: Call) -> Element:
        await asyncio.sleep(0)
        return hostname(await call.in_thread(str.upper, "it"))

    with registered("tds:GetHostname", get_hostname):
        answer = call("<tds:GetHostname/>", security=FakeSecurity())
    assert answer.text("tds:HostnameInformation/tt:Name") == "IT"


def test_a_client_that_goes_ends_its_wait() -> None:
    cancelled: list[str] = []
    sent: list[Any] = []

    async def get_hostname(call: Call) -> Element:
        try:
            return await asyncio.Future()
        except asyncio.CancelledError:
            cancelled.append("yes")
            raise

    async def keep(message: Any) -> None:
        sent.append(message)

    async def go_away() -> None:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        queue.put_nowait({"type": "http.request", "body": envelope("<tds:GetHostname/>")})
        queue.put_nowait({"type": "http.disconnect"})
        headers = [(b"content-type", SOAP_12.encode())]
        scope = {"type": "http", "method": "POST", "path": "/onvif/x", "headers": headers}
        await SoapApp(security=FakeSecurity())(scope, queue.get, keep)
        await asyncio.sleep(0)

    with registered("tds:GetHostname", get_hostname):
        asyncio.run(go_away())
    assert (cancelled, sent) == (["yes"], [])


def test_a_failure_is_a_fault_without_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    def get_hostname(call: Call) -> Element:
        raise RuntimeError("the secret is 42")

    with registered("tds:GetHostname", get_hostname, waits=True):
        answer = call("<tds:GetHostname/>", security=FakeSecurity())
    assert (answer.status, answer.fault, b"42" in answer.raw) == (500, "Receiver/Action", False)
    assert "the secret is 42" in caplog.text
