"""The Media service: what it answers, and that its answers agree (MEDIA-1-1-3, MEDIA-2-*)."""

from collections.abc import Iterator
from typing import Any

import pytest

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.models import AuditRow
from nvrdevice.lib import home
from nvrdevice.lib.question_frames import Reply
from nvrdevice.media import facts, profiles, settings, sources
from nvrdevice.media.facts import Facts
from nvrdevice.media.request_server import RequestServer
from onvif_api.services import media as service
from onvif_api.soap import dispatch
from onvif_api.soap.namespaces import name as clark
from tests.onvif_api.services.media_client import NEEDS, ask, plain, stream_setup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]

OPERATIONS = sorted(
    each.name for each in dispatch.operations().values() if each.name.startswith("trt:")
)
LEVELS = {None: 0, "viewer": 1, "operator": 2, "admin": 3}
EVERY_ARGUMENT = {
    "StreamSetup": stream_setup(),
    "Name": "Synology",
    "ConfigurationToken": "video1",
    "ProfileToken": "nothing",
    "OSDToken": "nothing",
}


def measured(**values: Any) -> None:
    facts.write("source1", Facts(uri="test:", width=1920, height=1080, fps=29.97, **values))


def audited() -> list[str]:
    rows = AuditRow.objects.filter(action__startswith="media.").order_by("id")
    return list(rows.values_list("action", flat=True))


@pytest.mark.parametrize("as_", LEVELS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_operation_lets_in_whom_core_lets_in(operation: str, as_: str | None) -> None:
    answer = ask(operation.removeprefix("trt:"), as_, **EVERY_ARGUMENT)
    if LEVELS[as_] >= NEEDS[operation]:
        assert "NotAuthorized" not in answer.fault
        assert answer.status in (200, 400, 500)
    elif as_ is None:
        assert (answer.status, answer.fault) == (401, "Sender/NotAuthorized")
    else:
        assert answer.fault == "Sender/NotAuthorized"


def test_capabilities_are_those_that_work() -> None:
    found = ask("GetServiceCapabilities", None).body[0]
    assert dict(found.attrib) == {
        "SnapshotUri": "true",
        "Rotation": "false",
        "VideoSourceMode": "false",
        "OSD": "false",
        "TemporaryOSDText": "false",
        "EXICompression": "false",
    }
    assert [dict(child.attrib) for child in found] == [
        {"MaximumNumberOfProfiles": "32"},
        {
            "RTPMulticast": "true",
            "RTP_TCP": "true",
            "RTP_RTSP_TCP": "true",
            "NonAggregateControl": "false",
            "NoRTSPStreaming": "false",
        },
    ]


def test_a_fresh_device_offers_three_ready_profiles() -> None:
    found = ask("GetProfiles", "viewer").all("trt:Profiles")
    assert [(one.get("token"), one.get("fixed")) for one in found] == [
        ("profile1", "true"),
        ("profile2", "true"),
        ("jpeg1", "true"),
    ]
    assert [[child.tag for child in one] for one in found] == [
        [
            clark("tt:Name"),
            clark("tt:VideoSourceConfiguration"),
            clark("tt:VideoEncoderConfiguration"),
        ]
    ] * 3


def test_the_jpeg_encoder_has_no_groups_of_pictures() -> None:
    found = ask("GetVideoEncoderConfiguration", ConfigurationToken="jpeg1").body[0]
    assert [child.tag.rpartition("}")[2] for child in found] == [
        "Name",
        "UseCount",
        "Encoding",
        "Resolution",
        "Quality",
        "RateControl",
        "Multicast",
        "SessionTimeout",
    ]
    assert found.findtext("{*}Encoding") == "JPEG"
    assert found.findtext("{*}RateControl/{*}FrameRateLimit") == "5"


def test_an_encoder_tells_the_numbers_of_its_stream() -> None:
    measured()
    found = ask("GetVideoEncoderConfiguration", ConfigurationToken="sub1")
    inside = "trt:Configuration/tt:"
    assert {
        path: found.text(inside + path)
        for path in (
            "UseCount",
            "Encoding",
            "Resolution/tt:Width",
            "Resolution/tt:Height",
            "Quality",
            "RateControl/tt:FrameRateLimit",
            "RateControl/tt:EncodingInterval",
            "RateControl/tt:BitrateLimit",
            "H264/tt:GovLength",
            "H264/tt:H264Profile",
            "Multicast/tt:TTL",
            "Multicast/tt:AutoStart",
            "SessionTimeout",
        )
    } == {
        "UseCount": "1",
        "Encoding": "H264",
        "Resolution/tt:Width": "640",
        "Resolution/tt:Height": "360",
        "Quality": "5.0",
        "RateControl/tt:FrameRateLimit": "30",
        "RateControl/tt:EncodingInterval": "1",
        "RateControl/tt:BitrateLimit": "640",
        "H264/tt:GovLength": "60",
        "H264/tt:H264Profile": "Baseline",
        "Multicast/tt:TTL": "5",
        "Multicast/tt:AutoStart": "false",
        "SessionTimeout": "PT60S",
    }


def test_the_video_source_has_the_size_that_was_measured() -> None:
    measured()
    found = ask("GetVideoSources")
    assert found.text("trt:VideoSources/tt:Resolution/tt:Width") == "1920"
    assert found.text("trt:VideoSources/tt:Framerate") == "29.97"


def test_one_profile_is_as_all_profiles_tell_it() -> None:
    for one in ask("GetProfiles").all("trt:Profiles"):
        alone = ask("GetProfile", ProfileToken=one.get("token")).body[0]
        assert plain(alone) == plain(one)


@pytest.mark.parametrize("what", ["VideoSource", "VideoEncoder"])
def test_one_configuration_is_as_the_list_and_the_profiles_tell_it(what: str) -> None:
    listed = {
        one.get("token"): plain(one)
        for one in ask(f"Get{what}Configurations").all("trt:Configurations")
    }
    for token, found in listed.items():
        alone = ask(f"Get{what}Configuration", ConfigurationToken=token).body[0]
        assert plain(alone) == found
    for one in ask("GetProfiles").all(f"trt:Profiles/tt:{what}Configuration"):
        assert plain(one) == listed[one.get("token")]


def test_encoder_options_offer_what_is_configured() -> None:
    """MEDIA-2-3-3, MEDIA-2-3-4."""
    for token, codec in (("main1", "H264"), ("sub1", "H264"), ("jpeg1", "JPEG")):
        one = ask("GetVideoEncoderConfiguration", ConfigurationToken=token)
        options = ask(
            "GetVideoEncoderConfigurationOptions",
            ConfigurationToken=token,
            ProfileToken="profile1",
        )
        groups = {"H264/tt:GovLength": "H264/tt:GovLengthRange"} if codec == "H264" else {}
        for path, least in {
            "Quality": "QualityRange",
            "RateControl/tt:FrameRateLimit": f"{codec}/tt:FrameRateRange",
            "RateControl/tt:EncodingInterval": f"{codec}/tt:EncodingIntervalRange",
            "RateControl/tt:BitrateLimit": f"Extension/tt:{codec}/tt:BitrateRange",
            **groups,
        }.items():
            value = one.text(f"trt:Configuration/tt:{path}")
            bounds = [options.text(f"trt:Options/tt:{least}/tt:{side}") for side in ("Min", "Max")]
            assert [float(bound or 0) for bound in bounds] == [float(value or 0)] * 2
        assert [
            plain(size) for size in options.all(f"trt:Options/tt:{codec}/tt:ResolutionsAvailable")
        ] == [plain(size) for size in one.all("trt:Configuration/tt:Resolution")]


def test_options_for_the_device_span_all_encoders() -> None:
    options = ask("GetVideoEncoderConfigurationOptions")
    sizes = options.all("trt:Options/tt:H264/tt:ResolutionsAvailable")
    assert [[side.text for side in size] for size in sizes] == [["1280", "720"], ["640", "360"]]


def test_source_options_allow_the_whole_picture() -> None:
    options = ask("GetVideoSourceConfigurationOptions", ConfigurationToken="video1")
    inside = "trt:Options/tt:BoundsRange/tt:"
    assert [options.text(f"{inside}WidthRange/tt:{side}") for side in ("Min", "Max")] == [
        "1280",
        "1280",
    ]
    assert options.text("trt:Options/tt:VideoSourceTokensAvailable") == "source1"


def test_guaranteed_instances_are_the_encoders_of_the_source() -> None:
    found = ask("GetGuaranteedNumberOfVideoEncoderInstances", ConfigurationToken="video1")
    assert [child.text for child in found.body] == ["3", "1", "2", "0"]


def test_a_stream_s_address_carries_the_host_the_client_used() -> None:
    found = ask("GetStreamUri", StreamSetup=stream_setup(), ProfileToken="profile1")
    assert found.text("trt:MediaUri/tt:Uri") == "rtsp://192.0.2.7:8554/profile1"
    assert found.text("trt:MediaUri/tt:Timeout") == "PT0S"
    found = ask("GetSnapshotUri", ProfileToken="profile2")
    assert found.text("trt:MediaUri/tt:Uri") == "http://192.0.2.7:8000/onvif/snapshot/profile2"


TUNNEL_INSIDE = "RTSP</tt:Protocol><tt:Tunnel><tt:Protocol>HTTP</tt:Protocol></tt:Tunnel>"


@pytest.mark.parametrize("protocol", ["HTTP", TUNNEL_INSIDE])
def test_a_tunnel_s_address_is_that_of_the_web_service(protocol: str) -> None:
    setup = stream_setup("RTP-Unicast", protocol)
    setup = setup.replace("</tt:Tunnel></tt:Protocol>", "</tt:Tunnel>")
    found = ask("GetStreamUri", StreamSetup=setup, ProfileToken="profile1")
    assert found.text("trt:MediaUri/tt:Uri") == "http://192.0.2.7:8000/profile1"


def multicast() -> list[str | None]:
    """Of the main stream: group, port, TTL, and whether it streams without RTSP."""
    found = ask("GetVideoEncoderConfiguration", ConfigurationToken="main1")
    inside = "trt:Configuration/tt:Multicast/tt:"
    return [
        found.text(inside + path) for path in ("Address/tt:IPv4Address", "Port", "TTL", "AutoStart")
    ]


def test_multicast_streaming_is_started_and_stopped_and_kept() -> None:
    """Media 5.16: AutoStart is what these operations switch."""
    group = multicast()[:3]
    assert multicast() == [*group, "false"]
    ask("StartMulticastStreaming", "operator", ProfileToken="profile1")
    assert multicast() == [*group, "true"]
    assert state.read(settings.MediaSettings).video_encoder_configurations[0].multicast_streaming
    ask("StopMulticastStreaming", "operator", ProfileToken="profile1")
    assert multicast() == [*group, "false"]
    assert audited() == ["media.start_multicast", "media.stop_multicast"]


def test_a_multicast_stream_is_asked_for_at_the_same_address() -> None:
    setup = stream_setup("RTP-Multicast", "UDP")
    found = ask("GetStreamUri", StreamSetup=setup, ProfileToken="profile2")
    assert found.text("trt:MediaUri/tt:Uri") == "rtsp://192.0.2.7:8554/profile2"


@pytest.mark.parametrize(
    ("stream", "protocol"),
    [("RTP-Multicast", "HTTP"), ("RTP-Unicast", "RTP")],
)
def test_what_is_not_served_is_an_invalid_stream_setup(stream: str, protocol: str) -> None:
    setup = stream_setup(stream, protocol)
    answer = ask("GetStreamUri", StreamSetup=setup, ProfileToken="profile1")
    assert answer.fault == "Sender/InvalidArgVal/InvalidStreamSetup"


@pytest.mark.parametrize(
    ("operation", "arguments", "fault"),
    [
        ("GetProfile", {"ProfileToken": "x" * 65}, "Sender/InvalidArgVal/NoProfile"),
        ("DeleteProfile", {"ProfileToken": "none"}, "Sender/InvalidArgVal/NoProfile"),
        ("DeleteProfile", {"ProfileToken": "profile1"}, "Sender/Action/DeletionOfFixedProfile"),
        ("GetSnapshotUri", {"ProfileToken": "none"}, "Sender/InvalidArgVal/NoProfile"),
        ("SetSynchronizationPoint", {"ProfileToken": "none"}, "Sender/InvalidArgVal/NoProfile"),
        (
            "GetStreamUri",
            {"StreamSetup": stream_setup(), "ProfileToken": "none"},
            "Sender/InvalidArgVal/NoProfile",
        ),
        (
            "GetVideoEncoderConfiguration",
            {"ConfigurationToken": "none"},
            "Sender/InvalidArgVal/NoConfig",
        ),
        (
            "GetVideoSourceConfiguration",
            {"ConfigurationToken": "none"},
            "Sender/InvalidArgVal/NoConfig",
        ),
        ("GetOSDs", {"ConfigurationToken": "none"}, "Sender/InvalidArgVal/NoConfig"),
        ("GetOSDOptions", {"ConfigurationToken": "none"}, "Sender/InvalidArgVal/NoConfig"),
        ("GetOSD", {"OSDToken": "none"}, "Sender/InvalidArgVal/NoConfig"),
        ("GetMetadataConfiguration", {"ConfigurationToken": "m"}, "Sender/InvalidArgVal/NoConfig"),
        (
            "AddVideoEncoderConfiguration",
            {"ProfileToken": "profile1", "ConfigurationToken": "none"},
            "Sender/InvalidArgVal/NoConfig",
        ),
        (
            "CreateProfile",
            {"Name": "n", "Token": "profile1"},
            "Sender/InvalidArgVal/ProfileExists",
        ),
        ("CreateProfile", {"Name": "n" * 65}, "Sender/InvalidArgVal"),
        ("CreateProfile", {"Name": "n", "Token": "a/b"}, "Sender/InvalidArgVal"),
        ("CreateProfile", {"Name": "n", "Token": "t" * 65}, "Sender/InvalidArgVal"),
        ("CreateProfile", {}, "Sender/InvalidArgs"),
        (
            "GetAudioEncoderConfigurationOptions",
            {},
            "Receiver/ActionNotSupported/AudioNotSupported",
        ),
        ("SetVideoEncoderConfiguration", {}, "Receiver/ActionNotSupported"),
        ("CreateOSD", {}, "Receiver/ActionNotSupported"),
        ("StartMulticastStreaming", {"ProfileToken": "none"}, "Sender/InvalidArgVal/NoProfile"),
    ],
)
def test_a_refusal_has_the_subcode_of_its_operation(
    operation: str, arguments: dict[str, str], fault: str
) -> None:
    assert ask(operation, **arguments).fault == fault
    assert audited() == []


def test_a_client_builds_its_own_profile_and_takes_it_apart() -> None:
    """MEDIA-1-1-5 as far as this device goes, and what Synology does at set-up."""
    made = ask("CreateProfile", "operator", Name="SynoProfile").body[0]
    token = made.get("token")
    assert (made.get("fixed"), [child.text for child in made]) == ("false", ["SynoProfile"])
    for kind, configuration in (("Source", "video1"), ("Encoder", "main1")):
        listed = ask(f"GetCompatibleVideo{kind}Configurations", ProfileToken=token)
        assert configuration in [one.get("token") for one in listed.body]
        ask(
            f"AddVideo{kind}Configuration",
            ProfileToken=token,
            ConfigurationToken=configuration,
        )
    whole = ask("GetProfile", ProfileToken=token)
    assert [child.get("token") for child in whole.body[0]] == [None, "video1", "main1"]
    uri = ask("GetStreamUri", StreamSetup=stream_setup(), ProfileToken=token)
    assert uri.text("trt:MediaUri/tt:Uri") == f"rtsp://192.0.2.7:8554/{token}"
    for kind in ("Source", "Encoder"):
        ask(f"RemoveVideo{kind}Configuration", ProfileToken=token)
    assert len(ask("GetProfile", ProfileToken=token).body[0]) == 1
    ask("DeleteProfile", ProfileToken=token)
    assert ask("GetProfile", ProfileToken=token).fault == "Sender/InvalidArgVal/NoProfile"
    assert audited() == [
        "media.create_profile",
        "media.add_video_source",
        "media.add_video_encoder",
        "media.remove_video_source",
        "media.remove_video_encoder",
        "media.delete_profile",
    ]


def test_use_counts_follow_the_profiles() -> None:
    """MEDIA-2-2-12, MEDIA-2-2-14, MEDIA-2-2-15."""

    def count() -> str | None:
        found = ask("GetVideoSourceConfiguration", ConfigurationToken="video1")
        return found.text("trt:Configuration/tt:UseCount")

    ask("CreateProfile", Name="n", Token="new")
    seen = [count()]
    for _ in range(2):
        ask("AddVideoSourceConfiguration", ProfileToken="new", ConfigurationToken="video1")
        seen.append(count())
    ask("RemoveVideoSourceConfiguration", ProfileToken="new")
    seen.append(count())
    ask("AddVideoSourceConfiguration", ProfileToken="new", ConfigurationToken="video1")
    ask("DeleteProfile", ProfileToken="new")
    assert [*seen, count()] == ["3", "4", "4", "3", "3"]


@pytest.mark.parametrize("operation", ["GetStreamUri", "GetSnapshotUri"])
def test_an_incomplete_profile_has_no_stream(operation: str) -> None:
    ask("CreateProfile", Name="n", Token="half")
    ask("AddVideoSourceConfiguration", ProfileToken="half", ConfigurationToken="video1")
    answer = ask(operation, StreamSetup=stream_setup(), ProfileToken="half")
    assert answer.fault == "Receiver/Action/IncompleteConfiguration"


def test_there_is_room_for_as_many_profiles_as_announced() -> None:
    for number in range(settings.MAX_PROFILES - 3):
        assert ask("CreateProfile", Name=f"n{number}").status == 200
    assert ask("CreateProfile", Name="last").fault == "Receiver/Action/MaxNVTProfiles"
    assert len(ask("GetProfiles").all("trt:Profiles")) == settings.MAX_PROFILES


def test_an_encoder_of_another_source_does_not_fit() -> None:
    sources.set_sources(["test:", "test:"], trail.DEVICE)
    for arguments in (
        {"ProfileToken": "profile1", "ConfigurationToken": "main2"},
        {"ProfileToken": "profile3", "ConfigurationToken": "sub1"},
    ):
        answer = ask("AddVideoEncoderConfiguration", **arguments)
        assert answer.fault == "Receiver/Action/ConfigurationConflict"
    listed = ask("GetCompatibleVideoEncoderConfigurations", ProfileToken="profile3")
    assert [one.get("token") for one in listed.body] == ["main2", "sub2", "jpeg2"]


def test_a_camera_s_own_h265_is_not_told_in_ver10() -> None:
    measured(codec="H265", pass_through=True)
    found = ask("GetProfiles").all("trt:Profiles")
    assert [len(one) for one in found] == [2, 3, 3]
    listed = ask("GetVideoEncoderConfigurations").all("trt:Configurations")
    assert [one.get("token") for one in listed] == ["sub1", "jpeg1"]
    answer = ask("GetGuaranteedNumberOfVideoEncoderInstances", ConfigurationToken="video1")
    assert [child.text for child in answer.body] == ["2", "1", "1", "0"]
    assert profiles.profile("profile1").complete


@pytest.mark.parametrize("operation", [*service.absent.LISTS, *service.absent.COMPATIBLE_LISTS])
def test_what_the_device_has_none_of_is_an_empty_list(operation: str) -> None:
    answer = ask(operation, "viewer", ProfileToken="profile1")
    assert (answer.status, len(answer.body)) == (200, 0)


def test_there_is_room_for_no_osd() -> None:
    assert len(ask("GetOSDs", ConfigurationToken="video1").body) == 0
    found = ask("GetOSDOptions", ConfigurationToken="video1")
    assert found.all("trt:OSDOptions/tt:MaximumNumberOfOSDs")[0].get("Total") == "0"


@pytest.fixture
def media_process() -> Iterator[list[dict[str, Any]]]:
    asked: list[dict[str, Any]] = []

    def key_frame(arguments: dict[str, Any]) -> Reply:
        asked.append(arguments)
        return Reply()

    server = RequestServer({"key_frame": key_frame}, home.run_sockets())
    server.start()
    yield asked
    server.stop()


def test_a_synchronization_point_asks_for_a_key_frame(media_process: list[Any]) -> None:
    answer = ask("SetSynchronizationPoint", "operator", ProfileToken="profile2")
    assert (answer.status, media_process) == (200, [{"profile": "profile2"}])


def test_without_media_process_a_synchronization_point_says_so() -> None:
    answer = ask("SetSynchronizationPoint", ProfileToken="profile1")
    assert answer.fault == "Receiver/Action"
    assert "The media process is not running just now" in answer.reason
