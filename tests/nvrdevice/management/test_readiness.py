"""What keeps the device from starting is said in one sentence with its remedy."""

import os
import socket
from pathlib import Path

import pytest

from nvrdevice.lib.errors import DeviceError
from nvrdevice.management import readiness
from tests.ports import free_port

ALL_FILES = {
    "gstreamer-1.0": [names.split("|")[-1] for names in readiness.PLUGINS],
    "girepository-1.0": list(readiness.TYPELIBS),
}


def libraries(folder: Path, *, without: str = "") -> Path:
    for name, files in ALL_FILES.items():
        place = folder / "aarch64-linux-gnu" / name
        place.mkdir(parents=True)
        for file in files:
            if file != without:
                (place / file).touch()
    return folder


def refusal(folder: Path, module: str = "") -> str:
    with pytest.raises(DeviceError) as refused:
        readiness.check_packages(lambda name: None if name == module else name, [folder])
    return refused.value.text


@pytest.fixture(autouse=True)
def no_other_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GST_PLUGIN_PATH", raising=False)
    monkeypatch.delenv("GI_TYPELIB_PATH", raising=False)


def test_a_machine_with_all_packages_is_ready(tmp_path: Path) -> None:
    readiness.check_packages(lambda name: name, [libraries(tmp_path)])


def test_this_machine_is_ready() -> None:
    readiness.check_packages()


def test_missing_opencv_names_its_package(tmp_path: Path) -> None:
    assert refusal(libraries(tmp_path), "cv2") == (
        "Debian packages are missing: run apt install python3-opencv"
    )


def test_a_missing_encoder_names_its_package(tmp_path: Path) -> None:
    assert refusal(libraries(tmp_path, without="libgstx264.so")) == (
        "Debian packages are missing: run apt install gstreamer1.0-plugins-ugly"
    )


def test_a_missing_typelib_names_its_package(tmp_path: Path) -> None:
    assert refusal(libraries(tmp_path, without="GstRtspServer-1.0.typelib")) == (
        "Debian packages are missing: run apt install gir1.2-gst-rtsp-server-1.0"
    )


def test_each_missing_package_is_named_once(tmp_path: Path) -> None:
    words = refusal(tmp_path).split("install ")[1].split()
    assert sorted(words) == sorted({*readiness.PLUGINS.values(), *readiness.TYPELIBS.values()})


def test_plugins_of_another_place_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = libraries(tmp_path, without="libgstx264.so")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "libgstx264.so").touch()
    monkeypatch.setenv("GST_PLUGIN_PATH", str(tmp_path / "own"))
    readiness.check_packages(lambda name: name, [folder])


def test_a_32_bit_system_is_refused() -> None:
    with pytest.raises(DeviceError) as refused:
        readiness.check_machine(2**31 - 1)
    assert refused.value.text == (
        "This is a 32-bit system: install the 64-bit Raspberry Pi OS or Debian 12 or 13."
    )


def test_a_free_port_is_fine() -> None:
    readiness.check_port("127.0.0.1", free_port(), "SERVICE_PORT", "web and ONVIF")


def test_a_taken_port_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "PORT_PATIENCE_S", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DeviceError) as refused:
            readiness.check_port("127.0.0.1", port, "RTSP_PORT", "RTSP")
    assert refused.value.text == (
        f"Port {port} for RTSP is taken by another program: "
        "stop it, or choose another port with RTSP_PORT."
    )


def test_a_foreign_address_names_the_variable() -> None:
    with pytest.raises(DeviceError) as refused:
        readiness.check_port("no.such.host.invalid", 80, "SERVICE_PORT", "web and ONVIF")
    assert refused.value.field == "SERVICE_HOST"


def test_a_folder_is_held_by_one_device(tmp_path: Path) -> None:
    with (
        readiness.lock_folder(tmp_path),
        pytest.raises(DeviceError) as refused,
    ):
        readiness.lock_folder(tmp_path)
    assert refused.value.text == (
        f"Another device (process {os.getpid()}) uses the folder {tmp_path.parent}: "
        "stop it, or choose another folder with NVR_DATA_DIR."
    )


def test_a_folder_given_up_can_be_held_again(tmp_path: Path) -> None:
    readiness.lock_folder(tmp_path).close()
    readiness.lock_folder(tmp_path).close()
