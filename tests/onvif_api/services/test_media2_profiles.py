"""Profiles that clients of Media2 make, fill, empty and delete (MEDIA2-1-1-*), and the events."""

import pytest

from nvrdevice.audit.models import AuditRow
from nvrdevice.media import settings
from tests.onvif_api.services import media_client
from tests.onvif_api.services.media2_client import ask, held, part, profile, told, types
from tests.onvif_api.services.media_client import plain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]

NO_PROFILE = "Sender/InvalidArgVal/NoProfile"
BOTH = (part("VideoSource", "video1"), part("VideoEncoder", "sub1"))


def test_a_profile_made_of_a_source_is_there_until_it_is_deleted() -> None:
    """MEDIA2-1-1-2, MEDIA2-1-1-5, with the events that each step sends."""
    made = ask("CreateProfile", "operator", part("VideoSource", "video1"), Name="testMedia2")
    token = str(made.text("tr2:Token"))
    assert told() == [token]
    found = profile(token, "VideoSource")
    assert (found.get("fixed"), found[0].text) == ("false", "testMedia2")
    assert held(token) == ["video1"]
    assert ask("DeleteProfile", "operator", Token=token).status == 200
    assert told() == [token]
    assert ask("GetProfiles", Token=token).fault == NO_PROFILE


def test_configurations_go_in_and_out_one_by_one() -> None:
    """MEDIA2-1-1-3, with the events that each step sends."""
    token = str(ask("CreateProfile", "operator", Name="testMedia2").text("tr2:Token"))
    seen = [held(token)]
    for operation, given in (
        ("AddConfiguration", part("VideoSource", "video1")),
        ("AddConfiguration", part("VideoEncoder", "main1")),
        ("AddConfiguration", part("VideoEncoder", "sub1")),
        ("RemoveConfiguration", part("VideoEncoder")),
        ("RemoveConfiguration", part("VideoSource", "video1")),
    ):
        told()
        assert ask(operation, "operator", given, ProfileToken=token).status == 200
        assert told() == [token]
        seen.append(held(token))
    assert seen == [[], ["video1"], ["video1", "main1"], ["video1", "sub1"], ["video1"], []]
    actions = AuditRow.objects.filter(object=token).order_by("id").values_list("action", flat=True)
    assert list(actions) == [
        "media.create_profile",
        *["media.add_configurations"] * 3,
        *["media.remove_configurations"] * 2,
    ]


def test_a_fixed_profile_is_emptied_and_restored() -> None:
    """MEDIA2-1-1-6, MEDIA2-1-1-7."""
    before = ask("GetProfiles", "viewer", *types("All"))
    for one in before.body:
        token = one.get("token")
        assert ask("RemoveConfiguration", "admin", part("All"), ProfileToken=token).status == 200
        (empty,) = ask("GetProfiles", "viewer", *types("All"), Token=token).body
        assert len(empty[1]) == 0
        parts = [part(child.tag.rpartition("}")[2], child.get("token")) for child in one[1]]
        assert ask("AddConfiguration", "admin", *parts, ProfileToken=token).status == 200
    after = ask("GetProfiles", "viewer", *types("All"))
    assert plain(after.body) == plain(before.body)


def test_a_profile_is_renamed_together_with_what_is_added() -> None:
    token = str(ask("CreateProfile", "operator", Name="one").text("tr2:Token"))
    ask("AddConfiguration", "operator", *BOTH, ProfileToken=token, Name="two")
    assert (profile(token)[0].text, held(token)) == ("two", ["video1", "sub1"])


def test_entries_of_type_all_add_nothing() -> None:
    """Media2 5.2.1 and 5.2.3."""
    made = ask("CreateProfile", "operator", part("All"), part("VideoSource", "video1"), Name="n")
    assert held(str(made.text("tr2:Token"))) == ["video1"]


def test_removing_what_is_not_there_is_no_error() -> None:
    for type_ in ("Metadata", "PTZ", "Receiver", "NoSuchType"):
        answer = ask("RemoveConfiguration", "operator", part(type_), ProfileToken="profile1")
        assert answer.status == 200
    assert held("profile1") == ["video1", "main1"]
    assert told() == []


def test_both_services_show_the_same_profiles() -> None:
    token = str(ask("CreateProfile", "operator", *BOTH, Name="Genetec").text("tr2:Token"))
    old = media_client.ask("GetProfile", "viewer", ProfileToken=token)
    assert [one.get("token") for one in old.body[0]] == [None, "video1", "sub1"]
    media_client.ask("DeleteProfile", ProfileToken=token)
    assert ask("GetProfiles", Token=token).fault == NO_PROFILE


@pytest.mark.parametrize("name", ["GetStreamUri", "GetSnapshotUri"])
def test_an_incomplete_profile_has_no_stream(name: str) -> None:
    made = ask("CreateProfile", "operator", part("VideoSource", "video1"), Name="half")
    answer = ask(name, Protocol="RTSP", ProfileToken=str(made.text("tr2:Token")))
    assert answer.fault == "Receiver/Action/IncompleteConfiguration"


def test_there_is_room_for_as_many_profiles_as_announced() -> None:
    for number in range(settings.MAX_PROFILES - 3):
        assert ask("CreateProfile", "operator", *BOTH, Name=f"n{number}").status == 200
    assert ask("CreateProfile", "operator", Name="n").fault == "Receiver/Action/MaxNVTProfiles"
