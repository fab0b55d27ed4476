"""A whole device records: what a client asked for plays, with the seconds before, also after
kill -9 of the media process and of everything."""

import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from nvrdevice.recordings import segment_file
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.segment_file import Contents
from tests.e2e.live_picture import manage
from tests.e2e.running_device import PASSWORD, RunningDevice

pytestmark = pytest.mark.e2e

PATIENCE_S = 60.0
MEDIA = """\
sources: [{token: source1, name: Test picture, uri: 'test:'}]
motion: {enabled: false}
recording:
  cameras: [{source: source1, mode: 'off', pre_s: 4.0, post_s: 3.0}]
  storage: {segment_s: 10}
"""


class Recording:
    def __init__(self, device: RunningDevice) -> None:
        self.device = device
        self.place = Folder(device.folder / "var" / "recordings")

    def ask(self, method: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.device.url}/recording/jobs",
            data=json.dumps(body).encode() if body else None,
            method=method,
            headers={
                "Content-Type": "application/json",
                "X-WSSE": f'UsernameToken username="admin" password="{PASSWORD}"',
            },
        )
        deadline = time.monotonic() + PATIENCE_S
        while True:  # REST is there a little later than SOAP
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    found: dict[str, Any] = json.loads(answer.read())
                return found
            except urllib.error.HTTPError as error:
                if error.code != 503 or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def state(self) -> str:
        with contextlib.suppress(OSError):
            return str(self.ask("GET")["jobs"][0]["state"])
        return ""

    def files(self) -> list[Contents]:
        return [segment_file.read(self.place.absolute(path)) for path in self.place.segments()]

    def pictures(self) -> int:
        return sum(len(one.parts) for one in self.files())


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording]:
    folder = tmp_path / "device"
    (folder / "config").mkdir(parents=True)
    (folder / "config" / "media.yaml").write_text(MEDIA)
    with RunningDevice(folder) as device:
        for password in (PASSWORD + "!", PASSWORD):  # until it is changed REST stays closed
            manage(device, "users", "update", "admin", "--password", password)
        yield Recording(device)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.1)


def decodes(path: Path) -> int:
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames",
         "-of", "csv=p=0", str(path)],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert done.stderr == ""
    return int(done.stdout)


def test_a_token_over_rest_is_recorded_with_the_seconds_before(recording: Recording) -> None:
    recording.ask("POST", {"token": "first"})
    until(lambda: recording.state() == "Active")  # pictures come
    until(lambda: recording.state() == "Idle")
    time.sleep(6)  # the past that is recorded below
    first = set(recording.place.segments())
    pushed_ns = time.time_ns()
    answer = recording.ask("POST", {"token": "door"})
    assert answer["recording_triggers"] == ["first", "door"]
    until(lambda: recording.state() == "Active")
    until(lambda: recording.state() == "Idle")
    (path,) = set(recording.place.segments()) - first
    found = segment_file.read(recording.place.absolute(path))
    assert found.closed
    assert pushed_ns - found.label.start_ns >= 3_500_000_000
    assert found.end_ns - pushed_ns >= 1_500_000_000
    assert decodes(recording.place.absolute(path)) == len(found.parts)


def test_kill_9_of_media_and_of_everything(recording: Recording) -> None:
    device = recording.device
    until(lambda: recording.state() == "Idle")
    recording.ask("POST", {"token": "long", "state": True})
    until(lambda: recording.pictures() > 50)
    assert device.process is not None
    media = next(
        child
        for child in psutil.Process(device.process.pid).children(recursive=True)
        if "runmedia" in child.cmdline()
    )
    os.kill(media.pid, signal.SIGKILL)
    before = recording.pictures()
    until(lambda: recording.pictures() > before + 50)  # it came back and goes on by itself
    device.kill()
    before = recording.pictures()
    device.start().wait_until_ready()
    until(lambda: recording.pictures() > before + 25)
    recording.ask("POST", {"token": "long", "state": False})
    until(lambda: recording.state() == "Idle")
    until(lambda: all(one.closed for one in recording.files()))
    for path in recording.place.segments():
        file = recording.place.absolute(path)
        assert decodes(file) == len(segment_file.read(file).parts)
    document = yaml.safe_load((device.folder / "config" / "user.yaml").read_text())
    assert document["recording_triggers"] == ["long"]
