"""A first start takes the cameras that are there, on machines of several kinds."""

from pathlib import Path

import pytest

from nvrdevice.media.engine import gst, local_cameras
from nvrdevice.media.engine.local_modes import Mode

PICTURE = (Mode(format="MJPEG", width=1280, height=720, fps=30.0),)


def machine(folder: Path, nodes: dict[str, str], *cameras: str) -> list[str]:
    """nodes: device files with their drivers' names; cameras: which give pictures."""
    for node, name in nodes.items():
        (folder / node).touch()
        (folder / "sys" / node).mkdir(parents=True)
        (folder / "sys" / node / "name").write_text(name + "\n")
    answers = {uri.replace("v4l2:", f"v4l2:{folder}/"): PICTURE for uri in cameras}
    found = local_cameras.find(folder, folder / "sys", lambda uri: answers.get(uri, ()))
    return [uri.replace(f"{folder}/", "") for uri in found]


def test_a_usb_camera_is_found_and_its_second_node_is_none(tmp_path: Path) -> None:
    nodes = {"video0": "UVC Camera", "video1": "UVC Camera", "video10": "Other camera"}
    assert machine(tmp_path, nodes, "v4l2:video0", "v4l2:video10") == [
        "v4l2:video0",
        "v4l2:video10",
    ]


def test_a_pi_s_own_camera_is_taken_by_libcamera_alone(tmp_path: Path) -> None:
    nodes = {"video0": "unicam-image", "video14": "bcm2835-isp-capture0", "video20": "UVC"}
    found = machine(tmp_path, nodes, "libcamera:", *(f"v4l2:{node}" for node in nodes))
    assert found == ["libcamera:", "v4l2:video20"]


def test_a_machine_without_cameras_has_none(tmp_path: Path) -> None:
    gst.start()
    (tmp_path / "video0").touch()
    assert local_cameras.find(tmp_path, tmp_path) == []


def test_a_camera_this_user_may_not_open_is_named_but_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    (tmp_path / "video0").touch()
    (found,) = local_cameras.look(tmp_path, tmp_path, lambda uri: ())
    assert found == local_cameras.Found(
        uri=f"v4l2:{tmp_path}/video0",
        name="video0",
        trouble=f"This user may not open {tmp_path}/video0: "
        "add it to the group video, then sign in again.",
    )
    assert local_cameras.find(tmp_path, tmp_path, lambda uri: ()) == []
