"""A whole device, started as a person starts it, with ports and folders of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "picture-of-a-door"
START_LIMIT_S = 60.0


class RunningDevice:
    """`./nvr run` in a process group of its own; `output` is what a person would have read."""

    def __init__(self, folder: Path, *sources: str, **environment: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.sources = sources
        self.http_port, self.https_port = free_port(), free_port()
        self.rtsp_port, self.rtsps_port = free_port(), free_port()
        self.discovery_port = free_port(socket.SOCK_DGRAM)
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("NVR_")},
            "SERVICE_PORT": str(self.http_port),
            "HTTPS_PORT": str(self.https_port),
            "RTSP_PORT": str(self.rtsp_port),
            "RTSPS_PORT": str(self.rtsps_port),
            "DISCOVERY_PORT": str(self.discovery_port),
            "NVR_DATA_DIR": str(folder / "var"),
            "NVR_CONFIG_DIR": str(folder / "config"),
            "NVR_ADMIN_PASSWORD": PASSWORD,
            "NVR_SYSTEM_BACKEND": "simulated",
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def output(self) -> str:
        return (self.folder / "output.log").read_text(errors="replace")

    def rtsp(self, path: str = "profile1", login: str = f"admin:{PASSWORD}") -> str:
        return f"rtsp://{login}@127.0.0.1:{self.rtsp_port}/{path}"

    def rtsps(self, path: str = "profile1", login: str = f"admin:{PASSWORD}") -> str:
        return f"rtsps://{login}@127.0.0.1:{self.rtsps_port}/{path}"

    def start(self) -> "RunningDevice":
        command = [sys.executable, "manage.py", "rundevice"]
        for source in self.sources:
            command += ["--source", source]
        with (self.folder / "output.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def wait_until_ready(self) -> "RunningDevice":
        """Until SOAP answers and RTSP listens; AssertionError with the output when it does not."""
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError(f"the device ended:\n{self.output}")
            if self.answers_soap() and self._listens(self.rtsp_port):
                return self
            time.sleep(0.05)
        raise AssertionError(f"the device did not start:\n{self.output}")

    def wait_until_it_shows(self, password: str = "") -> "RunningDevice":
        """Until a client gets the stream: before its source has opened, DESCRIBE is a 503."""
        uri = self.rtsp(login=f"admin:{password or self.environment['NVR_ADMIN_PASSWORD']}")
        command = ["ffprobe", "-v", "error", "-rtsp_transport", "tcp", uri]
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline:
            done = subprocess.run(command, capture_output=True, timeout=START_LIMIT_S, check=False)
            if done.returncode == 0:
                return self
            time.sleep(0.1)
        raise AssertionError(done.stderr.decode(errors="replace"))

    def answers_soap(self) -> bool:
        request = urllib.request.Request(
            f"{self.url}/onvif/device_service",
            data=SYSTEM_TIME,
            headers={"Content-Type": "application/soap+xml; charset=utf-8"},
        )
        try:
            with urllib.request.urlopen(request, timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    @staticmethod
    def _listens(port: int) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        return False

    def stop(self, timeout_s: float = 15.0) -> int:
        """SIGTERM, as systemd does; the exit code. What is left after timeout_s is killed."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self) -> None:
        """As a power cut: every process of the device at once."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def __enter__(self) -> "RunningDevice":
        return self.start().wait_until_ready()

    def __exit__(self, *_: object) -> None:
        self.stop()


SYSTEM_TIME = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
    b'<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>'
    b"</s:Body></s:Envelope>"
)
