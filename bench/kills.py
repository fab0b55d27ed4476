"""kill -9 of the media process and of the whole device in turn, while it records and is set up.

What must outlive it: every file that was ended, the file being written to its last second, and
each setting that REST had acknowledged.
"""

import contextlib
import hashlib
import json
import os
import random
import signal
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench import processes, stand
from bench.figures import Figure
from nvrdevice.lib.errors import DeviceError
from nvrdevice.recordings import segment_file
from nvrdevice.recordings.folder import Folder, sequence_of
from nvrdevice.recordings.segment_file import NS_S
from tests.e2e.running_device import PASSWORD, RunningDevice

KILLS = 50
RECORDED_S = (0.5, 5.0)  # before each kill, by chance
LIMIT_S = 120.0
MISSING_LIMIT_S = 1.0
SETTING = "/api/v1/schedules/kills"
MINUTES = 24 * 60 - 1
PAUSE_S = 0.1  # between two settings: REST has its throttles
MEDIA_YAML = """\
sources: [{token: source1, name: Test picture, uri: 'test:'}]
video_encoder_configurations:
- {token: main1, name: Main, source: source1, role: main, bitrate_kbps: 2000}
motion: {enabled: false}
recording:
  cameras: [{source: source1, mode: continuous}]
  storage: {segment_s: 5}
"""


@dataclass
class Found:
    """For each kill."""

    changed: list[float] = field(default_factory=list)  # files that had been ended
    missing_s: list[float] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)  # settings
    media_back_s: list[float] = field(default_factory=list)
    device_back_s: list[float] = field(default_factory=list)
    broken: int = 0


def measure() -> list[Figure]:
    found = Found()
    with tempfile.TemporaryDirectory(prefix="nvrdevice-bench-") as folder:
        device = RunningDevice(Path(folder))
        (device.folder / "config").mkdir()
        (device.folder / "config" / "media.yaml").write_text(MEDIA_YAML)
        with device:
            stand.set_password(device)
            _repeat(lambda: _ask(device, "POST", "/recording/schedules", {"name": "kills"}))
            chance = random.Random(7)
            for number in range(KILLS):
                _one(device, found, chance.uniform(*RECORDED_S), whole=bool(number % 2))
        found.broken = _broken(_place(device))
    return [
        Figure("ended files changed by a kill -9", "files", tuple(found.changed), 0),
        Figure("pictures missing at the open file's end", "s", tuple(found.missing_s), 1.0),
        Figure("the same, at worst", "s", (max(found.missing_s),), MISSING_LIMIT_S),
        Figure("acknowledged settings lost", "", (sum(found.lost),), 0),
        Figure("files of all that do not decode", "files", (float(found.broken),), 0),
        Figure("recording again, media process killed", "s", tuple(found.media_back_s)),
        Figure("recording again, whole device killed", "s", tuple(found.device_back_s)),
    ]


def _one(device: RunningDevice, found: Found, recorded_s: float, *, whole: bool) -> None:
    place = _place(device)
    begun = _newest(place)
    with _settings(device) as saved:
        _wait(lambda: _newest(place) >= begun and _pictures(place) and saved[-1])
        time.sleep(recorded_s)
        ended = {path: _digest(place, path) for path in place.segments() if _is_ended(place, path)}
        killed_s, killed_ns = time.monotonic(), time.time_ns()
        if whole:
            device.kill()
        else:
            os.kill(processes.named(stand.pids(device), "runmedia"), signal.SIGKILL)
        last = _newest(place)
        found.missing_s.append((killed_ns - _end_ns(place)) / NS_S)
    if whole:
        device.start()
    _wait(lambda: _newest(place) > last and _pictures(place))
    (found.device_back_s if whole else found.media_back_s).append(time.monotonic() - killed_s)
    device.wait_until_ready()
    there = set(place.segments())
    found.changed.append(
        float(sum(path not in there or _digest(place, path) != old for path, old in ended.items()))
    )
    now = _repeat(lambda: _ask(device, "GET", SETTING))["windows"][0]["end"]
    # One more may have been on its way, and was saved without anybody being told.
    found.lost.append(float(now not in {_time(saved[-1]), _time(saved[-1] + 1)}))


@contextlib.contextmanager
def _settings(device: RunningDevice) -> Iterator[list[int]]:
    """Changes a setting for as long as it lasts; the numbers that were acknowledged."""
    saved, stop = [0], threading.Event()

    def save() -> None:
        while not stop.wait(PAUSE_S):
            number = saved[-1] + 1
            with contextlib.suppress(OSError):  # the device is gone, or not yet there
                _ask(
                    device, "PUT", SETTING, {"windows": [{"start": "00:00", "end": _time(number)}]}
                )
                saved.append(number)

    thread = threading.Thread(target=save)
    thread.start()
    try:
        yield saved
    finally:
        stop.set()
        thread.join()


def _time(number: int) -> str:
    minute = 1 + number % MINUTES
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _ask(device: RunningDevice, method: str, path: str, body: object = None) -> dict[str, list]:  # type: ignore[type-arg]
    request = urllib.request.Request(
        device.url + path,
        None if body is None else json.dumps(body).encode(),
        {
            "Content-Type": "application/json",
            "X-WSSE": f'UsernameToken username="admin" password="{PASSWORD}"',
        },
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, list] = json.loads(answer.read())  # type: ignore[type-arg]
        return found


def _repeat(ask: Callable[[], dict[str, list]]) -> dict[str, list]:  # type: ignore[type-arg]
    """REST is there a little later than SOAP."""
    deadline = time.monotonic() + LIMIT_S
    while True:
        try:
            return ask()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it does not record")
        time.sleep(0.05)


def _place(device: RunningDevice) -> Folder:
    return Folder(device.folder / "var" / "recordings")


def _open_path(place: Folder) -> str:
    """Of the newest file; "" where there is none."""
    if not place.path.is_dir():
        return ""
    return max(place.segments(), key=sequence_of, default="")


def _newest(place: Folder) -> int:
    return sequence_of(_open_path(place))


def _pictures(place: Folder) -> int:
    path = _open_path(place)
    with contextlib.suppress(DeviceError):  # it has only just been made
        return len(segment_file.read(place.absolute(path)).parts) if path else 0
    return 0


def _end_ns(place: Folder) -> int:
    """Of the newest file with a picture: the very newest may have none yet."""
    for path in sorted(place.segments(), key=sequence_of, reverse=True):
        with contextlib.suppress(DeviceError):
            found = segment_file.read(place.absolute(path))
            if found.parts:
                return found.end_ns
    return 0


def _is_ended(place: Folder, path: str) -> bool:
    with contextlib.suppress(DeviceError):
        return segment_file.read(place.absolute(path)).closed
    return False


def _digest(place: Folder, path: str) -> str:
    return hashlib.sha256(place.absolute(path).read_bytes()).hexdigest()


def _broken(place: Folder) -> int:
    """Files in which a decoder finds a fault, or not every picture."""
    return sum(not _decodes(place.absolute(path)) for path in place.segments())


def _decodes(file: Path) -> bool:
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames",
         "-of", "csv=p=0", str(file)],
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    pictures = len(segment_file.read(file).parts)
    return (done.stdout.strip(), done.stderr) == (str(pictures), "")
