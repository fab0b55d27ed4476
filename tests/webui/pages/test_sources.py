"""The camera pages: seen by administrators alone, tried before they are saved."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from nvrdevice.audit import trail
from nvrdevice.audit.models import AuditRow
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import settings, sources
from nvrdevice.media.request_server import RequestServer
from nvrdevice.media.requests import Reply
from tests.webui.conftest import Browser

CAMERA = "rtsp://cam/live"
JPEG = b"\xff\xd8 a picture"
SEEN = {"codec": "H264", "width": 1920, "height": 1080, "fps": 25.0, "pass_through": True}
REFUSED = "Refused: nothing listens at cam on port 554."
ADD = "/video/sources/add/"


class Media:
    """The media process; refuses where it is told to."""

    def __init__(self) -> None:
        self.refusal: DeviceError | None = None
        self.cameras = [{"uri": "v4l2:/dev/video0", "name": "C920", "trouble": ""}]

    def try_source(self, _: dict[str, Any]) -> Reply:
        if self.refusal is not None:
            raise self.refusal
        return Reply(SEEN, JPEG)


@pytest.fixture(autouse=True)
def media() -> Iterator[Media]:
    made = Media()
    handlers = {
        "try_source": made.try_source,
        "cameras": lambda _: Reply({"cameras": made.cameras}),
    }
    server = RequestServer(handlers)
    server.start()
    yield made
    server.stop()


@pytest.fixture
def admin(browser: Browser) -> Client:
    return browser("alice")


def configured() -> list[tuple[str, str, str]]:
    return [(one.token, one.name, one.uri) for one in settings.read().sources]


def post(client: Client, path: str, what: str, **fields: str) -> str:
    return client.post(path, {"what": what, **fields}, follow=True).content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/video/sources/",
        ADD,
        "/video/sources/source1/",
        "/video/sources/source1/remove/",
        "/video/sources/tried.jpg",
        "/video/sources/found.jpg?uri=test:",
    ],
)
def test_only_administrators_set_up_cameras(browser: Browser, path: str) -> None:
    answers = [browser(name).get(path).status_code for name in ("", "vera", "oscar")]
    assert answers == [302, 403, 403]


def test_each_camera_is_listed_without_its_login(admin: Client) -> None:
    sources.set_sources(["rtsp://joe:secret@cam/live", "test:"], trail.DEVICE)
    text = admin.get("/video/sources/").content.decode()
    assert text.count('class="dialog" id="remove-') == 2
    assert "secret" not in text


def test_a_camera_that_works_is_added(admin: Client) -> None:
    text = post(admin, ADD, "save", uri=CAMERA, name="Front door")
    assert "Front door is added: 1920 \N{MULTIPLICATION SIGN} 1080, 25 fps, H.264." in text
    assert configured()[1] == ("source2", "Front door", CAMERA)


def test_adding_leaves_one_audit_row(admin: Client) -> None:
    before = AuditRow.objects.count()
    post(admin, ADD, "try", uri=CAMERA)
    post(admin, ADD, "save", uri=CAMERA)
    (row,) = AuditRow.objects.order_by("id")[before:]
    assert (row.username, row.protocol, row.action) == ("alice", "web", "media.add_source")


def test_a_try_saves_nothing_and_shows_the_picture(admin: Client) -> None:
    text = post(admin, ADD, "try", uri=CAMERA)
    assert len(configured()) == 1
    assert "Nothing is saved yet." in text
    assert admin.get("/video/sources/tried.jpg").content == JPEG


def test_the_picture_is_the_visitor_s_own(admin: Client, browser: Browser) -> None:
    post(admin, ADD, "try", uri=CAMERA)
    assert browser("alice").get("/video/sources/tried.jpg").status_code == 404


def test_why_it_does_not_work_stands_beside_its_field(admin: Client, media: Media) -> None:
    media.refusal = DeviceError(Kind.INVALID, REFUSED, field="uri")
    text = post(admin, ADD, "save", uri=CAMERA)
    assert f'id="id_uri_error">{REFUSED}' in text
    assert len(configured()) == 1


def test_a_camera_that_is_off_just_now_can_be_saved_anyway(admin: Client, media: Media) -> None:
    media.refusal = DeviceError(Kind.INVALID, REFUSED, field="uri")
    fields = {"uri": CAMERA, "user": "joe", "password": "p@ss"}
    assert 'value="anyway"' in post(admin, ADD, "save", **fields)
    post(admin, ADD, "anyway", uri=CAMERA)
    assert sources.login_of(settings.read().sources[1]) == ("joe", "p@ss")


def test_a_password_is_never_sent_back(admin: Client, media: Media) -> None:
    media.refusal = DeviceError(Kind.INVALID, REFUSED, field="uri")
    text = post(admin, ADD, "save", uri="rtsp://joe:p%40ss@cam/live", sub_uri="rtsp://cam/sub")
    assert 'value="rtsp://cam/live"' in text
    assert "p%40ss" not in text
    assert "p@ss" not in str(admin.session.items())


def test_a_login_that_was_tried_is_not_asked_for_twice(admin: Client) -> None:
    post(admin, ADD, "try", uri=CAMERA, user="joe", password="p@ss")
    post(admin, ADD, "save", uri=CAMERA)
    assert sources.login_of(settings.read().sources[1]) == ("joe", "p@ss")


def test_a_login_that_was_tried_goes_to_no_other_host(admin: Client) -> None:
    post(admin, ADD, "try", uri=CAMERA, user="joe", password="p@ss")
    post(admin, ADD, "save", uri="rtsp://elsewhere/live")
    assert sources.login_of(settings.read().sources[1]) is None


@pytest.mark.parametrize(
    ("uri", "field"),
    [
        ("", "uri"),
        ("http://cam/live", "uri"),
        ("gopher://cam/", "uri"),
        ("file:///etc/none.mp4", "uri"),
    ],
)
def test_what_is_no_camera_is_never_asked(
    admin: Client, media: Media, uri: str, field: str
) -> None:
    media.refusal = DeviceError(Kind.INTERNAL, "It was asked.")
    text = post(admin, ADD, "save", uri=uri)
    assert f'id="id_{field}_error"' in text
    assert 'value="anyway"' not in text


def test_a_password_without_a_user_is_told(admin: Client) -> None:
    text = post(admin, ADD, "save", uri=CAMERA, password="p@ss")
    assert 'id="id_user_error">Name the user this password belongs to.' in text


def test_a_camera_of_this_machine_is_offered_once(admin: Client) -> None:
    assert "Use this camera" in admin.get(ADD).content.decode()
    post(admin, ADD, "save", uri="v4l2:/dev/video0", name="C920")
    text = admin.get(ADD).content.decode()
    assert "Use this camera" not in text
    assert "as C920" in text
    assert "found.jpg" not in text  # it can be opened once only


def test_the_picture_of_a_network_address_is_not_fetched_by_a_link(
    admin: Client, media: Media
) -> None:
    media.refusal = DeviceError(Kind.INTERNAL, "It was asked.")
    assert admin.get("/video/sources/found.jpg", {"uri": CAMERA}).status_code == 404
    assert admin.get("/video/sources/found.jpg", {"uri": "file:///etc/passwd"}).status_code == 404


def test_a_camera_that_is_plugged_in_has_a_picture(admin: Client) -> None:
    answer = admin.get("/video/sources/found.jpg", {"uri": "v4l2:/dev/video0"})
    assert (answer.status_code, answer.content) == (200, JPEG)


def test_a_camera_is_renamed(admin: Client) -> None:
    post(admin, "/video/sources/source1/", "name", name="Yard")
    assert configured() == [("source1", "Yard", "test:")]


def test_another_address_keeps_the_token_and_the_login(admin: Client) -> None:
    sources.set_sources(["rtsp://joe:p%40ss@cam/live"], trail.DEVICE)
    post(admin, "/video/sources/source1/", "save", uri="rtsp://cam/other")
    (source,) = settings.read().sources
    assert (source.token, source.uri) == ("source1", "rtsp://cam/other")
    assert sources.login_of(source) == ("joe", "p@ss")


def test_a_camera_is_removed_after_a_question(admin: Client) -> None:
    sources.set_sources(["test:", CAMERA], trail.DEVICE)
    path = "/video/sources/source2/remove/"
    assert "Remove cam?" in admin.get(path).content.decode()
    assert len(configured()) == 2
    assert "cam is removed." in post(admin, path, "")
    assert configured() == [("source1", "Test picture", "test:")]


def test_the_only_camera_stays(admin: Client) -> None:
    path = "/video/sources/source1/remove/"
    assert "is the only camera" in admin.get(path).content.decode()
    assert "is the only source" in post(admin, path, "")
    assert len(configured()) == 1


def test_a_camera_that_is_none(admin: Client) -> None:
    assert admin.get("/video/sources/source9/").status_code == 404


def test_without_the_media_process_the_page_says_so(
    admin: Client, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nvrdevice.media import trials

    def away() -> tuple[trials.FoundCamera, ...]:
        raise DeviceError(Kind.UNAVAILABLE, "The media process is not running just now.")

    monkeypatch.setattr(trials, "found_cameras", away)
    assert "The media process is not running just now." in admin.get(ADD).content.decode()
