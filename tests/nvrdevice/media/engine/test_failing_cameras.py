"""Each way a camera fails is told apart and in words, by real cameras that fail that way."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from nvrdevice.media.engine import camera, gst
from nvrdevice.media.engine.camera import Camera
from nvrdevice.media.engine.lost import Lost
from tests.nvrdevice.media.engine.test_local_camera import Received

SCRIPT = "tests.nvrdevice.media.engine.failing_cameras"


@pytest.fixture(scope="module")
def places() -> Iterator[dict[str, int]]:
    """Ports: of the open cameras, of the locked one, of one that is silent, of none."""
    command = [sys.executable, "-m", SCRIPT]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as cameras,
        socket.create_server(("127.0.0.1", 0)) as silent,
        socket.socket() as closed,
    ):
        closed.bind(("127.0.0.1", 0))
        assert cameras.stdout is not None
        open_, locked = cameras.stdout.readline().split()
        yield {
            "open": int(open_),
            "locked": int(locked),
            "silent": silent.getsockname()[1],
            "closed": closed.getsockname()[1],
        }
        cameras.terminate()


@pytest.mark.parametrize(
    ("address", "login", "sentence"),
    [
        (
            "rtsp://no-such-host.invalid/live",
            None,
            "name not found: no address is known for the host no-such-host.invalid",
        ),
        (
            "rtsp://127.0.0.1:{closed}/live",
            None,
            "refused: nothing listens at 127.0.0.1 on port {closed}",
        ),
        (
            "rtsp://127.0.0.1:{locked}/live",
            ("joe", "wrong"),
            "wrong password: the camera refuses this user and password",
        ),
        (
            "rtsp://127.0.0.1:{open}/none",
            None,
            "no such path: the camera has no stream on this path",
        ),
        (
            "rtsp://127.0.0.1:{open}/jpeg",
            None,
            "wrong codec: the camera offers no H.264 or H.265 video on this path, only JPEG",
        ),
        ("rtsp://127.0.0.1:{open}/nokey", None, "no key frame: no key frame came in 1 s"),
        ("rtsp://127.0.0.1:{silent}/live", None, "timeout: the camera did not answer for 1 s"),
    ],
    ids=["name", "refused", "password", "path", "codec", "key", "timeout"],
)
def test_why_it_fails_is_told(
    places: dict[str, int],
    address: str,
    login: tuple[str, str] | None,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gst.start()
    monkeypatch.setattr(camera, "KEY_WAIT_S", 1.0)
    if "silent" in address:
        monkeypatch.setattr(camera, "SILENCE_S", 1.0)
    with pytest.raises(Lost) as lost:
        Camera(address.format(**places), login).run(Received(), threading.Event())
    assert lost.value.sentence == sentence.format(**places)
