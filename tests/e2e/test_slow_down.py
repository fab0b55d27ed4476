"""Guesses over RTSP and over SOAP are one count, and others feel nothing of them."""

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bench.rtsp_client import RtspClient
from tests.e2e.live_picture import manage
from tests.e2e.onvif_client import envelope
from tests.e2e.running_device import PASSWORD, RunningDevice

pytestmark = pytest.mark.e2e

INFORMATION = "<tds:GetDeviceInformation/>"
LIMIT_S = 10.0


@pytest.fixture
def device(tmp_path: Path) -> Iterator[RunningDevice]:
    with RunningDevice(tmp_path, "test:") as running:
        yield running.wait_until_it_shows()


class Guesser(RtspClient):
    """Comes from another address of this machine."""

    def __init__(self, device: RunningDevice, login: str, address: str) -> None:
        super().__init__(device.rtsp(login=login), LIMIT_S)
        self._socket.close()
        self._socket = connect(device.rtsp_port, address)


def connect(port: int, address: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), LIMIT_S, (address, 0))


def guess(device: RunningDevice, address: str, username: str = "admin") -> str:
    """What becomes of one try with a wrong password."""
    with contextlib.closing(Guesser(device, f"{username}:wrong", address)) as client:
        try:
            client.play()
        except OSError as error:
            return str(error)  # the client's own words, or the system's
    return "let in"


def slow_down(device: RunningDevice, failures: int = 0) -> None:
    """Guess until there is a wait of 4 s, with failures counted already.

    That is time enough to look at it on a slow machine, and for the web process to hear of what
    the media process counted.
    """
    deadline = time.monotonic() + 3 * LIMIT_S
    while failures < 7 or guess(device, "127.0.0.66") != "DESCRIBE: 503":
        assert time.monotonic() < deadline
        failures += guess(device, "127.0.0.66") == "DESCRIBE: 401"
        time.sleep(0.1)  # each connection holds a port of this machine for a minute


def soap(device: RunningDevice, address: str, password: str = PASSWORD) -> int:
    """The status of one SOAP call from this address."""
    body = envelope(INFORMATION, "admin", password)
    head = (
        f"POST /onvif/device_service HTTP/1.1\r\nHost: device\r\nConnection: close\r\n"
        f"Content-Type: application/soap+xml\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with connect(device.http_port, address) as line:
        line.sendall(head.encode() + body)
        answer = b""
        while received := line.recv(65536):
            answer += received
    return int(answer.split()[1])


def test_a_guesser_is_slowed_down_on_both_doors_and_others_are_not(device: RunningDevice) -> None:
    tries = [guess(device, "127.0.0.66") for _ in range(6)]
    assert tries == ["DESCRIBE: 401"] * 5 + ["DESCRIBE: 503"]
    slow_down(device, failures=5)
    assert soap(device, "127.0.0.66") == 401  # the right password, too soon
    assert soap(device, "127.0.0.20") == 200
    with contextlib.closing(RtspClient(device.rtsp())) as nvr:
        nvr.play()
        nvr.first_packet_s()


def test_guesses_over_soap_count_for_rtsp(device: RunningDevice) -> None:
    assert [soap(device, "127.0.0.66", "wrong") for _ in range(5)] == [401] * 5
    assert guess(device, "127.0.0.66") == "DESCRIBE: 503"


def test_who_tries_many_names_is_turned_away_at_connect(device: RunningDevice) -> None:
    tries: list[str] = []
    while len(tries) < 40 and not (tries and not tries[-1].startswith("DESCRIBE")):
        tries.append(guess(device, "127.0.0.66", f"user{len(tries)}"))
    # Closed or reset before it was answered. Failures fade, so a slow machine needs some more.
    assert not tries[-1].startswith("DESCRIBE")
    assert set(tries[:-1]) == {"DESCRIBE: 401"}
    assert len(tries) > 20
    assert soap(device, "127.0.0.20") == 200


@pytest.mark.parametrize("way", ["command line", "REST"])
def test_the_wait_is_ended_by_hand(device: RunningDevice, way: str) -> None:
    for password in (PASSWORD + "!", PASSWORD):  # until it is changed REST stays closed
        manage(device, "users", "update", "admin", "--password", password)
    slow_down(device)
    assert soap(device, "127.0.0.66") == 401
    if way == "REST":
        answer = httpx.delete(
            f"{device.url}/api/v1/users/admin/slow_down",
            headers={"X-WSSE": f'UsernameToken username="admin" password="{PASSWORD}"'},
        )
        assert answer.status_code == 204
    else:
        manage(device, "users", "pardon", "admin")
    # All is forgotten, in every process: after a wait that ended by itself one wrong password
    # would be followed by a longer one.
    deadline = time.monotonic() + LIMIT_S
    while (said := guess(device, "127.0.0.66")) != "DESCRIBE: 401":
        assert time.monotonic() < deadline, said
        time.sleep(0.05)
    assert [guess(device, "127.0.0.66") for _ in range(3)] == ["DESCRIBE: 401"] * 3
    assert soap(device, "127.0.0.66") == 200


def test_the_wait_ends_by_itself(device: RunningDevice) -> None:
    assert [guess(device, "127.0.0.66") for _ in range(5)] == ["DESCRIBE: 401"] * 5
    deadline = time.monotonic() + LIMIT_S
    while soap(device, "127.0.0.66") != 200:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    with contextlib.closing(Guesser(device, f"admin:{PASSWORD}", "127.0.0.66")) as client:
        client.play()
        client.first_packet_s()
