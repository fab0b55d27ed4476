"""What is measured: processes of the device, each stand with a folder and ports of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import processes
from bench.rtsp_client import RtspClient
from tests.e2e.running_device import PASSWORD, ROOT, RunningDevice
from tests.ports import free_port

# The main stream at 2 Mbit/s, what an NVR records of 1280x720 at 25 pictures a second.
MEDIA_YAML = """\
sources: [{token: source1, name: Test picture, uri: 'test:'}]
video_encoder_configurations:
- {token: main1, name: Main, source: source1, role: main, bitrate_kbps: 2000}
motion: {enabled: %s}
"""
SETTLED_S = 8.0  # after the start OpenCV loads, and detection warms up


@dataclass(frozen=True)
class Server:
    port: int
    pid: int


@contextlib.contextmanager
def web_alone() -> Iterator[tuple[Server, dict[str, str]]]:
    """The web process of a set-up device, with neither media nor motion beside it."""
    with tempfile.TemporaryDirectory(prefix="nvrdevice-bench-") as folder:
        device = _prepared(Path(folder), motion=False)
        with device:  # makes database and users
            pass
        environment = {**device.environment, "NVR_PROCESS": "web"}
        with _process(device.http_port, environment, "manage.py", "runweb") as server:
            yield server, environment


@contextlib.contextmanager
def empty_callable() -> Iterator[Server]:
    """An empty ASGI callable behind the same server classes."""
    port = free_port()
    with _process(port, dict(os.environ), "-m", "bench.empty_server", str(port)) as server:
        yield server


@contextlib.contextmanager
def whole_device(*, motion: bool = True) -> Iterator[RunningDevice]:
    """`./nvr run` with the moving test picture, past its start."""
    with (
        tempfile.TemporaryDirectory(prefix="nvrdevice-bench-") as folder,
        _prepared(Path(folder), motion=motion) as device,
    ):
        _until_it_streams(device)
        time.sleep(SETTLED_S)
        yield device


class Players:
    """RTSP clients that play, in a process of their own."""

    def __init__(self, process: "subprocess.Popen[str]", count: int) -> None:
        self._process, self.count = process, count

    def received(self) -> int:
        """Bytes since they began to play."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("how many\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextlib.contextmanager
def players(device: RunningDevice, path: str, count: int = 1) -> Iterator[Players]:
    """RTSP clients in a process of their own, which take the stream and throw it away."""
    command = [sys.executable, "-m", "bench.drain", device.rtsp(path), str(count)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "playing\n":
            raise ConnectionError(f"{count} clients cannot play {path}")
        yield Players(process, count)
    finally:
        process.terminate()
        process.wait(10)


def set_password(device: RunningDevice) -> None:
    """As a person does at the first start: until then REST stays closed.

    Another one and back, since the first one again is refused.
    """
    for password in (PASSWORD + "!", PASSWORD):
        subprocess.run(
            [sys.executable, "manage.py", "users", "update", "admin", "--password", password],
            cwd=ROOT,
            env={**device.environment, "NVR_PROCESS": "manage"},
            check=True,
            capture_output=True,
        )


def pids(device: RunningDevice) -> list[int]:
    """Every process of a whole device."""
    assert device.process is not None
    return processes.family(device.process.pid)


def _prepared(folder: Path, *, motion: bool) -> RunningDevice:
    device = RunningDevice(folder, "test:")
    (folder / "config").mkdir()
    (folder / "config" / "media.yaml").write_text(MEDIA_YAML % str(motion).lower())
    return device


def _until_it_streams(device: RunningDevice) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            client = RtspClient(device.rtsp())
            try:
                client.play()
                client.first_packet_s()
                return
            finally:
                client.close()
        time.sleep(0.1)
    raise TimeoutError("no stream within half a minute")


@contextlib.contextmanager
def _process(port: int, environment: dict[str, str], *command: str) -> Iterator[Server]:
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment)
    try:
        _wait_for(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError("the server did not start")
