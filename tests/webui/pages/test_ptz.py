"""/ptz/ and the pad on the live page without scripts: steps, presets, home, settings; for whom."""

import re
from typing import Any

import pytest
from django.test import Client

from nvrdevice.audit.models import AuditRow
from nvrdevice.lib import asking
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.question_frames import Reply
from nvrdevice.ptz import control, settings
from nvrdevice.ptz.control import HEADS
from tests.webui.conftest import Browser

pytestmark = pytest.mark.django_db(transaction=True)

ACT = "/ptz/camera/source1/act/"
HEAD = {
    "source": "source1",
    "backend": "digital",
    "can": ["absolute", "continuous", "relative", "set_home"],
    "most_presets": 24,
    "position": {"pan": 0.25, "tilt": -0.5, "zoom": 0.75},
    "moving": False,
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Stands for the media process; what it was asked."""
    found: list[tuple[str, dict[str, Any]]] = []

    def ask(whom: Any, name: str, arguments: dict[str, Any], **_: Any) -> Reply:
        if whom is HEADS and name != "state":
            found.append((name, arguments))
        return Reply(dict(HEAD))

    monkeypatch.setattr(asking, "ask", ask)
    return found


@pytest.fixture
def oscar(browser: Browser) -> Client:
    return browser("oscar")


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_for_operators_and_above(browser: Browser, asked: list[Any]) -> None:
    vera = browser("vera")
    assert (vera.get("/ptz/").status_code, vera.post(ACT, {"what": "up"}).status_code) == (403, 403)
    assert "Pan, tilt and zoom" not in text(vera.get("/live/"))
    oscar = browser("oscar")
    assert oscar.get("/ptz/").status_code == 200
    assert "Pan, tilt and zoom" in text(oscar.get("/live/"))


def test_a_button_is_a_step(oscar: Client, asked: list[tuple[str, dict[str, Any]]]) -> None:
    answer = oscar.post(ACT, {"what": "up-left", "back": "live"})
    assert (answer.status_code, answer["Location"]) == (302, "/live/source1/#ptz")
    ((name, arguments),) = asked
    assert (name, arguments["mode"]) == ("move", "relative")
    assert (arguments["pan"], arguments["tilt"], arguments["zoom"]) == (-0.1, 0.1, 0.0)


def test_stop_and_home(oscar: Client, asked: list[tuple[str, dict[str, Any]]]) -> None:
    oscar.post(ACT, {"what": "stop"})
    oscar.post(ACT, {"what": "home"})
    assert [name for name, _ in asked] == ["stop", "home"]


def test_presets_are_saved_used_renamed_and_deleted(
    oscar: Client, asked: list[tuple[str, dict[str, Any]]]
) -> None:
    oscar.post(ACT, {"what": "save", "name": "Gate", "back": "ptz"})
    (made,) = control.presets("source1")
    assert (made.token, made.name, made.position.zoom) == ("preset1", "Gate", 0.75)
    oscar.post(ACT, {"what": "go", "preset": "preset1"})
    assert asked[-1] == ("preset", {"source": "source1", "number": 1})
    oscar.post(ACT, {"what": "rename", "preset": "preset1", "name": "Yard"})
    assert [one.name for one in control.presets("source1")] == ["Yard"]
    refused = oscar.post(ACT, {"what": "save", "name": "Yard", "back": "ptz"}, follow=True)
    assert "There is a preset 'Yard' already." in refused.content.decode().replace("&#x27;", "'")
    oscar.post(ACT, {"what": "delete", "preset": "preset1"})
    assert control.presets("source1") == ()
    actions = ["create PTZ preset", "rename PTZ preset", "delete PTZ preset"]
    rows = AuditRow.objects.filter(action__contains="PTZ").order_by("pk")
    assert [(row.action, row.username, row.object) for row in rows] == [
        (action, "oscar", "source1") for action in actions
    ]


def test_home_is_where_it_stands(oscar: Client, asked: list[Any]) -> None:
    oscar.post(ACT, {"what": "set_home"})
    assert settings.head("source1").home.rounded() == HEAD["position"]


def test_settings_are_saved_and_refused_beside_their_field(oscar: Client, asked: list[Any]) -> None:
    limits = {
        "what": "limits",
        **{"pan_left": "-0.5", "pan_right": "0.5", "tilt_down": "-1", "tilt_up": "1"},
        **{"zoom_least": "0", "zoom_most": "1"},
    }
    assert oscar.post("/ptz/", limits).status_code == 302
    assert settings.head("source1").limits.pan == (-0.5, 0.5)
    refused = oscar.post("/ptz/", limits | {"pan_right": "-0.9"})
    assert "The rightmost must not be below -0.5." in text(refused)


def test_why_nothing_moves(oscar: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_: Any, **__: Any) -> Reply:
        raise DeviceError(Kind.UNSUPPORTED, "Nothing moves source1: it is switched off.")

    monkeypatch.setattr(asking, "ask", ask)
    found = oscar.get("/live/")
    assert "Nothing moves source1: it is switched off." in text(found)
    assert "/ptz/camera/source1/" in found.content.decode()


def test_what_moves_a_camera_is_for_administrators(browser: Browser, asked: list[Any]) -> None:
    drive = {"what": "drive", "backend": "pelco_d", "most_zoom": "4", "port": "/dev/ttyS1",
             "baud": "2400", "address": "3"}  # fmt: skip
    oscar = browser("oscar")
    assert "Administrators choose what moves a camera." in text(oscar.get("/ptz/"))
    assert oscar.post("/ptz/", drive).status_code == 200
    assert settings.head("source1").backend == "auto"
    assert browser("alice").post("/ptz/", drive).status_code == 302
    assert settings.head("source1").port == "/dev/ttyS1"


@pytest.mark.parametrize("port", ["/dev/../etc/passwd", "/dev/shm/.hidden", "/etc/x", "/dev//x"])
def test_a_port_is_a_file_below_dev(browser: Browser, asked: list[Any], port: str) -> None:
    drive = {"what": "drive", "backend": "pelco_d", "most_zoom": "4", "port": port,
             "baud": "2400", "address": "3"}  # fmt: skip
    assert browser("alice").post("/ptz/", drive).status_code == 200
    assert settings.head("source1").backend == "auto"


def test_the_pad_says_what_is_not_moved_and_what_is_wrong(
    browser: Browser, asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(HEAD, "whole_main", True)
    monkeypatch.setitem(HEAD, "trouble", "The line is cut.")
    page = text(browser("oscar").get("/live/"))
    assert "The main stream stays whole, as the camera sends it" in page
    assert "The line is cut." in page
