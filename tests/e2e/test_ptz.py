"""A digital move shows what ffmpeg sees of the right part of the picture."""

import json
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.live_picture import manage
from tests.e2e.running_device import PASSWORD, RunningDevice

pytestmark = pytest.mark.e2e

LIMIT_S = 60
# Four quarters: red, green, blue and white.
QUARTERS = (
    "color=red:s=320x180:r=10:d=4[a];color=lime:s=320x180:r=10:d=4[b];"
    "color=blue:s=320x180:r=10:d=4[c];color=white:s=320x180:r=10:d=4[d];"
    "[a][b]hstack[top];[c][d]hstack[bottom];[top][bottom]vstack"
)
COLOURS = {"red": (1, 0, 0), "lime": (0, 1, 0), "blue": (0, 0, 1), "white": (1, 1, 1)}
ALL = ["red", "lime", "blue", "white"]


def quarters(folder: Path) -> str:
    """The address of a clip of them."""
    clip = folder / "quarters.avi"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-filter_complex", QUARTERS, "-t", "4", "-c:v", "mjpeg",
         "-q:v", "2", str(clip)],
        check=True, timeout=60,
    )  # fmt: skip
    return f"file://{clip}"


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    folder = tmp_path_factory.mktemp("ptz")
    with RunningDevice(folder, quarters(folder)) as device:
        for password in (PASSWORD + "!", PASSWORD):  # until it is changed REST stays closed
            manage(device, "users", "update", "admin", "--password", password)
        device.wait_until_it_shows()
        yield device


def ask(
    device: RunningDevice, path: str, body: dict[str, Any] | None = None, *, method: str = ""
) -> dict[str, Any]:
    request = urllib.request.Request(
        device.url + path,
        method=method or None,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Content-Type": "application/json",
            "X-WSSE": f'UsernameToken username="admin" password="{PASSWORD}"',
        },
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def colours(device: RunningDevice, path: str) -> list[str]:
    """Of the four corners' middles, as a client of the stream sees them."""
    return colours_of(["-rtsp_transport", "tcp", "-i", device.rtsp(path)])


def colours_of(source: list[str], data: bytes = b"") -> list[str]:
    done = subprocess.run(
        ["ffmpeg", "-v", "error", *source,
         "-frames:v", "1", "-vf", "scale=4:4:flags=area,format=rgb24", "-f", "rawvideo", "-"],
        check=True, timeout=60, capture_output=True, input=data,
    )  # fmt: skip
    pixels = [tuple(done.stdout[at * 3 : at * 3 + 3]) for at in (0, 3, 12, 15)]
    return [
        next(
            (
                name
                for name, parts in COLOURS.items()
                if tuple(int(value > 127) for value in pixel) == parts
            ),
            str(pixel),
        )
        for pixel in pixels
    ]


def wait_for(device: RunningDevice, path: str, wanted: list[str]) -> None:
    wait_until(lambda: colours(device, path), wanted)


def wait_until(look: Callable[[], list[str]], wanted: list[str]) -> None:
    deadline = time.monotonic() + LIMIT_S
    found: list[str] = []
    while time.monotonic() < deadline:
        found = look()
        if found == wanted:
            return
    raise AssertionError(f"it shows {found}, not {wanted}")


@pytest.mark.parametrize(
    ("pan", "tilt", "colour"),
    [(-1, 1, "red"), (1, 1, "lime"), (-1, -1, "blue"), (1, -1, "white")],
)
def test_an_absolute_move_shows_that_quarter(
    device: RunningDevice, pan: float, tilt: float, colour: str
) -> None:
    ask(device, "/ptz/move", {"mode": "absolute", "pan": pan, "tilt": tilt, "zoom": 0.5})
    wait_for(device, "profile1", [colour] * 4)


def test_every_stream_shows_it_and_home_shows_all_again(device: RunningDevice) -> None:
    ask(device, "/ptz/move", {"mode": "absolute", "pan": -1, "tilt": 1, "zoom": 0.6})
    wait_for(device, "profile2", ["red"] * 4)
    ask(device, "/api/v1/ptz/home", {})
    wait_for(device, "profile1", ALL)
    wait_for(device, "profile2", ALL)


def test_a_continuous_move_ends_by_itself(device: RunningDevice) -> None:
    ask(device, "/ptz/move", {"zoom": 0.5, "timeout_s": 0.5})
    deadline = time.monotonic() + LIMIT_S
    while (found := ask(device, "/api/v1/ptz"))["moving"]:
        assert time.monotonic() < deadline
    assert 0 < found["position"]["zoom"] < 1
