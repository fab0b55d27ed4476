"""What subscribers are told of profiles and configurations: each change once, nothing else."""

import pytest

from nvrdevice.audit import trail
from nvrdevice.events.models import Event
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import changes, profiles, sources
from nvrdevice.media.facts import Facts
from nvrdevice.media.parts import Part

pytestmark = pytest.mark.django_db

ALICE = trail.Actor(username="alice", address="192.0.2.9", protocol="rest")
SEEN = Facts(uri="test:", width=1920, height=1080, fps=25.0, online=True)


def told() -> list[tuple[str, dict[str, str], dict[str, str]]]:
    rows = Event.objects.filter(topic__startswith="tns1:Media/").order_by("id")
    return [(row.topic.removeprefix("tns1:Media/"), row.source, row.data) for row in rows]


def profile_changed(token: str) -> tuple[str, dict[str, str], dict[str, str]]:
    return "ProfileChanged", {"Token": token}, {}


def configuration_changed(type_: str, token: str) -> tuple[str, dict[str, str], dict[str, str]]:
    return "ConfigurationChanged", {"Token": token, "Type": type_}, {}


def configurations_of(source: str) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """Each of a source's configurations, in the order of types and tokens."""
    now = profiles.media()
    encoders = sorted(one.token for one in now.video_encoders if one.source == source)
    pictures = sorted(one.token for one in now.video_sources if one.source.token == source)
    return [
        *(configuration_changed("VideoEncoder", token) for token in encoders),
        *(configuration_changed("VideoSource", token) for token in pictures),
    ]


def test_each_command_on_a_profile_is_told_once() -> None:
    profiles.create_profile("Mine", "mine", ALICE)
    profiles.add_video_source("mine", "video1", ALICE)
    profiles.add_video_encoder("mine", "sub1", ALICE)
    profiles.remove_video_encoder("mine", ALICE)
    profiles.remove_video_source("mine", ALICE)
    profiles.delete_profile("mine", ALICE)
    assert told() == [profile_changed("mine")] * 6


def test_what_changes_nothing_is_not_told() -> None:
    profiles.add_video_source("profile1", "video1", ALICE)
    profiles.add_configurations("profile1", [], ALICE, name="Front")
    profiles.create_profile("Empty", "empty", ALICE)
    profiles.remove_configurations("empty", list(Part), ALICE)
    assert told() == [profile_changed("empty")]


def test_a_refused_command_is_not_told() -> None:
    for command in (
        lambda: profiles.delete_profile("profile1", ALICE),
        lambda: profiles.add_video_encoder("profile1", "none", ALICE),
        lambda: profiles.create_profile("n", None, ALICE, [(Part.VIDEO_SOURCE, "none")]),
    ):
        with pytest.raises(DeviceError):
            command()
    assert told() == []


def test_a_measured_size_changes_the_configurations_of_its_source() -> None:
    sources.set_sources(["test:", "test:"], ALICE)
    Event.objects.all().delete()
    changes.measured("source1", SEEN)
    # Those of a size of their own stay as they are.
    assert told() == [
        configuration_changed("VideoEncoder", "main1"),
        configuration_changed("VideoSource", "video1"),
    ]


def test_a_source_that_goes_offline_changes_no_configuration() -> None:
    changes.measured("source1", SEEN)
    Event.objects.all().delete()
    changes.measured("source1", Facts(**{**vars(SEEN), "online": False, "reason": "gone"}))
    assert told() == []


def test_a_new_source_brings_its_configurations_and_profiles() -> None:
    before = {one.token for one in profiles.profiles()}
    sources.set_sources(["test:", "test:"], ALICE)
    made = sorted({one.token for one in profiles.profiles()} - before)
    assert told() == [*configurations_of("source2"), *map(profile_changed, made)]


def test_a_source_that_is_taken_away_empties_the_profiles_that_showed_it() -> None:
    sources.set_sources(["test:", "test:"], ALICE)
    profiles.create_profile("Mine", "mine", ALICE, [(Part.VIDEO_SOURCE, "video2")])
    gone = configurations_of("source2")
    showed = sorted(
        one.token
        for one in profiles.profiles()
        if one.video_source and one.video_source.source.token == "source2"
    )
    Event.objects.all().delete()
    sources.set_sources(["test:"], ALICE)
    assert told() == [*gone, *map(profile_changed, showed)]
