"""The setup in the browser: its steps, what each saves, and where it goes on."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from nvrdevice import state
from nvrdevice.accounts import users
from nvrdevice.audit.models import AuditRow
from nvrdevice.discovery.scopes import Announcement
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import facts, settings
from nvrdevice.media.request_server import RequestServer
from nvrdevice.media.requests import Reply
from nvrdevice.system import first_setup, identity
from tests.webui.conftest import BY, Browser

SEEN = {
    "codec": "H264", "width": 1280, "height": 720, "fps": 25.0, "kbps": 2480, "pass_through": True,
}  # fmt: skip
PATHS = [f"/setup/{name}/" for name in first_setup.STEPS]


class Media:
    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.refusal: DeviceError | None = None
        self.streams: dict[str, Any] = {}

    def status(self, _: dict[str, Any]) -> Reply:
        return Reply({"sources": {"source1": {"streams": self.streams}}})

    def try_source(self, arguments: dict[str, Any]) -> Reply:
        self.asked.append(arguments)
        if self.refusal is not None:
            raise self.refusal
        return Reply(SEEN, b"\xff\xd8")


@pytest.fixture(autouse=True)
def media() -> Iterator[Media]:
    made = Media()
    server = RequestServer(
        {
            "try_source": made.try_source,
            "status": made.status,
            "cameras": lambda _: Reply({"cameras": []}),
        }
    )
    server.start()
    yield made
    server.stop()


@pytest.fixture
def admin(browser: Browser) -> Client:
    return browser("alice")


def post(client: Client, path: str, what: str = "save", **fields: str) -> str:
    """Where it leads, or the page itself where it stays."""
    answer = client.post(path, {"what": what, **fields})
    return str(answer.headers.get("Location") or answer.content.decode())


@pytest.mark.parametrize("path", [*PATHS[1:], "/setup/", "/setup/stream/figures/"])
def test_the_setup_is_for_administrators(browser: Browser, path: str) -> None:
    assert [browser(name).get(path).status_code for name in ("", "vera", "oscar")] == [
        302, 403, 403,
    ]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_each_step_tells_which_it_is(admin: Client, path: str) -> None:
    text = admin.get(path).content.decode()
    assert text.count('aria-current="step"') == 1
    assert text.count("<h1>") == 1
    assert 'aria-label="Main"' not in text  # nothing leads away but leaving the setup


@pytest.mark.parametrize(("path", "after"), list(itertools.pairwise(PATHS[1:])))
def test_each_step_can_be_skipped(admin: Client, path: str, after: str) -> None:
    before = AuditRow.objects.count()
    assert post(admin, path, "skip") == after
    assert AuditRow.objects.count() == before


def test_it_goes_on_where_it_was_left(admin: Client, browser: Browser) -> None:
    first_setup.go_to("device")
    post(admin, "/setup/device/", "skip")
    post(admin, "/setup/time/", "skip")
    assert browser("alice").get("/setup/")["Location"] == "/setup/network/"


def test_after_a_new_sign_in_too(admin: Client, browser: Browser) -> None:
    first_setup.go_to("camera")
    login = {"username": "alice", "password": "a door in the hall"}
    assert Client().post("/login/", login)["Location"] == "/setup/"
    assert Client().post("/login/", {**login, "username": "vera"})["Location"] == "/"


def test_the_overview_leads_back_into_it(admin: Client, browser: Browser) -> None:
    first_setup.go_to("camera")
    words = "Continue with the step Camera"
    seen = [words in browser(name).get("/").content.decode() for name in ("alice", "vera")]
    assert seen == [True, False]


def test_left_or_finished_it_leads_nowhere(admin: Client) -> None:
    first_setup.go_to("camera")
    assert post(admin, "/setup/", "leave") == "/"
    login = {"username": "alice", "password": "a door in the hall"}
    assert Client().post("/login/", login)["Location"] == "/"


def test_it_can_be_run_again_without_losing_anything(admin: Client) -> None:
    post(admin, "/setup/device/", device_name="Gate", device_location="north", model="Box")
    before = AuditRow.objects.count()
    assert post(admin, "/setup/", "start") == "/setup/account/"
    assert post(admin, "/setup/account/") == "/setup/device/"
    text = admin.get("/setup/device/").content.decode()
    assert 'value="Gate"' in text
    fields = {"device_name": "Gate", "device_location": "north", "model": "Box"}
    assert post(admin, "/setup/device/", **fields) == "/setup/time/"
    assert AuditRow.objects.count() == before


def test_the_last_step_ends_it_and_leads_to_the_nvr(admin: Client) -> None:
    first_setup.go_to("connect")
    assert post(admin, "/setup/connect/") == "/connect/"
    assert first_setup.reached() == ""


def test_device_saves_name_place_and_model(admin: Client) -> None:
    fields = {"device_name": "Gate", "device_location": "north", "model": "Box"}
    assert post(admin, "/setup/device/", **fields) == "/setup/time/"
    told = state.read(Announcement)
    assert (told.device_name, told.device_location, identity.read().model) == (
        "Gate", "north", "Box",
    )  # fmt: skip


def test_what_cannot_be_saved_is_told_and_the_step_stays(admin: Client) -> None:
    text = post(admin, "/setup/device/", device_name="x" * 65, device_location="", model="Box")
    assert 'id="id_device_name_error"' in text
    assert state.read(Announcement).device_name == ""


def test_time_saves_zone_and_servers(admin: Client) -> None:
    answer = post(admin, "/setup/time/", zone="Europe/Berlin", servers="pool.ntp.org")
    assert answer == "/setup/network/"
    actions = AuditRow.objects.order_by("-id").values_list("object", flat=True)[:2]
    assert set(actions) == {"time zone", "time servers"}


def test_time_of_this_computer(admin: Client) -> None:
    assert post(admin, "/setup/time/", "clock", computer_ms="1893456000000") == "/setup/time/"
    assert AuditRow.objects.order_by("-id")[0].object == "clock"


def test_a_zone_that_is_none(admin: Client) -> None:
    assert 'id="id_zone_error"' in post(admin, "/setup/time/", zone="Mars/Olympus", servers="")


def test_the_first_camera_takes_the_place_of_the_test_picture(admin: Client) -> None:
    assert post(admin, "/setup/camera/", uri="rtsp://cam/live") == "/setup/stream/"
    assert [(one.token, one.uri) for one in settings.read().sources] == [
        ("source1", "rtsp://cam/live"),
    ]


def test_a_camera_that_gives_no_picture_is_told_why(admin: Client, media: Media) -> None:
    media.refusal = DeviceError(Kind.INVALID, "Refused: nothing listens.", field="uri")
    assert 'id="id_uri_error">Refused: nothing listens.' in post(
        admin, "/setup/camera/", uri="rtsp://cam/live"
    )


def test_the_test_picture_can_stay(admin: Client) -> None:
    assert post(admin, "/setup/camera/", "keep") == "/setup/stream/"
    assert settings.read().sources[0].uri == "test:"


def test_the_stream_is_played_over_rtsp_and_measured(admin: Client, media: Media) -> None:
    text = admin.get("/setup/stream/figures/").content.decode()
    assert [word in text for word in ("H.264", "25 a second", "2480 kbit/s")] == [True] * 3
    (asked,) = media.asked
    assert asked["uri"] == "rtsp://127.0.0.1:8554/profile1"
    assert asked["measure_s"] > 0


def test_without_scripts_a_button_plays_it(admin: Client) -> None:
    assert "2480 kbit/s" in post(admin, "/setup/stream/", "play")


def test_without_onvif_access_it_is_measured_where_it_is_made(admin: Client, media: Media) -> None:
    users.update(users.Change("alice", onvif_access=False), by=BY)
    media.streams = {
        "main1": {"width": 1280, "height": 720, "fps": 25.0, "kbps": 1900, "frames": 9}
    }
    text = admin.get("/setup/stream/figures/").content.decode()
    assert "It plays" not in text
    assert "Your account has no ONVIF access" in text
    assert "1900 kbit/s" in text
    assert media.asked == []


def test_where_nothing_runs_no_figure_is_made_up(admin: Client) -> None:
    users.update(users.Change("alice", onvif_access=False), by=BY)
    text = admin.get("/setup/stream/figures/").content.decode()
    assert "It does not play" in text
    assert "kbit/s" not in text


def test_a_stream_that_does_not_play_says_why(admin: Client, media: Media) -> None:
    media.refusal = DeviceError(Kind.INVALID, "Refused: nothing listens.", field="uri")
    text = admin.get("/setup/stream/figures/").content.decode()
    assert "It does not play" in text
    assert "Refused: nothing listens." in text


def test_the_summary_tells_a_camera_that_is_offline(admin: Client) -> None:
    facts.write("source1", facts.Facts(uri="test:", online=True))
    facts.write("source1", facts.Facts(uri="test:", online=False, reason="It is away."))
    assert "It is away." in admin.get("/setup/connect/").content.decode()
