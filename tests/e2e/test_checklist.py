"""The checklist of /connect/ follows a real client: green when all goes well, else it says why."""

import asyncio
import base64
import datetime as dt
import hashlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.onvif_client import SECURITY, envelope
from tests.e2e.running_device import PASSWORD, ROOT, RunningDevice
from tests.e2e.test_home_assistant import add, camera
from tests.e2e.test_removed_user import ADMIN_PASSWORD, signed_in, users
from tests.e2e.test_streams import probe as play
from tests.nvrdevice.discovery import probes

pytestmark = pytest.mark.e2e

LIMIT_S = 60.0  # the machine may be busy; each is done as soon as it is so
HERE = "127.0.0.1"
STEPS = ("found", "time", "sign-in", "profiles", "rtsp", "events")
ALL_GREEN = dict.fromkeys(STEPS, "ok")
Checklist = Callable[[str], dict[str, tuple[str, str]]]


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    folder: Path = tmp_path_factory.mktemp("checklist")
    (folder / "config").mkdir()
    # Discovery looks past loopback otherwise, where there is a real card.
    (folder / "config" / "system.yaml").write_text("announced_interfaces: [lo]\n")
    with RunningDevice(folder, "test:") as running:
        users(running, "update", "admin", "--password", ADMIN_PASSWORD)
        users(running, "create", "boss", PASSWORD, "--roles", "admin")
        yield running.wait_until_it_shows(password=ADMIN_PASSWORD)


@pytest.fixture(scope="module")
def checklist(device: RunningDevice) -> Checklist:
    """checklist("127.0.0.1"): each step as (state, words) of the client at that address."""
    return checklist_of(device)


def checklist_of(device: RunningDevice) -> Checklist:
    cookie = signed_in(device, "boss")

    def read(address: str) -> dict[str, tuple[str, str]]:
        answer = httpx.get(
            f"{device.url}/connect/parts/",
            params={"client": address},
            headers={"Cookie": cookie},
            timeout=30,
        )
        html = answer.json()["checklist"]
        found = {}
        for state, name, rest in re.findall(
            r'<li class="check (\w+)" data-step="([\w-]+)">(.*?)</li>', html, re.S
        ):
            words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", rest))
            links = re.findall(r'<a class="button small" href="([^"]+)"', rest)
            found[name] = (state, " ".join([words.strip(), *links]))
        return found

    return read


def wait_for(look: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
    deadline = time.monotonic() + LIMIT_S
    found = look()
    while not wanted(found) and time.monotonic() < deadline:
        time.sleep(0.3)
        found = look()
    return found


def search(device: RunningDevice, address: str) -> None:
    """A Probe, sent until it is answered."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.bind((address, 0))
        asking.settimeout(3)
        for _ in range(10):
            asking.sendto(
                probes.probe("dn:NetworkVideoTransmitter", id_=probes.message_id()),
                (HERE, device.discovery_port),
            )
            try:
                assert b"ProbeMatches" in asking.recv(65536)
            except TimeoutError:
                continue
            return
    raise AssertionError("nobody answered the search")


def soap(
    device: RunningDevice,
    address: str,
    body: str,
    *,
    path: str = "device_service",
    username: str = "boss",
    password: str = PASSWORD,
    off_s: float = 0.0,
) -> int:
    """The status of one call from this address, by a client whose clock is off_s ahead."""
    data = envelope(body, username, password)
    if off_s:
        data = re.sub(rb"<s:Header>.*</s:Header>", _late_header(username, off_s), data)
    with httpx.Client(transport=httpx.HTTPTransport(local_address=address)) as client:
        answer = client.post(
            f"{device.url}/onvif/{path}",
            content=data,
            headers={"Content-Type": "application/soap+xml; charset=utf-8"},
            timeout=30,
        )
        return answer.status_code


def _late_header(username: str, off_s: float) -> bytes:
    nonce = os.urandom(16)
    at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=off_s)
    created = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hashlib.sha1(nonce + created.encode() + PASSWORD.encode()).digest()
    return (
        f'<s:Header><wsse:Security xmlns:wsse="{SECURITY}-wssecurity-secext-1.0.xsd" '
        f'xmlns:wsu="{SECURITY}-wssecurity-utility-1.0.xsd"><wsse:UsernameToken>'
        f"<wsse:Username>{username}</wsse:Username>"
        f'<wsse:Password Type="{SECURITY}-username-token-profile-1.0#PasswordDigest">'
        f"{base64.b64encode(digest).decode()}</wsse:Password>"
        f"<wsse:Nonce>{base64.b64encode(nonce).decode()}</wsse:Nonce>"
        f"<wsu:Created>{created}</wsu:Created></wsse:UsernameToken></wsse:Security></s:Header>"
    ).encode()


def test_home_assistants_way_turns_all_green(device: RunningDevice, checklist: Checklist) -> None:
    users(device, "create", "nvr", PASSWORD, "--roles", "viewer")
    search(device, HERE)

    async def adding() -> dict[str, str]:
        client = camera(device, username="nvr")
        try:
            learned = await add(client)
            manager = await client.create_pullpoint_manager(dt.timedelta(minutes=10), lambda: None)
            await manager.set_synchronization_point()
            streams: dict[str, str] = learned["streams"]
            return streams
        finally:
            await client.close()

    streams = asyncio.run(adding())
    play(streams["profile1"].replace("rtsp://", f"rtsp://nvr:{PASSWORD}@"), "tcp")
    found = wait_for(
        lambda: checklist(HERE),
        lambda steps: {name: state for name, (state, _) in steps.items()} == ALL_GREEN,
    )
    assert {name: state for name, (state, _) in found.items()} == ALL_GREEN, found
    assert "Signed in as nvr." in found["sign-in"][1]
    assert "It played profile1." in found["rtsp"][1]


def test_the_users_page_says_where_each_was_seen_last(device: RunningDevice) -> None:
    users(device, "create", "seen", PASSWORD, "--roles", "viewer")
    assert soap(device, HERE, "<tds:GetDeviceInformation/>", username="seen") == 200
    play(device.rtsp(login=f"seen:{PASSWORD}"), "tcp")
    cookie = signed_in(device, "boss")

    def look() -> set[str]:
        page = httpx.get(
            f"{device.url}/system/users/name/seen/", headers={"Cookie": cookie}, timeout=30
        ).text
        return set(re.findall(r"(Pages|ONVIF|RTSP|REST)\s+<time", page))

    assert wait_for(look, {"ONVIF", "RTSP"}.__eq__) == {"ONVIF", "RTSP"}


def test_a_wrong_password_says_so_and_leads_to_the_user(
    device: RunningDevice, checklist: Checklist
) -> None:
    address = "127.0.0.31"
    assert soap(device, address, "<tds:GetDeviceInformation/>", password="wrong") == 401
    state, words = checklist(address)["sign-in"]
    assert state == "danger"
    assert "The password is wrong." in words
    assert words.endswith("/system/users/name/boss/")


def test_a_clock_60_s_off_says_so_and_leads_to_the_time(
    device: RunningDevice, checklist: Checklist
) -> None:
    address = "127.0.0.32"
    assert soap(device, address, "<tds:GetDeviceInformation/>", off_s=-60) == 200
    state, words = checklist(address)["time"]
    assert state == "warn"
    assert re.search(r"Its clock is [56]\d s behind this device&#x27;s\. It gets in, but", words)
    assert words.endswith("/system/time/")


def test_a_clock_outside_the_window_keeps_it_out_and_says_so(
    device: RunningDevice, checklist: Checklist
) -> None:
    address = "127.0.0.33"
    assert soap(device, address, "<tds:GetDeviceInformation/>", off_s=400) == 401
    found = checklist(address)
    assert [found[name][0] for name in ("time", "sign-in")] == ["danger", "off"]
    assert "More than 300 s are not allowed, so it cannot sign in." in found["time"][1]


def test_an_rtsp_port_that_is_never_reached_says_so(
    device: RunningDevice, checklist: Checklist
) -> None:
    address = "127.0.0.34"
    profiles = "<trt:GetProfiles/>"
    stream = (
        "<trt:GetStreamUri><trt:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream>"
        "<tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport></trt:StreamSetup>"
        "<trt:ProfileToken>profile1</trt:ProfileToken></trt:GetStreamUri>"
    )
    for body in (profiles, stream):
        assert soap(device, address, body, path="media_service") == 200
    state, words = wait_for(lambda: checklist(address)["rtsp"], lambda step: step[0] == "danger")
    assert state == "danger"
    port = device.rtsp_port
    assert f"but never reached RTSP port {port}." in words
    assert f"pass TCP port {port}." in words


def test_the_device_itself_is_no_nvr(tmp_path: Path) -> None:
    """The setup plays the stream and checkdevice looks whether the port is open, from here."""
    with RunningDevice(tmp_path, "test:") as own:
        users(own, "update", "admin", "--password", ADMIN_PASSWORD)
        users(own, "create", "boss", PASSWORD, "--roles", "admin")
        cookie = {"Cookie": signed_in(own, "boss")}

        def played() -> str:
            figures = f"{own.url}/setup/stream/figures/"
            return httpx.get(figures, headers=cookie, timeout=60).text

        assert "It plays" in wait_for(played, lambda words: "It plays" in words)
        subprocess.run(
            [sys.executable, "manage.py", "checkdevice"],
            cwd=ROOT,
            env=own.environment,
            check=False,
            capture_output=True,
        )
        own_checklist = checklist_of(own)

        def rtsp(address: str) -> str:
            return own_checklist(address)["rtsp"][1]

        other = "127.0.0.40"
        socket.create_connection((HERE, own.rtsp_port), 10, (other, 0)).close()
        reached = f"reached RTSP port {own.rtsp_port}"
        # Told after whatever the device did itself.
        assert reached in wait_for(lambda: rtsp(other), lambda words: reached in words)
        assert "reached" not in rtsp(HERE)
        play(own.rtsp(login=f"boss:{PASSWORD}"), "tcp")
        played_it = "It played profile1."
        assert played_it in wait_for(lambda: rtsp(HERE), lambda words: played_it in words)
