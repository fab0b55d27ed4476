"""Whoever is removed, demoted or kept from ONVIF loses at once what they had open."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from lxml import etree

from bench.rtsp_client import RtspClient
from tests.e2e.onvif_client import NAMESPACES, PullPoint, envelope, post
from tests.e2e.page_socket import PageSocket
from tests.e2e.running_device import PASSWORD, ROOT, RunningDevice

pytestmark = pytest.mark.e2e

PULL_ARRIVES_S = 0.5
QUIET_TOPIC = "tns1:VideoSource/SignalLoss"  # the test picture moves, and an event ends a pull
SOON_S = 10.0  # what would end by itself takes a minute and more
ADMIN_PASSWORD = "a picture of another door"
PULL = (
    "<tev:PullMessages><tev:Timeout>PT60S</tev:Timeout>"
    "<tev:MessageLimit>10</tev:MessageLimit></tev:PullMessages>"
)


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    folder: Path = tmp_path_factory.mktemp("removed-user")
    with RunningDevice(folder, "test:") as running:
        # The first password keeps everybody from the pages.
        users(running, "update", "admin", "--password", ADMIN_PASSWORD)
        yield running.wait_until_it_shows(password=ADMIN_PASSWORD)


def users(device: RunningDevice, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "users", *arguments],
        cwd=ROOT,
        env=device.environment,
        check=True,
        capture_output=True,
    )


class Open:
    """What one user has open: a stream that plays, a page's socket, a pull that waits."""

    def __init__(self, device: RunningDevice, username: str, role: str) -> None:
        users(device, "create", username, PASSWORD, "--roles", role)
        self.rtsp = RtspClient(device.rtsp(login=f"{username}:{PASSWORD}"), SOON_S)
        self.rtsp.play()
        self.rtsp.first_packet_s()
        self.socket = PageSocket(device.http_port, signed_in(device, username), "/ws/events/")
        self._pull_point = PullPoint(device, QUIET_TOPIC, username=username)
        self._pull_point.pull(timeout_s=0)  # the states at the beginning
        self._username = username
        self._answers: list[tuple[int, etree._Element]] = []
        self._pulling = threading.Thread(target=self._pull, daemon=True)
        self._pulling.start()
        time.sleep(PULL_ARRIVES_S)  # only a pull that waits is ended; one on its way is refused

    def _pull(self) -> None:
        self._answers.append(post(self._pull_point.address, envelope(PULL, self._username)))

    @property
    def is_pulling(self) -> bool:
        return self._pulling.is_alive()

    def stream_ends(self) -> bool:
        try:
            for _ in self.rtsp.packets():
                pass
        except ConnectionError:
            return True
        return False

    def pull_ends_with(self) -> str:
        """The name of the fault that the waiting pull was answered with."""
        self._pulling.join(SOON_S)
        ((_, root),) = self._answers
        detail = root.find(".//s:Detail", NAMESPACES)
        return "" if detail is None else etree.QName(detail[0]).localname

    def close(self) -> None:
        self.rtsp.close()
        self.socket.close()


Opened = Callable[[str, str], Open]


@pytest.fixture
def opened(device: RunningDevice) -> Iterator[Opened]:
    made: list[Open] = []

    def make(username: str, role: str) -> Open:
        made.append(Open(device, username, role))
        return made[-1]

    yield make
    for each in made:
        each.close()


def signed_in(device: RunningDevice, username: str) -> str:
    """The Cookie header of a browser after sign-in."""
    with httpx.Client(base_url=device.url) as browser:
        browser.get("/login/")
        token = browser.cookies["nvrdevice_csrf"]
        form = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token}
        assert browser.post("/login/", data=form).status_code == 302
        return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


def test_a_removed_user_loses_all_three(device: RunningDevice, opened: Opened) -> None:
    had = opened("vera", "viewer")
    assert had.is_pulling
    users(device, "delete", "vera")
    assert had.pull_ends_with() == "ResourceUnknownFault"
    assert had.socket.end_code(SOON_S) == 4401
    assert had.stream_ends()


def test_a_demoted_user_loses_all_three(device: RunningDevice, opened: Opened) -> None:
    had = opened("oscar", "operator")
    users(device, "update", "oscar", "--roles", "viewer")
    assert had.pull_ends_with() == "ResourceUnknownFault"
    assert had.socket.end_code(SOON_S) == 4401
    assert had.stream_ends()


def test_without_onvif_access_the_pages_remain(device: RunningDevice, opened: Opened) -> None:
    had = opened("paula", "viewer")
    users(device, "update", "paula", "--onvif", "no")
    assert had.pull_ends_with() == "ResourceUnknownFault"
    assert had.stream_ends()
    assert had.socket.is_open()


def test_what_others_have_open_goes_on(device: RunningDevice, opened: Opened) -> None:
    had = opened("nora", "viewer")
    users(device, "create", "somebody", PASSWORD, "--roles", "operator")
    users(device, "delete", "somebody")
    assert had.is_pulling
    assert had.socket.is_open()
    packets = had.rtsp.packets()
    assert [next(packets)[1] in (0, 1) for _ in range(50)] == [True] * 50
