"""What foreign devices answer to a Probe, read with distrust."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from nvrdevice.discovery import matches
from nvrdevice.discovery.matches import Match
from nvrdevice.discovery.messages import Description, Sequence, probe_match, read_request

ID = "urn:uuid:3f1c5ad2-1111-4222-8333-444455556666"
SCOPES = ("onvif://www.onvif.org/name/Front%20door", "onvif://www.onvif.org/location/hall")
XADDRS = ("http://192.168.1.20/onvif/device_service",)
EYE = Description("urn:uuid:eye", SCOPES, XADDRS, 1)
ANSWER = probe_match(EYE, Sequence(1, 1), ID)


def test_a_device_that_answers() -> None:
    (found,) = matches.read(ANSWER, [ID], "192.168.1.20")
    assert found == Match(
        endpoint="urn:uuid:eye", scopes=SCOPES, xaddrs=XADDRS, senders=("192.168.1.20",)
    )
    assert (found.said("name"), found.said("location"), found.said("hardware")) == (
        "Front door",
        "hall",
        "",
    )


def test_an_answer_to_somebody_else_is_none() -> None:
    assert matches.read(ANSWER, [matches.new_id()], "192.168.1.20") == []


@pytest.mark.parametrize("written", [ID.upper(), ID.removeprefix("urn:")])
def test_ids_are_known_however_a_device_writes_them(written: str) -> None:
    answer = probe_match(EYE, Sequence(1, 1), written)
    assert len(matches.read(answer, [ID], "192.168.1.20")) == 1


def test_our_probe_is_one_that_devices_understand() -> None:
    for types in matches.ASKED:
        read = read_request(matches.probe(types, ID))
        assert read is not None
        assert read.message_id == ID


def test_entities_are_never_read() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "http://evil/">]>' + ANSWER.partition(b"?>")[2]
    assert matches.read(bomb, [ID], "192.168.1.20") == []


def test_a_flood_of_scopes_is_cut_off() -> None:
    many = Description("urn:uuid:eye", tuple(f"onvif://x/{n}" for n in range(500)), XADDRS, 1)
    (found,) = matches.read(probe_match(many, Sequence(1, 1), ID), [ID], "192.168.1.20")
    assert len(found.scopes) == matches.LIST_LIMIT


def test_a_name_shows_no_control_characters() -> None:
    scopes = ("onvif://www.onvif.org/name/%1B%5B31mred",)
    assert Match(endpoint="x", scopes=scopes).said("name") == "[31mred"


def test_one_entry_a_device_with_all_its_addresses() -> None:
    first = Match(endpoint="a", xaddrs=("http://10.0.0.1/",), senders=("10.0.0.1",))
    second = Match(endpoint="a", xaddrs=("http://10.0.1.1/",), senders=("10.0.1.1",))
    other = Match(endpoint="b")
    assert matches.merge([first, other, second, first], limit=8) == [
        Match(
            endpoint="a",
            xaddrs=("http://10.0.0.1/", "http://10.0.1.1/"),
            senders=("10.0.0.1", "10.0.1.1"),
        ),
        other,
    ]
    assert matches.merge([first, other, second], limit=1)[0].senders == ("10.0.0.1", "10.0.1.1")


@given(some.binary(max_size=300))
def test_anything_may_come(data: bytes) -> None:
    assert matches.read(data, [ID], "192.168.1.20") == []
