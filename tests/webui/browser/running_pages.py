"""The web process as it runs, with a stand-in for the media process: a picture that moves.

The pages are the real ones, served by runweb; only what needs a camera is played here.
"""

import itertools
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.question_frames import Reply
from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.media.request_server import RequestServer
from tests.ports import free_port
from tests.webui.browser.moving_camera import MovingCamera

ROOT = Path(__file__).resolve().parents[3]
START_LIMIT_S = 60.0
FIRST_PASSWORD = "admin123"
PLUGGED_IN = [
    {"uri": "v4l2:/dev/video0", "name": "HD Pro Webcam C920", "trouble": ""},
    {
        "uri": "v4l2:/dev/video2",
        "name": "USB 2.0 Camera",
        "trouble": "This user may not open /dev/video2: add it to the group video.",
    },
]
TRIED = {
    "codec": "H264",
    "width": 1920,
    "height": 1080,
    "fps": 25.0,
    "kbps": 3974,
    "pass_through": True,
}
REFUSED = (
    "Refused: nothing listens at 192.168.1.44 on port 554. Check the address and its port, and "
    "that RTSP is switched on in the camera."
)
FACTS = """
from dataclasses import replace
from nvrdevice.media import facts
facts.write("source1", facts.Facts(uri="test:", width=1280, height=720, fps=25.0, codec="raw",
                                   online={online}, reason={reason!r}))
"""
MOTION = """
from nvrdevice.events import publishing
publishing.publish("tns1:VideoSource/MotionAlarm", {{"Source": "source1"}}, {{"State": {moving}}})
"""


class RunningPages:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.https_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.sockets = RunSockets(folder / "var" / "run")
        self.camera = MovingCamera(self.sockets)
        self._frames = itertools.count()
        self._environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("NVR_")},
            "SERVICE_HOST": "127.0.0.1",
            "SERVICE_PORT": str(self.port),
            "HTTPS_PORT": str(self.https_port),
            "NVR_DATA_DIR": str(folder / "var"),
            "NVR_CONFIG_DIR": str(folder / "config"),
            "NVR_SYSTEM_BACKEND": "simulated",
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._media: RequestServer | None = None

    def __enter__(self) -> "RunningPages":
        self.manage("migrate", "--run-syncdb", "--verbosity", "0")
        self.run(
            "from nvrdevice.accounts import bootstrap; from nvrdevice.system import tls\n"
            "bootstrap.ensure_first_account(); tls.ensure()"
        )
        self.tell_camera(online=True)
        self._media = RequestServer(
            {
                "snapshot": self._snapshot,
                "status": lambda _: Reply(),
                "pulse": lambda _: Reply({"silent_s": 0.1}),
                "try_source": self._try_source,
                "cameras": lambda _: Reply({"cameras": PLUGGED_IN}),
            },
            self.sockets,
        )
        self._media.start()
        self.camera.start()
        with (self.folder / "web.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "runweb"],
                cwd=ROOT,
                env={**self._environment, "NVR_PROCESS": "web"},
                stdout=log,
                stderr=log,
            )
        self._wait_until_ready()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(15)
        self.camera.stop()
        if self._media is not None:
            self._media.stop()

    def manage(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self._environment,
            check=True,
            capture_output=True,
        )

    def run(self, code: str) -> None:
        """Do as another process of the device would."""
        self.manage("shell", "-v", "0", "-c", code)

    def tell_camera(self, *, online: bool, reason: str = "") -> None:
        self.camera.works = online
        self.run(FACTS.format(online=online, reason=reason))

    def tell_motion(self, *moving: bool) -> None:
        self.run("".join(MOTION.format(moving=each) for each in moving))

    def _snapshot(self, arguments: dict[str, Any]) -> Reply:
        if not self.camera.works:
            raise DeviceError(Kind.UNAVAILABLE, "Test picture does not deliver a picture.")
        shift = next(self._frames) * 24 % 900
        frame = np.zeros((720, 1280, 3), np.uint8)
        frame[:] = np.linspace((96, 84, 60), (60, 70, 40), 720, dtype=np.uint8)[:, None, :]
        cv2.rectangle(frame, (100 + shift, 320), (330 + shift, 600), (210, 190, 120), -1)
        written, jpeg = cv2.imencode(".jpg", frame)
        assert written
        return Reply(body=jpeg.tobytes())

    def _try_source(self, arguments: dict[str, Any]) -> Reply:
        if "192.168.1.44" in arguments["uri"]:
            raise DeviceError(Kind.INVALID, REFUSED, field="uri")
        return Reply(TRIED, self._snapshot({}).body)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline:
            assert self._process is not None
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/health/", timeout=5):
                    return
            except urllib.error.HTTPError:
                return  # 503 is an answer
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "web.log").read_text(errors="replace"))
