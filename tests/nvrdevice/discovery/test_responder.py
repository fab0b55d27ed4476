"""The responder over real sockets: answers, silence, and what it says by itself."""

import asyncio
import dataclasses
import socket
from ipaddress import ip_address
from pathlib import Path

import pytest

from nvrdevice.discovery import abuse
from nvrdevice.discovery.messages import D
from nvrdevice.discovery.responder import Responder
from nvrdevice.discovery.sockets import Datagram
from tests.nvrdevice.discovery import probes
from tests.nvrdevice.discovery.lone_device import EYE, LOOPBACK, Client, Device, running
from tests.ports import free_port

pytestmark = pytest.mark.asyncio
STREAMING = "onvif://www.onvif.org/Profile/Streaming"


async def first_answered(client: Client) -> str:
    """The id of the request whose answer comes first; the last one sent is always answered."""
    client.ask(probes.probe(id_="urn:uuid:last"))
    return (await client.answer()).text("a:RelatesTo")


async def test_a_multicast_probe_is_answered_and_the_answer_repeated(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, client):
        client.ask_everybody(probes.probe("dn:NetworkVideoTransmitter", STREAMING))
        first, again = await client.answer(), await client.answer()
        assert first.raw == again.raw
        assert first.action == "ProbeMatches"
        assert first.text("a:RelatesTo") == "urn:uuid:1"
        assert first.xaddrs == ["http://127.0.0.1:8000/onvif/device_service"]


async def test_a_unicast_probe_is_answered(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, client):
        client.ask(probes.probe())
        assert (await client.answer()).text("a:Address") == EYE.endpoint


async def test_resolve_finds_this_device_only(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, client):
        client.ask(probes.resolve("urn:uuid:somebody-else", "urn:uuid:1"))
        client.ask(probes.resolve(EYE.endpoint, "urn:uuid:2"))
        heard = await client.answer()
        assert (heard.action, heard.text("a:RelatesTo")) == ("ResolveMatches", "urn:uuid:2")


@pytest.mark.parametrize(
    "request_",
    [
        probes.probe("dn:NetworkVideoDisplay"),
        probes.probe(scopes="onvif://www.onvif.org/Profile/G"),
        probes.probe("dn:NetworkVideoTransmitter", "onvif://www.onvif.org/Pro"),
        b"",
        b" ",
        b"<",
        b"\xff" * 65_000,
    ],
)
async def test_silence(tmp_path: Path, request_: bytes) -> None:
    async with running(tmp_path) as (_, client):
        client.ask(request_)
        assert await first_answered(client) == "urn:uuid:last"


async def test_an_unknown_rule_gets_a_fault_by_unicast(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, client):
        client.ask(probes.probe(scopes=STREAMING, match_by=D + "/ldap"))
        heard = await client.answer()
        assert heard.text("s:Subcode/s:Value") == "d:MatchingRuleNotSupported"


async def test_an_unknown_rule_gets_silence_by_multicast(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, client):
        client.ask_everybody(probes.probe(scopes=STREAMING, match_by=D + "/ldap"))
        assert await first_answered(client) == "urn:uuid:last"


async def test_a_message_that_comes_twice_is_answered_once(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, client):
        for id_ in ("urn:uuid:1", "urn:uuid:1", "urn:uuid:2"):
            client.ask(probes.probe(id_=id_))
        heard = [await client.answer() for _ in range(4)]  # two answers, each repeated
        assert sorted(each.text("a:RelatesTo") for each in heard) == [
            *("urn:uuid:1", "urn:uuid:1"),
            *("urn:uuid:2", "urn:uuid:2"),
        ]


async def test_a_greedy_sender_gets_few_answers(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, client):
        for number in range(100):
            client.ask(probes.probe(id_=f"urn:uuid:{number}"))
        answered = {heard.text("a:RelatesTo") for heard in await client.answers()}
        assert len(answered) == abuse.BURST


@pytest.mark.parametrize(("allowed", "answers"), [(False, 0), (True, 1)])
async def test_a_sender_from_afar(tmp_path: Path, allowed: bool, answers: int) -> None:
    async with running(tmp_path) as (device, client):
        device.become(answer_foreign_networks=allowed, scopes=("onvif://www.onvif.org/x/y",))
        await client.announcement("Hello")
        await client.announcement("Hello")
        far = ip_address("203.0.113.5")
        request = Datagram(probes.probe(), far, 5000, LOOPBACK.index, True, far)
        before = len(device.responder._tasks)
        device.responder._answer(request, device.responder._sockets[0])
        assert len(device.responder._tasks) - before == answers


async def test_changed_scopes_are_told_with_a_higher_version(tmp_path: Path) -> None:
    async with running(tmp_path) as (device, client):
        client.ask(probes.probe())
        before = await client.answer()
        await client.announcement("Hello")  # the first one's repetition
        device.become(scopes=(*EYE.scopes, "onvif://www.onvif.org/location/hall"))
        hello = await client.announcement("Hello")
        assert hello.scopes == [*EYE.scopes, "onvif://www.onvif.org/location/hall"]
        assert hello.metadata_version == before.metadata_version + 1
        assert hello.sequence > before.sequence


async def test_what_did_not_change_is_not_told(tmp_path: Path) -> None:
    async with running(tmp_path) as (device, client):
        await client.announcement("Hello")
        device.become()
        device.become(scopes=("onvif://www.onvif.org/x/y",))
        assert (await client.announcement("Hello")).scopes == ["onvif://www.onvif.org/x/y"]


async def test_a_device_that_leaves_says_bye(tmp_path: Path) -> None:
    device = Device(tmp_path)
    client = Client(device.port)
    await device.responder.start()
    await client.announcement("Hello")
    await device.responder.stop()
    assert (await client.announcement("Bye")).text("a:Address") == EYE.endpoint
    client.close()


async def test_a_hidden_device_is_silent_until_it_is_shown(tmp_path: Path) -> None:
    async with running(tmp_path) as (device, client):
        await client.announcement("Hello")
        device.become(discoverable=False)
        while device.responder._facts.discoverable:
            await pause()
        client.ask(probes.probe(id_="urn:uuid:hidden"))
        client.ask(probes.resolve(EYE.endpoint, id_="urn:uuid:hidden too"))
        await pause()
        device.become(discoverable=True)
        await client.announcement("Hello")
        assert await first_answered(client) == "urn:uuid:last"


async def test_a_hidden_device_leaves_without_a_word(tmp_path: Path) -> None:
    hidden = dataclasses.replace(EYE, discoverable=False)
    device = Device(tmp_path, hidden)
    client = Client(device.port)
    await device.responder.start()
    await pause(0.7)  # longer than the delay before a Hello
    await device.responder.stop()
    with pytest.raises(BlockingIOError):
        client._listening.recv(65_535)
    client.close()


async def test_an_address_nobody_listens_on_is_not_announced(tmp_path: Path) -> None:
    closed = dataclasses.replace(EYE, open_on=frozenset())
    async with running(tmp_path, closed, greeted=False) as (device, client):
        client.ask(probes.probe(id_="urn:uuid:too early"))
        await pause()
        device.become(open_on=EYE.open_on)
        hello = await client.announcement("Hello")
        assert hello.xaddrs == ["http://127.0.0.1:8000/onvif/device_service"]
        assert await first_answered(client) == "urn:uuid:last"


async def test_a_restart_begins_a_new_instance_of_the_same_device(tmp_path: Path) -> None:
    heard = []
    for _ in range(2):
        async with running(tmp_path) as (_, client):
            client.ask(probes.probe())
            heard.append(await client.answer())
    assert heard[0].text("a:Address") == heard[1].text("a:Address")
    assert heard[0].metadata_version == heard[1].metadata_version
    assert heard[1].sequence > heard[0].sequence


async def test_two_devices_share_the_port(tmp_path: Path) -> None:
    async with running(tmp_path) as (device, client):
        other = Responder(tmp_path, device.port, lambda: EYE)
        await other.start()
        client.ask_everybody(probes.probe())
        answers = {(await client.answer()).text("a:MessageID") for _ in range(4)}
        await other.stop()
        assert len(answers) == 2


async def test_a_port_held_alone_by_another_program_is_an_error(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as alone:
        port = free_port(socket.SOCK_DGRAM)
        alone.bind(("0.0.0.0", port))
        with pytest.raises(OSError):
            await Responder(tmp_path, port, lambda: EYE).start()


async def test_facts_that_cannot_be_read_once_end_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as (device, client):
        await client.announcement("Hello")
        device.trouble = OSError("the disk is gone")
        device.responder.changed()
        await pause()
        device.trouble = None
        device.become(scopes=("onvif://www.onvif.org/x/y",))
        assert (await client.announcement("Hello")).scopes == ["onvif://www.onvif.org/x/y"]


async def test_facts_that_cannot_be_read_at_the_start_are_read_later(tmp_path: Path) -> None:
    device = Device(tmp_path)
    client = Client(device.port)
    device.trouble = OSError("the disk is gone")
    await device.responder.start()
    device.trouble = None
    device.responder.changed()
    assert (await client.announcement("Hello")).text("a:Address") == EYE.endpoint
    await device.responder.stop()
    client.close()


async def pause(seconds: float = 0.05) -> None:
    await asyncio.sleep(seconds)
