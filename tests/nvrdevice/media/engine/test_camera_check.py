"""Why a camera cannot be reached is told apart."""

import socket

import pytest

from nvrdevice.media.engine.camera_check import reach
from nvrdevice.media.engine.lost import Lost, Reason


def test_one_that_listens_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as camera:
        reach(f"rtsp://127.0.0.1:{camera.getsockname()[1]}/live")


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as camera:
        port = camera.getsockname()[1]
    with pytest.raises(Lost) as told:
        reach(f"rtsp://127.0.0.1:{port}/live")
    assert told.value.sentence == f"refused: nothing listens at 127.0.0.1 on port {port}"


def test_a_name_nobody_knows() -> None:
    with pytest.raises(Lost) as told:
        reach("rtsp://no-such-camera.invalid/live")
    assert told.value.reason is Reason.NAME_NOT_FOUND
