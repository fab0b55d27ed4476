"""The HTTPS port answers RTSP too, straight and through HTTPS, as the web port does without TLS."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
from lxml import etree

from tests.e2e.gstreamer_player import pictures
from tests.e2e.onvif_client import envelope
from tests.e2e.running_device import PASSWORD, SYSTEM_TIME, RunningDevice
from tests.e2e.test_removed_user import users
from tests.e2e.test_streams import probe
from tests.e2e.test_supervision import HEAL_LIMIT_S, child
from tests.e2e.tunnel_client import PlainClient, TunnelClient, unverified

pytestmark = pytest.mark.e2e

LIMIT_S = 30
LOGIN = f"admin:{PASSWORD}"
SOAP = {"Content-Type": "application/soap+xml; charset=utf-8"}
MEDIA, MEDIA2 = "http://www.onvif.org/ver10/media/wsdl", "http://www.onvif.org/ver20/media/wsdl"
TT = "http://www.onvif.org/ver10/schema"
ASKED = {
    "media": (
        f'<GetStreamUri xmlns="{MEDIA}"><StreamSetup><Stream xmlns="{TT}">RTP-Unicast</Stream>'
        f'<Transport xmlns="{TT}"><Protocol>HTTP</Protocol></Transport></StreamSetup>'
        "<ProfileToken>profile2</ProfileToken></GetStreamUri>",
        f"{{{TT}}}Uri",
    ),
    "media2": (
        f'<GetStreamUri xmlns="{MEDIA2}"><Protocol>RtspOverHttp</Protocol>'
        "<ProfileToken>profile2</ProfileToken></GetStreamUri>",
        f"{{{MEDIA2}}}Uri",
    ),
}


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    folder: Path = tmp_path_factory.mktemp("one-tls-port")
    with RunningDevice(folder, "test:") as running:
        yield running.wait_until_it_shows()


def tunnel(device: RunningDevice, username: str = "admin", from_: str = "") -> TunnelClient:
    return TunnelClient(
        device.https_port, "profile2", tls=True, username=username, from_address=from_
    )


def secure(device: RunningDevice) -> httpx.Client:
    base = f"https://127.0.0.1:{device.https_port}"
    return httpx.Client(base_url=base, verify=unverified(), timeout=LIMIT_S)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_ffprobe_plays_from_the_https_port(device: RunningDevice, host: str) -> None:
    found = probe(f"rtsps://{LOGIN}@{host}:{device.https_port}/profile2", "tcp")
    assert (found["codec_name"], found["width"]) == ("h264", 640)


def test_ffprobe_plays_through_https(device: RunningDevice) -> None:
    uri = f"rtsps://{LOGIN}@127.0.0.1:{device.https_port}/profile2"
    assert probe(uri, "https")["width"] == 640


@pytest.mark.parametrize("scheme", ["rtsps", "rtspsh"])
def test_gstreamer_plays_from_the_https_port(
    device: RunningDevice, scheme: str, tmp_path: Path
) -> None:
    address = f"{scheme}://{LOGIN}@127.0.0.1:{device.https_port}/profile2"
    assert pictures(address, tmp_path / "received.h264", goal=50) >= 50


def test_a_wrong_password_is_refused(device: RunningDevice) -> None:
    with pytest.raises(AssertionError, match="401"):
        probe(f"rtsps://nobody:nothing@127.0.0.1:{device.https_port}/profile1", "tcp")


@pytest.mark.parametrize("service", ["media", "media2"])
def test_the_address_of_a_tunnel_has_the_scheme_and_port_of_the_question(
    device: RunningDevice, service: str
) -> None:
    """Media2 5.11."""
    body, path = ASKED[service]
    with secure(device) as web:
        answer = web.post(f"/onvif/{service}_service", content=envelope(body), headers=SOAP)
    uri = etree.fromstring(answer.content).findtext(f".//{path}")
    assert uri == f"https://127.0.0.1:{device.https_port}/profile2"
    found = urlsplit(uri)
    assert found.port is not None
    with TunnelClient(found.port, found.path.strip("/"), tls=True) as client:
        client.play()
        assert client.pictures(20) == 20
        assert client.ask("TEARDOWN").status == 200


def test_the_get_ends_after_teardown(device: RunningDevice) -> None:
    with tunnel(device) as client:
        client.play()
        client.send(client.request("TEARDOWN", client.url))
        client.close_post()
        assert client.answer().status == 200
        assert client.ended()


def test_pictures_do_not_leave_tls(device: RunningDevice) -> None:
    client = PlainClient(device.https_port, "profile2", tls=True)
    with client, pytest.raises(AssertionError, match="461"):
        client.play("RTP/AVP;unicast;client_port=5000-5001")


def test_a_removed_user_is_cut_off(device: RunningDevice) -> None:
    users(device, "create", "vera", PASSWORD, "--roles", "viewer")
    with tunnel(device, "vera") as hers, tunnel(device) as other:
        hers.play()
        other.play()
        users(device, "delete", "vera")
        assert hers.ended()
        assert len(other.packets(100)) == 100


def test_soap_answers_over_https_while_ten_tunnels_play(device: RunningDevice) -> None:
    with ExitStack() as open_ones:
        tunnels = [open_ones.enter_context(tunnel(device)) for _ in range(10)]
        for one in tunnels:
            one.play()
        web = open_ones.enter_context(secure(device))
        for _ in range(20):
            answer = web.post("/onvif/device_service", content=SYSTEM_TIME, headers=SOAP)
            assert (answer.status_code, answer.content.startswith(b"<")) == (200, True)
        for one in tunnels:
            assert one.pictures(20) == 20


def test_a_killed_media_process_ends_its_tunnels_and_nothing_else(device: RunningDevice) -> None:
    with tunnel(device) as client:
        client.play()
        media = child(device, "runmedia")
        media.kill()
        psutil.wait_procs([media], timeout=LIMIT_S)
        assert client.ended()
    assert device.answers_soap()
    deadline = time.monotonic() + HEAL_LIMIT_S
    while True:
        try:
            with tunnel(device) as again:
                again.play()
                return
        except (ConnectionError, AssertionError):
            assert time.monotonic() < deadline, device.output
            time.sleep(0.2)
