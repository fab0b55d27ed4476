"""No datagram ends the device: whatever comes, the next good Probe is answered."""

import asyncio
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nvrdevice.discovery import matching, messages
from nvrdevice.discovery.messages import Probe
from nvrdevice.discovery.sockets import Datagram
from tests.nvrdevice.discovery import probes
from tests.nvrdevice.discovery.lone_device import EYE, LOOPBACK, running

GOOD = probes.probe("dn:NetworkVideoTransmitter", EYE.scopes[0], messages.D + "/rfc3986")
CUTS = st.integers(0, len(GOOD))
MARKUP = st.sampled_from(
    [b"<", b">", b"&", b"]]>", b"<!--", b"<!DOCTYPE a [", b"xmlns", b"\0", b"'"]
)


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A good Probe with parts cut out, doubled, or replaced by other bytes."""
    data = GOOD
    for _ in range(draw(st.integers(1, 4))):
        start, end = sorted((draw(CUTS), draw(CUTS)))
        middle = draw(st.one_of(st.binary(max_size=40), MARKUP, st.just(data[start:end] * 2)))
        data = data[:start] + middle + data[end:]
    return data


DATAGRAMS = st.one_of(st.binary(max_size=3000), mangled())
TEXTS = st.text(max_size=300).filter(lambda text: not set(text) & set("<&") and text.isprintable())
ADDRESSES = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6), st.just(ip_address("127.0.0.1")))


@given(DATAGRAMS)
@settings(max_examples=400, deadline=None)
def test_reading_never_raises(data: bytes) -> None:
    messages.read_request(data)


@given(TEXTS, TEXTS, st.sampled_from(["", *matching.RULES]))
@settings(max_examples=300, deadline=None)
def test_matching_never_raises(types: str, scopes: str, rule: str) -> None:
    request = messages.read_request(probes.probe(types, scopes, rule))
    assert isinstance(request, Probe)
    matching.matches(request, EYE.scopes)


@given(data=st.lists(st.tuples(DATAGRAMS, ADDRESSES, ADDRESSES, st.booleans()), max_size=20))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_answering_never_raises(
    tmp_path: Path, data: list[tuple[bytes, object, object, bool]]
) -> None:
    async def run() -> None:
        async with running(tmp_path, greeted=False) as (device, _):
            for raw, sender, arrived_at, multicast in data:
                datagram = Datagram(raw, sender, 5000, LOOPBACK.index, multicast, arrived_at)  # type: ignore[arg-type]
                device.responder._answer(datagram, device.responder._sockets[0])

    asyncio.run(run())


@pytest.mark.asyncio
async def test_after_a_storm_the_device_still_answers(tmp_path: Path) -> None:
    storm = [GOOD[:cut] for cut in range(0, len(GOOD), 7)]
    storm += [GOOD.replace(b"urn:uuid:1", b"\xc3\x28"), b"\0" * 60_000, b"<a>" * 15_000]
    async with running(tmp_path) as (_, client):
        for data in storm:
            client.ask(data)
            client.ask_everybody(data)
            await asyncio.sleep(0)
        client.ask(probes.probe(id_="urn:uuid:good"))
        heard = await client.answer()
        assert heard.text("a:RelatesTo") == "urn:uuid:good"
