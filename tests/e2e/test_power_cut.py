"""The power goes while settings, users and pull points are being written: what was acknowledged
is there afterwards, and every document is whole."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.e2e.onvif_client import NAMESPACES, call, envelope, post
from tests.e2e.running_device import RunningDevice

pytestmark = pytest.mark.e2e

CUTS_AFTER_S = (0.1, 0.9)  # once each has written, at whatever is being written by then
WRITING_LIMIT_S = 20.0


class Writers:
    """Clients that write until the power goes, and remember what they were promised."""

    def __init__(self, device: RunningDevice, round_: int) -> None:
        self.device = device
        self.round = round_
        self.users: list[str] = []
        self.profiles: list[str] = []
        self.pull_points: list[str] = []
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=(write,))
            for write in (self._user, self._profile, self._pull_point)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()
        deadline = time.monotonic() + WRITING_LIMIT_S
        while not (self.users and self.profiles and self.pull_points):
            assert time.monotonic() < deadline, "nothing is being written"
            time.sleep(0.02)

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, write: Callable[[int], None]) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            try:
                write(number)
            except OSError:
                return  # the power is gone

    def _user(self, number: int) -> None:
        name = f"user{self.round}-{number}"
        request = (
            f"<tds:CreateUsers><tds:User><tt:Username>{name}</tt:Username>"
            "<tt:Password>a-good-secret</tt:Password><tt:UserLevel>User</tt:UserLevel>"
            "</tds:User></tds:CreateUsers>"
        )
        if self._accepted("/onvif/device_service", request):
            self.users.append(name)

    def _profile(self, number: int) -> None:
        token = f"made{self.round}-{number}"
        request = (
            f"<trt:CreateProfile><trt:Name>Made</trt:Name><trt:Token>{token}</trt:Token>"
            "</trt:CreateProfile>"
        )
        if self._accepted("/onvif/media_service", request):
            self.profiles.append(token)

    def _pull_point(self, number: int) -> None:
        status, root = post(
            f"{self.device.url}/onvif/event_service",
            envelope("<tev:CreatePullPointSubscription/>"),
        )
        if status == 200:
            self.pull_points.append(root.findtext(".//wsa:Address", namespaces=NAMESPACES) or "")

    def _accepted(self, path: str, request: str) -> bool:
        return post(self.device.url + path, envelope(request))[0] == 200


def users(device: RunningDevice) -> set[str]:
    answer = call(device, "/onvif/device_service", "<tds:GetUsers/>")
    return {each.text or "" for each in answer.iterfind(".//tt:Username", NAMESPACES)}


def profiles(device: RunningDevice) -> set[str]:
    answer = call(device, "/onvif/media_service", "<trt:GetProfiles/>")
    return {each.get("token", "") for each in answer}


def test_what_was_acknowledged_outlives_a_power_cut(tmp_path: Path) -> None:
    device = RunningDevice(tmp_path, "test:").start().wait_until_ready()
    try:
        for round_, after_s in enumerate(CUTS_AFTER_S):
            writers = Writers(device, round_)
            writers.start()
            time.sleep(after_s)
            device.kill()
            writers.stop()
            device.start().wait_until_ready()
            assert set(writers.users) - users(device) == set()
            assert set(writers.profiles) - profiles(device) == set()
            for address in writers.pull_points:
                call(device, address, "<wsnt:Unsubscribe/>")
            documents = {
                path.name: yaml.safe_load(path.read_text())
                for path in (tmp_path / "config").glob("*.yaml")
            }
            kept = {each["username"] for each in documents["users.yaml"]["users"]}
            assert kept == users(device)
    finally:
        device.stop()
