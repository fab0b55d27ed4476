"""A camera that is passed through: its small streams and snapshots show the part, its own does not.

And where the part is after a restart: at the home that was set, else the whole picture.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from tests.e2e.live_picture import manage
from tests.e2e.running_device import PASSWORD, RunningDevice
from tests.e2e.test_ptz import ALL, ask, colours_of, quarters, wait_for, wait_until
from tests.e2e.test_streams import probe

pytestmark = pytest.mark.e2e

SETTINGS = {"ptz": [{"source": "source1", "backend": "digital"}]}
LOWER_LEFT = {"mode": "absolute", "pan": -1, "tilt": -1, "zoom": 0.6}
NOTE = (
    "The main stream stays whole, as the camera sends it: it is passed through and not encoded "
    "here. The small stream, the JPEG stream and snapshots show the part."
)


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    folder = tmp_path_factory.mktemp("camera")
    with RunningDevice(folder, quarters(folder)) as running:
        yield running.wait_until_it_shows()


@pytest.fixture(scope="module")
def device(
    camera: RunningDevice, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningDevice]:
    folder: Path = tmp_path_factory.mktemp("passing")
    (folder / "config").mkdir()
    (folder / "config" / "media.yaml").write_text(yaml.safe_dump(SETTINGS))
    with RunningDevice(folder, camera.rtsp()) as running:
        for password in (PASSWORD + "!", PASSWORD):  # until it is changed REST stays closed
            manage(running, "users", "update", "admin", "--password", password)
        yield running.wait_until_it_shows()


def snapshot(device: RunningDevice, profile: str) -> list[str]:
    answer = httpx.get(
        f"{device.url}/onvif/snapshot/{profile}",
        auth=httpx.DigestAuth("admin", PASSWORD),
        timeout=30,
    )
    assert answer.status_code == 200
    return colours_of(["-i", "-"], answer.content)


def test_all_but_the_cameras_own_stream_show_the_part(
    camera: RunningDevice, device: RunningDevice
) -> None:
    assert probe(device.rtsp(), "tcp") == probe(camera.rtsp(), "tcp")
    told = ask(device, "/ptz/move", LOWER_LEFT)
    assert (told["backend"], told["note"], told["problem"]) == ("digital", NOTE, "")
    for profile in ("profile2", "jpeg1"):
        wait_for(device, profile, ["blue"] * 4)
    for profile in ("profile1", "profile2"):
        wait_until(lambda profile=profile: snapshot(device, profile), ["blue"] * 4)  # type: ignore[misc]
    wait_for(device, "profile1", ALL)


def test_after_a_restart_it_is_at_home(device: RunningDevice) -> None:
    ask(device, "/ptz/move", LOWER_LEFT)
    wait_for(device, "profile2", ["blue"] * 4)
    restart(device)
    wait_for(device, "profile2", ALL)  # no home was set
    ask(device, "/ptz/move", {**LOWER_LEFT, "pan": 1})
    wait_for(device, "profile2", ["white"] * 4)
    ask(device, "/api/v1/ptz/home", {}, method="PUT")
    ask(device, "/ptz/move", LOWER_LEFT)
    wait_for(device, "profile2", ["blue"] * 4)
    restart(device)
    wait_for(device, "profile2", ["white"] * 4)
    told = ask(device, "/api/v1/ptz")
    assert (told["position"]["zoom"], told["moving"]) == (0.6, False)


def restart(device: RunningDevice) -> None:
    device.stop()
    device.start().wait_until_ready().wait_until_it_shows()
