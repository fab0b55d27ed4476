"""Asking the media process to try an address: the login sealed, the reason handed on."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from nvrdevice.audit import trail
from nvrdevice.lib import home
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import sources, trials
from nvrdevice.media.request_server import RequestServer
from nvrdevice.media.requests import Reply

ALICE = trail.Actor(username="alice", address="192.0.2.9", protocol="web")
FOUND = {"codec": "H264", "width": 1920, "height": 1080, "fps": 25.0, "pass_through": True}


class Media:
    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def try_source(self, arguments: dict[str, Any]) -> Reply:
        self.asked.append(arguments)
        if arguments["uri"].endswith("/none"):
            raise DeviceError(Kind.INVALID, "No such path: it has none.", field="uri")
        return Reply(FOUND, b"jpeg")

    def cameras(self, _: dict[str, Any]) -> Reply:
        return Reply({"cameras": [{"uri": "v4l2:/dev/video0", "name": "C920", "trouble": ""}]})


@pytest.fixture
def media() -> Iterator[Media]:
    made = Media()
    server = RequestServer({"try_source": made.try_source, "cameras": made.cameras})
    server.start()
    yield made
    server.stop()


def test_it_tells_what_the_source_would_be(media: Media) -> None:
    found = trials.try_source(sources.draft("rtsp://cam/live"), ALICE)
    assert found == trials.Trial(**FOUND, picture=b"jpeg")


def test_a_login_goes_there_sealed_and_into_no_log(
    media: Media, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        trials.try_source(sources.draft("rtsp://joe:p%40ss@cam/live"), ALICE)
    (asked,) = media.asked
    assert asked["uri"] == "rtsp://cam/live"
    assert home.secret_box().open(asked["sealed_login"].encode()) == "joe:p@ss"
    assert "alice at 192.0.2.9 tries the source rtsp://cam/live" in caplog.text
    assert "p@ss" not in caplog.text + str(asked)


def test_the_second_address_is_tried_too(media: Media) -> None:
    draft = sources.draft("rtsp://cam/live", sub_uri="rtsp://cam/none")
    with pytest.raises(DeviceError) as told:
        trials.try_source(draft, ALICE)
    assert (told.value.field, told.value.text) == (
        "sub_uri",
        "Second address: No such path: it has none.",
    )


def test_the_cameras_of_this_machine(media: Media) -> None:
    assert trials.found_cameras() == (trials.FoundCamera(uri="v4l2:/dev/video0", name="C920"),)
