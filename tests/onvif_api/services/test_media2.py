"""The Media2 service: what it answers, held against ONVIF's own procedures (MEDIA2-*)."""

from collections.abc import Iterator
from typing import Any

import pytest

from nvrdevice.accounts import access
from nvrdevice.audit import trail
from nvrdevice.audit.models import AuditRow
from nvrdevice.lib import home
from nvrdevice.lib.question_frames import Reply
from nvrdevice.media import facts, settings, sources
from nvrdevice.media.facts import Facts
from nvrdevice.media.request_server import RequestServer
from onvif_api.services import media2 as service
from onvif_api.soap import dispatch
from tests.onvif_api.services import device_client, media_client
from tests.onvif_api.services.media2_client import ask, part, profile, tokens, told, types
from tests.onvif_api.services.media_client import plain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]

NO_PROFILE = "Sender/InvalidArgVal/NoProfile"
NO_CONFIG = "Sender/InvalidArgVal/NoConfig"
CONFLICT = "Receiver/Action/ConfigurationConflict"
NOT_SUPPORTED = "Receiver/ActionNotSupported"
LEVELS = {None: 0, "viewer": 1, "operator": 2, "admin": 3}
BOTH = (part("VideoSource", "video1"), part("VideoEncoder", "sub1"))
# Each operation asked so that it succeeds, with the lowest level that Core's table allows it to.
ASKED: dict[str, tuple[int, tuple[tuple[str, str], ...]]] = {
    "GetServiceCapabilities": (0, ()),
    "GetProfiles": (1, (("Type", "All"),)),
    "GetVideoSourceConfigurations": (1, ()),
    "GetVideoSourceConfigurationOptions": (1, ()),
    "GetVideoEncoderConfigurations": (1, ()),
    "GetVideoEncoderConfigurationOptions": (1, ()),
    "GetVideoEncoderInstances": (1, (("ConfigurationToken", "video1"),)),
    "GetStreamUri": (1, (("Protocol", "RTSP"), ("ProfileToken", "profile1"))),
    "GetSnapshotUri": (1, (("ProfileToken", "profile1"),)),
    "GetOSDs": (1, ()),
    "GetOSDOptions": (1, (("ConfigurationToken", "video1"),)),
    "GetAudioSourceConfigurations": (1, ()),
    "GetAudioEncoderConfigurations": (1, ()),
    "GetAudioOutputConfigurations": (1, ()),
    "GetAudioDecoderConfigurations": (1, ()),
    "GetMetadataConfigurations": (1, ()),
    "GetAnalyticsConfigurations": (1, ()),
    "CreateProfile": (2, (("Name", "Genetec"), *BOTH)),
    "AddConfiguration": (2, (("ProfileToken", "profile1"), *BOTH)),
    "RemoveConfiguration": (2, (("ProfileToken", "profile1"), part("All"))),
    "DeleteProfile": (2, (("Token", "own"),)),
    "StartMulticastStreaming": (2, (("ProfileToken", "profile1"),)),
    "StopMulticastStreaming": (2, (("ProfileToken", "profile1"),)),
    "SetSynchronizationPoint": (2, (("ProfileToken", "own"),)),
}
NOT_DONE = [
    *("SetVideoEncoderConfiguration", "SetVideoSourceConfiguration", "SetMetadataConfiguration"),
    *("GetVideoSourceModes", "SetVideoSourceMode", "GetMasks", "GetMaskOptions", "CreateMask"),
    *("CreateOSD", "SetOSD", "DeleteOSD"),
    *("GetAudioEncoderConfigurationOptions", "GetAudioSourceConfigurationOptions"),
    *("GetAudioOutputConfigurationOptions", "GetAudioDecoderConfigurationOptions"),
    *("GetMetadataConfigurationOptions", "GetWebRTCConfigurations", "GetAudioClips"),
    *("CreateMultitrackConfiguration", "NoSuchThing"),
]


def measured(source: str = "source1", **values: Any) -> None:
    facts.write(source, Facts(uri="test:", width=1920, height=1080, fps=29.97, **values))


def options_of(encoding: str) -> Any:
    """What the device as a whole offers of an encoding."""
    found = ask("GetVideoEncoderConfigurationOptions").body
    (one,) = [each for each in found if each.findtext("{*}Encoding") == encoding]
    return one


def test_these_are_all_operations() -> None:
    found = {one.name for one in dispatch.operations().values() if one.name.startswith("tr2:")}
    assert found == {f"tr2:{name}" for name in ASKED}


def test_the_levels_are_those_of_the_table_of_access_classes() -> None:
    for name, (level, _) in ASKED.items():
        found = access.access_class(f"tr2:{name}")
        assert found is not None
        assert access.LOWEST_LEVEL[found] == level


@pytest.mark.parametrize("as_", LEVELS)
@pytest.mark.parametrize("name", ASKED)
def test_who_may(name: str, as_: str | None) -> None:
    media_client.ask("CreateProfile", Name="Empty", Token="own")
    level, arguments = ASKED[name]
    answer = ask(name, as_, *arguments)
    if LEVELS[as_] >= level:
        assert (answer.status, answer.fault) == (200, "")
    elif as_ is None:
        assert (answer.status, answer.fault) == (401, "Sender/NotAuthorized")
    else:
        assert (answer.status, answer.fault) == (400, "Sender/NotAuthorized")


@pytest.mark.parametrize("name", NOT_DONE)
def test_what_is_not_truly_done_is_not_offered(name: str) -> None:
    answer = ask(name)
    assert (answer.status, answer.fault) == (500, NOT_SUPPORTED)


def test_capabilities_are_those_that_work() -> None:
    """MEDIA2-7-1-1."""
    found = ask("GetServiceCapabilities", None).body[0]
    assert dict(found.attrib) == {
        "SnapshotUri": "true",
        "Rotation": "false",
        "VideoSourceMode": "false",
        "OSD": "false",
        "TemporaryOSDText": "false",
        "Mask": "false",
        "SourceMask": "false",
    }
    assert dict(found[0].attrib) == {
        "MaximumNumberOfProfiles": "32",
        "ConfigurationsSupported": "VideoSource VideoEncoder",
    }
    assert found[1].get("RTSPStreaming") == "true"


def test_get_services_tells_the_same_capabilities() -> None:
    """MEDIA2-7-1-2."""
    own = ask("GetServiceCapabilities", None).body[0]
    answer = device_client.ask(
        "GetServices", None, "<tds:IncludeCapability>true</tds:IncludeCapability>"
    )
    (found,) = [
        one
        for one in answer.all("tds:Service")
        if one[0].text == "http://www.onvif.org/ver20/media/wsdl"
    ]
    assert found[1].text == "http://192.0.2.7:8000/onvif/media2_service"
    assert plain(found[2][0]) == plain(own)


def test_the_streaming_capabilities_are_those_of_ver10() -> None:
    own = ask("GetServiceCapabilities", None).body[0][1]
    old = media_client.ask("GetServiceCapabilities", None).body[0][1]
    for name in ("RTPMulticast", "RTP_RTSP_TCP", "NonAggregateControl"):
        assert own.get(name) == old.get(name)


def test_each_source_has_a_profile_ready_to_stream() -> None:
    """MEDIA2-1-1-1."""
    sources.set_sources(["test:", "test:"], trail.DEVICE)
    ready = [
        (one[1][0].findtext("{*}SourceToken"), one[1][1].findtext("{*}Encoding"))
        for one in ask("GetProfiles", "viewer", *types("All")).body
        if one.get("fixed") == "true"
    ]
    for source in ("source1", "source2"):
        assert ready.count((source, "H264")) == 2


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ([], None),
        (["All"], ["VideoSource", "VideoEncoder"]),
        (["VideoSource"], ["VideoSource"]),
        (["VideoEncoder", "VideoSource"], ["VideoSource", "VideoEncoder"]),
        (["AudioSource", "Metadata"], []),
        (["Analytics", "VideoEncoder"], ["VideoEncoder"]),
    ],
)
def test_only_the_types_asked_for_are_told(asked: list[str], names: list[str] | None) -> None:
    """MEDIA2-1-1-4: no type, no configurations."""
    for one in ask("GetProfiles", "viewer", *types(*asked)).body:
        told = None if len(one) == 1 else [child.tag.rpartition("}")[2] for child in one[1]]
        assert told == names


def test_one_profile_is_as_all_profiles_tell_it() -> None:
    for one in ask("GetProfiles", "viewer", *types("All")).body:
        assert plain(profile(one.get("token"), "All")) == plain(one)


@pytest.mark.parametrize("what", ["VideoSource", "VideoEncoder"])
def test_profiles_and_configurations_agree(what: str) -> None:
    """MEDIA2-2-2-2, MEDIA2-2-2-4, MEDIA2-2-3-1."""
    sources.set_sources(["test:", "test:"], trail.DEVICE)
    every = ask(f"Get{what}Configurations")
    alone = {
        token: ask(f"Get{what}Configurations", ConfigurationToken=str(token)).body
        for token in tokens(every)
    }
    assert [[plain(one) for one in body] for body in alone.values()] == [
        [plain(one)] for one in every.body
    ]
    for one in ask("GetProfiles", "viewer", *types(what)).body:
        inside = one[1][0]
        assert plain(inside) == plain(alone[inside.get("token")][0])
        fitting = ask(f"Get{what}Configurations", ProfileToken=one.get("token"))
        assert inside.get("token") in tokens(fitting)
        assert set(tokens(fitting)) < set(tokens(every))


def test_an_encoder_tells_the_numbers_of_its_stream() -> None:
    measured()
    (found,) = ask("GetVideoEncoderConfigurations", ConfigurationToken="sub1").body
    assert dict(found.attrib) == {"token": "sub1", "GovLength": "60", "Profile": "Baseline"}
    path = "{*}RateControl/{*}FrameRateLimit"
    assert (found.findtext("{*}Encoding"), found.findtext(path)) == ("H264", "29.97")


def test_encoder_options_offer_what_is_configured() -> None:
    """MEDIA2-2-3-2, MEDIA2-2-3-3."""
    measured()
    for token, of in (("main1", "profile1"), ("sub1", "profile2")):
        (one,) = ask("GetVideoEncoderConfigurations", ConfigurationToken=token).body
        (options,) = ask(
            "GetVideoEncoderConfigurationOptions", ConfigurationToken=token, ProfileToken=of
        ).body
        gop, rate = one.get("GovLength"), one.findtext("{*}RateControl/{*}FrameRateLimit")
        assert dict(options.attrib) == {
            "GovLengthRange": f"{gop} {gop}",
            "FrameRatesSupported": rate,
            "ProfilesSupported": one.get("Profile"),
            "ConstantBitRateSupported": "false",
        }
        assert options.findtext("{*}Encoding") == one.findtext("{*}Encoding")
        for path, allowed in (
            ("Quality", "QualityRange"),
            ("RateControl/{*}BitrateLimit", "BitrateRange"),
        ):
            value = one.findtext(f"{{*}}{path}")
            assert [side.text for side in options.find(f"{{*}}{allowed}")] == [value, value]
        sizes = options.findall("{*}ResolutionsAvailable")
        assert [plain(size) for size in sizes] == [plain(one.find("{*}Resolution"))]


def test_options_for_the_device_are_sorted_and_span_all_encoders() -> None:
    """MEDIA2-2-3-5."""
    sources.set_sources(["test:", "test:"], trail.DEVICE)
    measured("source2")
    options, jpeg = ask("GetVideoEncoderConfigurationOptions").body
    assert dict(jpeg.attrib) == {"FrameRatesSupported": "5", "ConstantBitRateSupported": "false"}
    assert options.get("FrameRatesSupported") == "29.97 25"
    assert options.get("GovLengthRange") == "50 60"
    sizes = options.findall("{*}ResolutionsAvailable")
    assert [[side.text for side in size] for size in sizes] == [
        ["1920", "1080"],
        ["1280", "720"],
        ["640", "360"],
    ]


def test_source_options_allow_what_is_configured() -> None:
    """MEDIA2-2-2-3, MEDIA2-2-2-7."""
    measured()
    for arguments in (
        {},
        {"ConfigurationToken": "video1"},
        {"ProfileToken": "profile1"},
        {"ConfigurationToken": "video1", "ProfileToken": "profile1"},
    ):
        (options,) = ask("GetVideoSourceConfigurationOptions", **arguments).body
        bounds = [[side.text for side in one] for one in options[0]]
        assert bounds == [["0", "0"], ["0", "0"], ["1920", "1920"], ["1080", "1080"]]
        assert [one.text for one in options[1:]] == ["source1"]


def test_a_camera_s_own_h265_is_told() -> None:
    measured(codec="H265", pass_through=True, gop_frames=50)
    (found,) = ask("GetVideoEncoderConfigurations", ConfigurationToken="main1").body
    assert dict(found.attrib) == {"token": "main1", "GovLength": "50"}
    assert found.findtext("{*}Encoding") == "H265"
    assert options_of("H264").get("ProfilesSupported") == "Baseline"
    assert options_of("H265").get("ProfilesSupported") is None
    (info,) = ask("GetVideoEncoderInstances", ConfigurationToken="video1").body
    codecs = {one[0].text: one[1].text for one in info[:-1]}
    assert (codecs["H264"], codecs["H265"]) == ("1", "1")
    assert int(info[-1].text) == sum(int(number or 0) for number in codecs.values())
    hidden = media_client.ask("GetVideoEncoderConfigurations")
    assert "main1" not in [one.get("token") for one in hidden.body]


def test_there_is_room_for_a_profile_of_each_encoder_instance() -> None:
    """MEDIA2-5-1-2, and Media2 5.4.5: no more instances than profiles."""
    sources.set_sources(["test:"] * settings.MAX_SOURCES, trail.DEVICE)
    found = [
        int(ask("GetVideoEncoderInstances", ConfigurationToken=str(token)).body[0][-1].text or 0)
        for token in tokens(ask("GetVideoSourceConfigurations"))
    ]
    assert found == [3] * settings.MAX_SOURCES
    assert sum(found) <= settings.MAX_PROFILES


@pytest.mark.parametrize("protocol", ["RtspUnicast", "RTSP", "RtspMulticast"])
def test_a_stream_s_address_carries_the_host_the_client_used(protocol: str) -> None:
    answer = ask("GetStreamUri", "viewer", Protocol=protocol, ProfileToken="profile2")
    assert answer.text("tr2:Uri") == "rtsp://192.0.2.7:8554/profile2"


def test_a_tunnel_has_the_scheme_and_port_of_the_web_service() -> None:
    """Media2 5.11, and HelperGetStreamUri of the device test: the same scheme, the same port."""
    answer = ask("GetStreamUri", "viewer", Protocol="RtspOverHttp", ProfileToken="profile2")
    assert answer.text("tr2:Uri") == "http://192.0.2.7:8000/profile2"


@pytest.mark.parametrize("protocol", ["RtspsUnicast", "RtspsMulticast", "rtspoverhttp", "rtsp", ""])
def test_what_is_not_served_is_an_invalid_stream_setup(protocol: str) -> None:
    answer = ask("GetStreamUri", Protocol=protocol, ProfileToken="profile1")
    assert (answer.status, answer.fault) == (400, "Sender/InvalidArgVal/InvalidStreamSetup")
    assert "is not served: ask for RTP over UDP or RTP inside the RTSP connection" in answer.reason


def test_the_snapshot_is_on_the_port_the_client_used() -> None:
    answer = ask("GetSnapshotUri", "viewer", ProfileToken="profile1")
    assert answer.text("tr2:Uri") == "http://192.0.2.7:8000/onvif/snapshot/profile1"


@pytest.mark.parametrize(
    ("name", "arguments", "fault"),
    [
        ("GetProfiles", [("Token", "none")], NO_PROFILE),
        ("DeleteProfile", [("Token", "none")], NO_PROFILE),
        ("DeleteProfile", [("Token", "profile1")], "Sender/Action/DeletionOfFixedProfile"),
        ("DeleteProfile", [], "Sender/InvalidArgs"),
        ("AddConfiguration", [("ProfileToken", "none"), *BOTH], NO_PROFILE),
        ("RemoveConfiguration", [("ProfileToken", "none"), part("All")], NO_PROFILE),
        ("RemoveConfiguration", [("ProfileToken", "profile1")], "Sender/InvalidArgs"),
        (
            "RemoveConfiguration",
            [("ProfileToken", "profile1"), part("VideoSource")],
            CONFLICT,
        ),
        (
            "AddConfiguration",
            [("ProfileToken", "profile1"), part("VideoSource", "none")],
            NO_CONFIG,
        ),
        (
            "AddConfiguration",
            [("ProfileToken", "profile1"), part("VideoSource")],
            "Sender/InvalidArgs",
        ),
        ("AddConfiguration", [("ProfileToken", "profile1"), part("PTZ", "ptz")], NO_CONFIG),
        ("CreateProfile", [("Name", "n"), part("VideoEncoder", "main1")], CONFLICT),
        ("CreateProfile", [("Name", "n"), part("Analytics", "a")], NO_CONFIG),
        ("CreateProfile", [("Name", "n" * 65)], "Sender/InvalidArgVal"),
        ("CreateProfile", [], "Sender/InvalidArgs"),
        ("GetVideoSourceConfigurations", [("ConfigurationToken", "none")], NO_CONFIG),
        ("GetVideoSourceConfigurations", [("ProfileToken", "none")], NO_PROFILE),
        ("GetVideoEncoderConfigurations", [("ConfigurationToken", "none")], NO_CONFIG),
        ("GetVideoEncoderConfigurations", [("ProfileToken", "none")], NO_PROFILE),
        ("GetVideoSourceConfigurationOptions", [("ConfigurationToken", "none")], NO_CONFIG),
        ("GetVideoEncoderConfigurationOptions", [("ConfigurationToken", "none")], NO_CONFIG),
        ("GetVideoEncoderConfigurationOptions", [("ProfileToken", "none")], NO_PROFILE),
        ("GetVideoEncoderInstances", [("ConfigurationToken", "none")], NO_CONFIG),
        ("GetVideoEncoderInstances", [], "Sender/InvalidArgs"),
        ("GetMetadataConfigurations", [("ConfigurationToken", "none")], NO_CONFIG),
        ("GetAnalyticsConfigurations", [("ProfileToken", "none")], NO_PROFILE),
        ("GetStreamUri", [("Protocol", "RTSP"), ("ProfileToken", "none")], NO_PROFILE),
        ("GetSnapshotUri", [("ProfileToken", "none")], NO_PROFILE),
        ("SetSynchronizationPoint", [("ProfileToken", "none")], NO_PROFILE),
        ("GetOSDs", [("OSDToken", "none")], NO_CONFIG),
        ("GetOSDs", [("ConfigurationToken", "none")], NO_CONFIG),
        ("GetOSDOptions", [("ConfigurationToken", "none")], NO_CONFIG),
    ],
)
def test_a_refusal_has_the_subcode_of_its_operation(
    name: str, arguments: list[tuple[str, str]], fault: str
) -> None:
    assert ask(name, "admin", *arguments).fault == fault
    assert AuditRow.objects.filter(action__startswith="media.").count() == 0
    assert told() == []


def test_a_configuration_of_another_source_does_not_fit() -> None:
    sources.set_sources(["test:", "test:"], trail.DEVICE)
    for what, token in (("VideoSource", "video2"), ("VideoEncoder", "main2")):
        arguments = {"ConfigurationToken": token, "ProfileToken": "profile1"}
        assert ask(f"Get{what}Configurations", **arguments).fault == NO_CONFIG
        assert (
            ask(f"Get{what}ConfigurationOptions", **arguments).fault
            == "Sender/InvalidArgVal/IncompatibleConfiguration"
        )
        given = part(what, token)
        assert ask("AddConfiguration", "admin", given, ProfileToken="profile1").fault == CONFLICT


@pytest.mark.parametrize("name", service.absent.LISTS)
def test_what_the_device_has_none_of_is_an_empty_list(name: str) -> None:
    answer = ask(name, "viewer", ProfileToken="profile1")
    assert (answer.status, len(answer.body)) == (200, 0)


def test_there_is_room_for_no_osd() -> None:
    (options,) = ask("GetOSDOptions", "viewer", ConfigurationToken="video1").body
    assert options[0].get("Total") == "0"
    assert len(ask("GetOSDs", "viewer").body) == 0


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
    answer = ask("SetSynchronizationPoint", "operator", ProfileToken="profile1")
    assert (answer.status, media_process) == (200, [{"profile": "profile1"}])
