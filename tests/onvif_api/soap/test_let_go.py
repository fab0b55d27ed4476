"""A refused message is let go at once: a collector that comes by later would find gigabytes."""

import asyncio
import gc
from collections.abc import Iterator
from types import FrameType

import pytest

from nvrdevice.lib.errors import DeviceError, Kind
from onvif_api.soap.app import SoapApp
from onvif_api.soap.pool import Pool
from tests.onvif_api.soap_client import envelope, send

pytestmark = pytest.mark.django_db

PULL = (
    "<tev:PullMessages><tev:Timeout>PT1S</tev:Timeout><tev:MessageLimit>1</tev:MessageLimit>"
    "</tev:PullMessages>"
)


@pytest.fixture
def left_over() -> Iterator[list[object]]:
    """What is left to the collector, once it was called."""
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    yield gc.garbage
    gc.set_debug(0)
    gc.garbage.clear()
    gc.enable()


def ours(left: list[object]) -> list[str]:
    gc.collect()
    frames = [each for each in left if isinstance(each, FrameType)]
    return [each.f_code.co_name for each in frames if "onvif_api" in each.f_code.co_filename]


@pytest.mark.parametrize(
    "message",
    [
        b"<a",
        b"<!DOCTYPE a><a/>",
        envelope("<q/>"),
        envelope("<tds:GetUsers/>"),
        envelope(PULL),
        envelope("<tds:GetCapabilities><tds:Category>Q</tds:Category></tds:GetCapabilities>"),
    ],
)
def test_a_refused_message_is_let_go(message: bytes, left_over: list[object]) -> None:
    asyncio.run(send(SoapApp(), message))
    assert ours(left_over) == []


def test_what_the_pool_refuses_is_let_go(left_over: list[object]) -> None:
    def refuse() -> None:
        raise DeviceError(Kind.INVALID, "No.")

    async def ask() -> None:
        with pytest.raises(DeviceError):
            await Pool()(refuse)

    asyncio.run(ask())
    assert ours(left_over) == []
