"""The commands on profiles, as every face calls them."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings as django_settings

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.models import AuditRow
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import profiles, settings, sources, uris
from nvrdevice.media.parts import Part
from nvrdevice.media.settings import MediaSettings, complete

pytestmark = pytest.mark.django_db

ALICE = trail.Actor(username="alice", address="192.0.2.9", protocol="rest")


def test_a_created_profile_outlives_a_restart(config_dir: object) -> None:
    made = profiles.create_profile("Mine", None, ALICE)
    assert (made.token, made.name, made.fixed, made.complete) == ("client1", "Mine", False, False)
    state.use(state.Store(config_dir))  # type: ignore[arg-type]
    assert profiles.profile("client1") == made


def test_a_client_s_token_is_taken_as_it_is() -> None:
    assert profiles.create_profile("n", "AZaz09-._", ALICE).token == "AZaz09-._"


@pytest.mark.parametrize("token", ["a b", "a/b", "ü", "..", ".", "x" * 65, "a\n"])
def test_a_token_that_no_address_can_carry_is_refused(token: str) -> None:
    with pytest.raises(DeviceError) as refused:
        profiles.create_profile("n", token, ALICE)
    assert refused.value.subcode == "InvalidArgVal"
    assert AuditRow.objects.count() == 0


@pytest.mark.parametrize("name", ["x" * 65, "a\nb"])
def test_a_name_has_64_printable_characters_at_most(name: str) -> None:
    with pytest.raises(DeviceError):
        profiles.create_profile(name, None, ALICE)


def test_a_change_is_audited_with_before_and_after() -> None:
    profiles.remove_video_encoder("profile2", ALICE)
    assert list(
        AuditRow.objects.values_list("username", "action", "object", "before", "after")
    ) == [
        (
            "alice",
            "media.remove_video_encoder",
            "profile2",
            {"video_source": "video1", "video_encoder": "sub1"},
            {"video_source": "video1", "video_encoder": ""},
        )
    ]


def test_what_a_client_took_from_a_fixed_profile_stays_away() -> None:
    profiles.remove_video_encoder("profile2", ALICE)
    assert complete(state.read(MediaSettings)) == state.read(MediaSettings)
    assert profiles.profile("profile2").video_encoder is None


def test_profiles_made_at_once_are_all_there() -> None:
    def make(number: int) -> None:
        added = settings.Profile(token=f"t{number}")

        def add(now: MediaSettings) -> MediaSettings:
            now = complete(now)
            return replace(now, profiles=(*now.profiles, added))

        state.update(MediaSettings, add)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.token for one in settings.read().profiles} == {
        "profile1",
        "profile2",
        "jpeg1",
        *(f"t{number}" for number in range(8)),
    }


def test_a_stream_s_path_is_its_profile_s_token() -> None:
    assert uris.stream_path("profile1") == "/profile1"
    port = django_settings.RTSP_PORT
    assert uris.stream_uri("a.b-c_1", "[fd00::7]") == f"rtsp://[fd00::7]:{port}/a.b-c_1"
    assert uris.snapshot_uri("http://h:8000", "profile1") == "http://h:8000/onvif/snapshot/profile1"


def test_the_longest_token_fits_into_an_address() -> None:
    assert len(uris.stream_uri("x" * 64, "[" + "f" * 39 + "]")) <= uris.URI_LIMIT


def held(token: str) -> tuple[str, str]:
    found = profiles.profile(token)
    return (
        found.video_source.token if found.video_source else "",
        found.video_encoder.token if found.video_encoder else "",
    )


def refusal_of(command: Callable[[], object]) -> str:
    with pytest.raises(DeviceError) as refused:
        command()
    return refused.value.subcode


def test_several_configurations_go_in_at_once_in_any_order() -> None:
    parts = [(Part.VIDEO_ENCODER, "sub1"), (Part.VIDEO_SOURCE, "video1")]
    profiles.create_profile("Mine", "mine", ALICE, parts)
    assert held("mine") == ("video1", "sub1")
    row = AuditRow.objects.get()
    assert (row.action, row.object) == ("media.create_profile", "mine")


def test_all_configurations_go_to_another_source_together() -> None:
    sources.set_sources(["test:", "test:"], ALICE)
    parts = [(Part.VIDEO_SOURCE, "video2"), (Part.VIDEO_ENCODER, "main2")]
    profiles.add_configurations("profile1", parts, ALICE)
    assert held("profile1") == ("video2", "main2")


def test_one_wrong_configuration_leaves_everything_as_it_was() -> None:
    before = profiles.profiles()
    parts = [(Part.VIDEO_SOURCE, "video1"), (Part.VIDEO_ENCODER, "none")]
    for command in (
        lambda: profiles.create_profile("n", "mine", ALICE, parts),
        lambda: profiles.add_configurations("profile2", parts, ALICE, name="other"),
    ):
        assert refusal_of(command) == "InvalidArgVal/NoConfig"
    assert profiles.profiles() == before
    assert held("profile2") == ("video1", "sub1")
    assert AuditRow.objects.count() == 0


def test_an_encoder_is_not_left_without_its_source() -> None:
    """Media2 5.3 should; ver10 allows it, and its official procedures do it."""
    profiles.create_profile("Mine", "mine", ALICE)
    conflict = "Action/ConfigurationConflict"
    encoder = [(Part.VIDEO_ENCODER, "sub1")]
    assert refusal_of(lambda: profiles.add_configurations("mine", encoder, ALICE)) == conflict
    source = [Part.VIDEO_SOURCE]
    assert refusal_of(lambda: profiles.remove_configurations("profile1", source, ALICE)) == conflict
    profiles.remove_configurations("profile1", list(Part), ALICE)
    assert held("profile1") == ("", "")


def test_a_profile_is_given_another_name() -> None:
    profiles.add_configurations("profile1", [], ALICE, name="Front door")
    assert profiles.profile("profile1").name == "Front door"
    row = AuditRow.objects.get()
    assert (row.before["name"], row.after["name"]) == ("Main", "Front door")
