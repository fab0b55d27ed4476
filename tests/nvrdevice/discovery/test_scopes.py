"""Scopes: some stand, others come and go whole; each change leaves one audit row."""

import dataclasses

import pytest

from nvrdevice import state
from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.discovery import scopes
from nvrdevice.discovery.scopes import ONVIF, Announcement
from nvrdevice.lib.errors import DeviceError
from nvrdevice.system import interfaces

pytestmark = pytest.mark.django_db
ALICE = Actor("alice", "192.0.2.9", "soap")
HALL, DOOR = ONVIF + "location/hall", ONVIF + "name/door"


def name_device(name: str, location: str) -> None:
    state.update(
        Announcement,
        lambda now: dataclasses.replace(now, device_name=name, device_location=location),
    )


def refusal(action: object, *uris: str) -> str:
    with pytest.raises(DeviceError) as refused:
        action(list(uris), by=ALICE)  # type: ignore[operator]
    return refused.value.subcode


def test_a_fresh_device_has_each_category_clients_look_for() -> None:
    mac = interfaces.identity_mac()
    assert scopes.everything() == (
        ONVIF + "Profile/Streaming",
        ONVIF + "type/video_encoder",
        ONVIF + "hardware/Network%20Camera",
        ONVIF + "name/Network%20Camera",
        ONVIF + "location/unknown",
        *((ONVIF + "mac/" + mac,) if mac else ()),
    )


def test_name_and_location_of_the_owner_are_encoded() -> None:
    name_device("Tür 1/2", "Berlin/Flur 3")
    assert ONVIF + "name/T%C3%BCr%201%2F2" in scopes.fixed()
    assert ONVIF + "location/Berlin/Flur%203" in scopes.fixed()


def test_setting_replaces_and_adding_adds() -> None:
    scopes.set_scopes([HALL], by=ALICE)
    scopes.add_scopes([DOOR, HALL], by=ALICE)
    assert scopes.configurable() == (HALL, DOOR)
    scopes.set_scopes([DOOR], by=ALICE)
    assert scopes.configurable() == (DOOR,)


def test_a_fixed_scope_is_not_kept_twice() -> None:
    scopes.set_scopes([*scopes.fixed(), HALL], by=ALICE)
    assert scopes.configurable() == (HALL,)
    assert len(set(scopes.everything())) == len(scopes.everything())


def test_removing() -> None:
    scopes.set_scopes([HALL, DOOR], by=ALICE)
    scopes.remove_scopes([HALL], by=ALICE)
    assert scopes.configurable() == (DOOR,)


def test_a_fixed_scope_stands_and_takes_the_whole_request_with_it() -> None:
    scopes.set_scopes([HALL], by=ALICE)
    found = refusal(scopes.remove_scopes, HALL, ONVIF + "Profile/Streaming")
    assert found == "OperationProhibited/FixedScope"
    assert scopes.configurable() == (HALL,)


def test_a_scope_that_is_not_there_cannot_be_removed() -> None:
    scopes.set_scopes([HALL], by=ALICE)
    assert refusal(scopes.remove_scopes, HALL, DOOR) == "InvalidArgVal/NoScope"
    assert scopes.configurable() == (HALL,)


def test_there_is_room_for_so_many() -> None:
    many = [f"{ONVIF}x/{number}" for number in range(scopes.SCOPES_LIMIT)]
    scopes.set_scopes(many, by=ALICE)
    assert refusal(scopes.add_scopes, HALL) == "Action/TooManyScopes"
    assert refusal(scopes.set_scopes, *many, HALL) == "Action/TooManyScopes"
    assert len(scopes.configurable()) == scopes.SCOPES_LIMIT


@pytest.mark.parametrize(
    "uri",
    ["", "no uri", "onvif://www.onvif.org/a b", "onvif://www.onvif.org/%zz", "x:" + "y" * 300],
)
def test_what_is_no_uri_is_refused(uri: str) -> None:
    assert refusal(scopes.add_scopes, HALL, uri) == "InvalidArgVal"
    assert scopes.configurable() == ()


def test_each_change_leaves_one_audit_row_and_a_refusal_none() -> None:
    scopes.set_scopes([HALL], by=ALICE)
    scopes.add_scopes([DOOR], by=ALICE)
    scopes.remove_scopes([HALL], by=ALICE)
    scopes.set_mode(scopes.NON_DISCOVERABLE, by=ALICE)
    refusal(scopes.remove_scopes, HALL)
    rows = AuditRow.objects.order_by("id").values_list("username", "action", "before", "after")
    assert list(rows) == [
        ("alice", "set scopes", [], [HALL]),
        ("alice", "add scopes", [HALL], [HALL, DOOR]),
        ("alice", "remove scopes", [HALL, DOOR], [DOOR]),
        ("alice", "set discovery mode", "Discoverable", "NonDiscoverable"),
    ]
