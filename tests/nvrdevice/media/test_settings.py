"""What media.yaml holds: a fresh device, hand edits, and what every source gets."""

from dataclasses import replace
from pathlib import Path

import pytest

from nvrdevice import state
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import settings
from nvrdevice.media.settings import MediaSettings, Profile, Source


def test_a_fresh_device_shows_the_test_picture_in_three_profiles() -> None:
    found = settings.read()
    assert [(one.token, one.uri) for one in found.sources] == [("source1", "test:")]
    assert [
        (one.token, one.fixed, one.video_source_configuration, one.video_encoder_configuration)
        for one in found.profiles
    ] == [
        ("profile1", True, "video1", "main1"),
        ("profile2", True, "video1", "sub1"),
        ("jpeg1", True, "video1", "jpeg1"),
    ]


def test_a_source_written_by_hand_gets_its_configurations(config_dir: Path) -> None:
    (config_dir / "media.yaml").write_text(
        "sources:\n- {token: gate, uri: 'test:'}\n- {token: yard, uri: 'test:'}\n"
    )
    assert [
        (one.token, one.video_source_configuration, one.video_encoder_configuration)
        for one in settings.read().profiles
    ] == [
        ("profile1", "video1", "main1"),
        ("profile2", "video1", "sub1"),
        ("profile3", "video2", "main2"),
        ("profile4", "video2", "sub2"),
        ("jpeg1", "video1", "jpeg1"),
        ("jpeg2", "video2", "jpeg2"),
    ]


def test_completing_twice_adds_nothing() -> None:
    once = settings.complete(MediaSettings())
    assert settings.complete(once) == once


def test_a_client_s_token_keeps_its_profile_when_a_source_is_added() -> None:
    two = (Source(token="source1", uri="test:"), Source(token="source2", uri="test:"))
    once = settings.complete(MediaSettings())
    found = settings.complete(
        replace(once, sources=two, profiles=(*once.profiles, Profile(token="profile3")))
    )
    assert [(one.token, one.source) for one in found.profiles] == [
        ("profile1", "source1"),
        ("profile2", "source1"),
        ("profile4", "source2"),
        ("profile5", "source2"),
        ("jpeg1", "source1"),
        ("jpeg2", "source2"),
        ("profile3", ""),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "sources: [{token: a, uri: 'test:'}, {token: a, uri: 'test:'}]\n",
            "media.yaml: sources: the token 'a' stands there twice, give each its own.",
        ),
        ("sources: []\n", "media.yaml: sources: name at least one, such as test:."),
        (
            "profiles: [{token: x, video_source_configuration: video7}]\n",
            "media.yaml: x: video_source_configuration: there is no 'video7' here, "
            "expected one of: none.",
        ),
        (
            "video_encoder_configurations: [{token: x, source: source1, role: sub, "
            "encoding: JPEG}]\nsources: [{token: source1, uri: 'test:'}]\n",
            "media.yaml: x: encoding: expected H264 for the role sub, found JPEG.",
        ),
        (
            "sources: [{token: 'a/b', uri: 'test:'}]\n",
            "media.yaml: sources[0].token: expected text of letters, digits, '.', '-' and '_' "
            "from 1 to 64 characters, found 'a/b'.",
        ),
    ],
)
def test_a_wrong_document_is_named(config_dir: Path, text: str, message: str) -> None:
    (config_dir / "media.yaml").write_text(text)
    assert settings.read() == settings.complete(MediaSettings())
    assert state.problems()[0].startswith(message)


def test_a_document_made_by_the_device_is_read_back_whole(config_dir: Path) -> None:
    state.update(MediaSettings, settings.complete)
    assert state.Store(config_dir).read(MediaSettings) == settings.complete(MediaSettings())


def test_two_of_a_token_made_in_code_are_refused() -> None:
    with pytest.raises(DeviceError):
        MediaSettings(profiles=(Profile(token="a"), Profile(token="a")))
