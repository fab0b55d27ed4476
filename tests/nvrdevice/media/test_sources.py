"""Changing the sources: what is kept, what is sealed, what is written and audited."""

from pathlib import Path

import pytest

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.models import AuditRow
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import profiles, settings, sources
from nvrdevice.media.settings import MediaSettings

pytestmark = pytest.mark.django_db

ALICE = trail.Actor(username="alice", address="192.0.2.9", protocol="cli")
CAMERA = "rtsp://joe:p%40ss@cam/live"


def tokens() -> list[str]:
    return [one.token for one in settings.read().profiles]


def test_each_source_gets_profiles_in_order() -> None:
    made = sources.set_sources([CAMERA, "test:"], ALICE)
    assert [(one.token, one.name, one.uri) for one in made] == [
        ("source1", "cam", "rtsp://cam/live"),
        ("source2", "Test picture", "test:"),
    ]
    assert tokens() == ["profile1", "profile2", "profile3", "profile4", "jpeg1", "jpeg2"]


def test_a_camera_in_the_place_of_another_keeps_its_tokens() -> None:
    sources.set_sources(["test:"], ALICE)
    made = sources.set_sources([CAMERA], ALICE)
    assert [(one.token, one.uri) for one in made] == [("source1", "rtsp://cam/live")]
    assert tokens() == ["profile1", "profile2", "jpeg1"]


def test_a_source_that_goes_takes_its_profiles_along_and_leaves_a_client_s() -> None:
    sources.set_sources(["test:", "test:"], ALICE)
    profiles.create_profile("own", "own", ALICE)
    profiles.add_video_source("own", "video2", ALICE)
    profiles.add_video_encoder("own", "main2", ALICE)
    sources.set_sources(["test:"], ALICE)
    assert tokens() == ["profile1", "profile2", "jpeg1", "own"]
    assert not profiles.profile("own").complete


def test_a_login_is_sealed_and_comes_back_only_to_the_engine(config_dir: Path) -> None:
    (made,) = sources.set_sources([CAMERA], ALICE)
    assert sources.login_of(made) == ("joe", "p@ss")
    assert sources.uri_with_login(made) == "rtsp://joe:p%40ss@cam/live"
    written = (config_dir / "media.yaml").read_text()
    row = AuditRow.objects.get()
    for text in (written, str(row.before), str(row.after), repr(profiles.media())):
        assert "p@ss" not in text
        assert "p%40ss" not in text
        assert "joe" not in text


def test_the_change_is_audited_once_and_the_same_again_not_at_all(config_dir: Path) -> None:
    sources.set_sources([CAMERA], ALICE)
    before = (config_dir / "media.yaml").read_bytes()
    sources.set_sources([CAMERA], ALICE)
    assert (config_dir / "media.yaml").read_bytes() == before
    assert list(AuditRow.objects.values_list("username", "action", "before", "after")) == [
        ("alice", "media.set_sources", ["test:"], ["rtsp://cam/live"])
    ]


def test_a_new_password_is_a_change() -> None:
    sources.set_sources([CAMERA], ALICE)
    (made,) = sources.set_sources(["rtsp://joe:other@cam/live"], ALICE)
    assert sources.login_of(made) == ("joe", "other")
    assert AuditRow.objects.count() == 2


def test_a_wrong_source_changes_nothing(config_dir: Path) -> None:
    sources.set_sources([CAMERA], ALICE)
    before = (config_dir / "media.yaml").read_bytes()
    with pytest.raises(DeviceError):
        sources.set_sources(["test:", "file:///no/such.mp4"], ALICE)
    assert (config_dir / "media.yaml").read_bytes() == before
    assert AuditRow.objects.count() == 1


@pytest.mark.parametrize(("number", "kind"), [(0, Kind.INVALID), (9, Kind.LIMIT)])
def test_there_are_one_to_eight_sources(number: int, kind: Kind) -> None:
    with pytest.raises(DeviceError) as refused:
        sources.set_sources(["test:"] * number, ALICE)
    assert refused.value.kind == kind


def test_settling_writes_the_document_whole(config_dir: Path) -> None:
    sources.settle()
    found = state.Store(config_dir).read(MediaSettings)
    assert found == settings.complete(MediaSettings())
    assert AuditRow.objects.count() == 0


def test_settling_seals_a_login_written_by_hand(config_dir: Path) -> None:
    (config_dir / "media.yaml").write_text(
        "sources:\n- {token: gate, name: Gate, uri: 'rtsp://joe:p@ss@cam/live'}\n"
    )
    (made,) = sources.settle()
    assert (made.token, made.name, made.uri) == ("gate", "Gate", "rtsp://cam/live")
    assert sources.login_of(made) == ("joe", "p@ss")
    assert "p@ss" not in (config_dir / "media.yaml").read_text()
    assert AuditRow.objects.get().action == "media.settle"


def test_a_login_written_by_hand_works_before_it_is_sealed(config_dir: Path) -> None:
    (config_dir / "media.yaml").write_text(
        "sources:\n- {token: gate, uri: 'rtsp://joe:p@ss@cam/live'}\n"
    )
    (found,) = settings.read().sources
    assert sources.login_of(found) == ("joe", "p@ss")
    assert sources.uri_with_login(found) == "rtsp://joe:p%40ss@cam/live"


def test_an_address_written_wrongly_does_not_stop_the_start(
    config_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (config_dir / "media.yaml").write_text(
        "sources:\n- {token: gate, uri: 'rtsp://joe:s3/cret@cam/live'}\n"
    )
    assert [one.token for one in sources.settle()] == ["gate"]
    assert "media.yaml: gate: The source's address has a / ? # or @" in caplog.text
    assert "cret" not in caplog.text


def test_settling_leaves_a_broken_document_to_its_author(config_dir: Path) -> None:
    sources.settle()
    (config_dir / "media.yaml").write_text("sources: [")
    sources.settle()
    assert (config_dir / "media.yaml").read_text() == "sources: ["


def test_the_default_is_the_test_picture() -> None:
    assert [one.uri for one in sources.settle()] == ["test:"]


def test_a_source_is_added_beside_the_others() -> None:
    made = sources.add_source(CAMERA, ALICE, name="Gate")
    assert (made.token, made.name, made.uri) == ("source2", "Gate", "rtsp://cam/live")
    assert sources.login_of(made) == ("joe", "p@ss")
    assert tokens() == ["profile1", "profile2", "profile3", "profile4", "jpeg1", "jpeg2"]
    row = AuditRow.objects.get()
    assert (row.action, row.object, row.after) == (
        "media.add_source",
        "source2",
        {"name": "Gate", "uri": "rtsp://cam/live"},
    )


def test_a_source_is_changed_and_keeps_its_tokens() -> None:
    sources.add_source(CAMERA, ALICE)
    made = sources.change_source("source2", ALICE, uri="test:", name="Yard")
    assert (made.token, made.name, made.uri, made.sealed_login) == ("source2", "Yard", "test:", "")
    assert [one.uri for one in settings.read().sources] == ["test:", "test:"]
    row = AuditRow.objects.order_by("id")[1]
    assert (row.action, row.before, row.after) == (
        "media.change_source",
        {"name": "cam", "uri": "rtsp://cam/live"},
        {"name": "Yard", "uri": "test:", "login": "removed"},
    )


@pytest.mark.parametrize(
    ("uri", "login"),
    [
        ("rtsp://cam/other", ("joe", "p@ss")),
        ("rtsp://cam:554/other", ("joe", "p@ss")),
        ("rtsp://cam:8554/live", None),
        ("rtsp://other/live", None),
        ("rtsp://a:b@cam/live", ("a", "b")),
    ],
)
def test_a_login_is_kept_for_the_same_host_and_no_other(
    uri: str, login: tuple[str, str] | None
) -> None:
    sources.set_sources([CAMERA], ALICE)
    assert sources.login_of(sources.change_source("source1", ALICE, uri=uri)) == login


def test_a_removed_source_takes_its_profiles_along_and_its_token_is_free() -> None:
    sources.add_source("test:", ALICE)
    sources.remove_source("source1", ALICE)
    assert [one.token for one in settings.read().sources] == ["source2"]
    assert tokens() == ["profile3", "profile4", "jpeg2"]
    assert AuditRow.objects.order_by("id")[1].action == "media.remove_source"
    assert sources.add_source("test:", ALICE).token == "source3"


def test_what_cannot_be_done_to_a_source_changes_nothing(config_dir: Path) -> None:
    sources.settle()
    before = (config_dir / "media.yaml").read_bytes()
    for command, kind in (
        (lambda: sources.remove_source("source1", ALICE), Kind.CONFLICT),
        (lambda: sources.remove_source("none", ALICE), Kind.MISSING),
        (lambda: sources.change_source("none", ALICE, uri="test:"), Kind.MISSING),
        (lambda: sources.change_source("source1", ALICE, uri="nonsense"), Kind.INVALID),
        (lambda: sources.change_source("source1", ALICE, name="a\nb"), Kind.INVALID),
        (lambda: sources.add_source("file:///no/such.mp4", ALICE), Kind.INVALID),
    ):
        with pytest.raises(DeviceError) as refused:
            command()
        assert refused.value.kind == kind
    assert (config_dir / "media.yaml").read_bytes() == before
    assert AuditRow.objects.count() == 0


def test_an_eighth_source_is_the_last() -> None:
    sources.set_sources(["test:"] * 8, ALICE)
    with pytest.raises(DeviceError) as refused:
        sources.add_source("test:", ALICE)
    assert refused.value.kind == Kind.LIMIT


def test_a_second_address_uses_the_login_of_the_same_host_or_its_own() -> None:
    made = sources.add_source(CAMERA, ALICE, sub_uri="rtsp://cam/small")
    assert (made.sub_uri, sources.second_login_of(made)) == ("rtsp://cam/small", ("joe", "p@ss"))
    made = sources.change_source("source2", ALICE, sub_uri="rtsp://a:b@other/small")
    assert (sources.login_of(made), sources.second_login_of(made)) == (("joe", "p@ss"), ("a", "b"))
    made = sources.change_source("source2", ALICE, sub_uri="")
    assert (made.sub_uri, made.sealed_sub_login) == ("", "")
    rows = [row.after for row in AuditRow.objects.order_by("id")]
    assert rows == [
        {"name": "cam", "uri": "rtsp://cam/live", "sub_uri": "rtsp://cam/small"},
        {
            "name": "cam",
            "uri": "rtsp://cam/live",
            "sub_uri": "rtsp://other/small",
            "login": "changed",
        },
        {"name": "cam", "uri": "rtsp://cam/live", "sub_uri": "", "login": "changed"},
    ]


def test_a_second_address_is_a_camera_s() -> None:
    with pytest.raises(DeviceError) as refused:
        sources.add_source(CAMERA, ALICE, sub_uri="test:")
    assert (refused.value.kind, refused.value.field) == (Kind.INVALID, "sub_uri")


def test_settling_seals_the_login_of_a_second_address(config_dir: Path) -> None:
    (config_dir / "media.yaml").write_text(
        "sources:\n- {token: g, uri: 'rtsp://cam/live', sub_uri: 'rtsp://joe:s3cret@cam/small'}\n"
    )
    (made,) = sources.settle()
    assert (made.sub_uri, sources.second_login_of(made)) == ("rtsp://cam/small", ("joe", "s3cret"))
    assert "s3cret" not in (config_dir / "media.yaml").read_text()


def test_the_first_camera_takes_the_place_of_the_test_picture() -> None:
    made = sources.take_source(CAMERA, ALICE)
    assert (made.token, made.name, made.uri) == ("source1", "cam", "rtsp://cam/live")
    assert tokens() == ["profile1", "profile2", "jpeg1"]
    assert AuditRow.objects.get().action == "media.change_source"


def test_the_next_one_stands_beside_it() -> None:
    sources.take_source(CAMERA, ALICE)
    assert sources.take_source("test:", ALICE).token == "source2"


def test_a_draft_keeps_a_login_for_its_host_alone() -> None:
    tried = sources.draft(CAMERA)
    again = sources.draft("rtsp://cam/other", before=tried)
    assert sources.login_of(again) == ("joe", "p@ss")
    assert sources.login_of(sources.draft("rtsp://elsewhere/live", before=tried)) is None


def test_the_login_that_was_tried_is_the_login_that_is_kept() -> None:
    tried = sources.draft(CAMERA, sub_uri="rtsp://joe:small@nvr/sub")
    made = sources.add_source("rtsp://cam/live", ALICE, sub_uri="rtsp://nvr/sub", tried=tried)
    assert sources.login_of(made) == ("joe", "p@ss")
    assert sources.second_login_of(made) == ("joe", "small")


def test_a_changed_source_takes_the_login_that_was_tried() -> None:
    (made,) = sources.set_sources([CAMERA], ALICE)
    tried = sources.draft("rtsp://joe:new@cam/live", before=made)
    after = sources.change_source("source1", ALICE, uri="rtsp://cam/live", tried=tried)
    assert sources.login_of(after) == ("joe", "new")


def test_a_camera_of_this_machine_is_used_once_only() -> None:
    sources.set_sources(["v4l2:/dev/video0"], ALICE)
    with pytest.raises(DeviceError) as told:
        sources.add_source("v4l2:/dev/video0", ALICE)
    assert (told.value.kind, told.value.field) == (Kind.CONFLICT, "uri")
