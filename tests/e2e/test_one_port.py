"""The web port answers RTSP too, straight and through HTTP, while it answers everything else."""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from tests.e2e.gstreamer_player import pictures
from tests.e2e.onvif_client import NAMESPACES, call
from tests.e2e.running_device import PASSWORD, SYSTEM_TIME, RunningDevice
from tests.e2e.test_streams import probe
from tests.e2e.test_supervision import HEAL_LIMIT_S, child
from tests.e2e.tunnel_client import PlainClient, TunnelClient

pytestmark = pytest.mark.e2e

LIMIT_S = 30
LOGIN = f"admin:{PASSWORD}"
STREAM_SETUP = (
    "<trt:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport>"
    "<tt:Protocol>HTTP</tt:Protocol></tt:Transport></trt:StreamSetup>"
)


@pytest.fixture
def own_device(tmp_path: Path) -> Iterator[RunningDevice]:
    with RunningDevice(tmp_path, "test:") as running:
        yield running.wait_until_it_shows()


@pytest.mark.parametrize("transport", ["http", "tcp", "udp"])
@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_ffprobe_plays_from_the_web_port(device: RunningDevice, host: str, transport: str) -> None:
    found = probe(f"rtsp://{LOGIN}@{host}:{device.http_port}/profile2", transport)
    assert (found["codec_name"], found["width"]) == ("h264", 640)


@pytest.mark.parametrize("transport", ["http", "tcp"])
def test_a_wrong_password_is_refused_on_the_web_port_too(
    device: RunningDevice, transport: str
) -> None:
    with pytest.raises(AssertionError, match="401"):
        probe(f"rtsp://nobody:nothing@127.0.0.1:{device.http_port}/profile1", transport)


def test_gstreamer_plays_through_http(device: RunningDevice, tmp_path: Path) -> None:
    address = f"rtsph://{LOGIN}@127.0.0.1:{device.http_port}/profile2"
    assert pictures(address, tmp_path / "received.h264", goal=50) >= 50


@pytest.mark.parametrize("service", ["media", "media2"])
def test_the_address_of_a_tunnel_is_one(device: RunningDevice, service: str) -> None:
    if service == "media":
        body = (
            f"<trt:GetStreamUri>{STREAM_SETUP}<trt:ProfileToken>profile2</trt:ProfileToken>"
            "</trt:GetStreamUri>"
        )
        answer = call(device, "/onvif/media_service", body)
        uri = answer.findtext(".//tt:Uri", namespaces=NAMESPACES)
    else:
        media2 = "http://www.onvif.org/ver20/media/wsdl"
        body = (
            f'<GetStreamUri xmlns="{media2}"><Protocol>RtspOverHttp</Protocol>'
            "<ProfileToken>profile2</ProfileToken></GetStreamUri>"
        )
        uri = call(device, "/onvif/media2_service", body).findtext(f"{{{media2}}}Uri")
    assert uri == f"{device.url}/profile2"
    found = urlsplit(uri)
    assert found.port is not None
    with TunnelClient(found.port, found.path.strip("/")) as client:
        client.play()
        assert client.pictures(20) == 20


@pytest.mark.parametrize("line", [0, 64, 76, 1])
@pytest.mark.parametrize("halved", [False, True], ids=["whole", "halved"])
def test_base64_may_be_broken_into_lines_and_cut(
    device: RunningDevice,
    line: int,
    halved: bool,
) -> None:
    """RTSS-1-1-45: line breaks in what the POST carries are passed over."""
    with TunnelClient(device.http_port, "profile2", line=line, halved=halved) as client:
        client.play()
        assert client.pictures(20) == 20
        assert client.ask("TEARDOWN").status == 200


def test_a_transport_without_channels_is_given_some(device: RunningDevice) -> None:
    """The device test of Media2 asks for TCP with client_port (annex A.11)."""
    with TunnelClient(device.http_port, "profile2") as client:
        transport = client.play("RTP/AVP/TCP;unicast;client_port=5000-5001")
        assert "interleaved=0-1" in transport
        assert client.pictures(20) == 20


def test_the_post_may_be_closed_and_opened_again(device: RunningDevice) -> None:
    with TunnelClient(device.http_port, "profile2") as client:
        client.play()
        for _ in range(3):
            client.close_post()
            client.packets(20)
            client.open_post()
            assert client.ask("GET_PARAMETER").status == 200


def test_the_get_ends_after_teardown(device: RunningDevice) -> None:
    """RTSS-1-1-42, its last step."""
    with TunnelClient(device.http_port, "profile2") as client:
        client.play()
        client.send(client.request("TEARDOWN", client.url))
        client.close_post()
        assert client.answer().status == 200
        assert client.ended()


def test_udp_goes_to_the_client_and_not_to_the_web_process(device: RunningDevice) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtcp,
        PlainClient(device.http_port, "profile2", from_address="127.0.0.8") as client,
    ):
        rtp.bind(("127.0.0.8", 0))
        rtcp.bind(("127.0.0.8", 0))
        rtp.settimeout(LIMIT_S)
        ports = f"{rtp.getsockname()[1]}-{rtcp.getsockname()[1]}"
        client.play(f"RTP/AVP;unicast;client_port={ports}")
        packet, _ = rtp.recvfrom(2000)
        assert packet[0] >> 6 == 2  # RTP's version


def test_soap_answers_on_one_connection_while_ten_tunnels_play(device: RunningDevice) -> None:
    with ExitStack() as open_ones:
        tunnels = [
            open_ones.enter_context(TunnelClient(device.http_port, "profile2")) for _ in range(10)
        ]
        for tunnel in tunnels:
            tunnel.play()
        web = http.client.HTTPConnection("127.0.0.1", device.http_port, timeout=LIMIT_S)
        open_ones.callback(web.close)
        headers = {"Content-Type": "application/soap+xml; charset=utf-8"}
        for _ in range(50):
            web.request("POST", "/onvif/device_service", SYSTEM_TIME, headers)
            answer = web.getresponse()
            assert (answer.status, answer.read().startswith(b"<")) == (200, True)
        for tunnel in tunnels:
            assert tunnel.pictures(20) == 20


def test_half_open_tunnels_do_not_keep_others_out(own_device: RunningDevice) -> None:
    with ExitStack() as open_ones, TunnelClient(own_device.http_port, "profile2") as player:
        player.play()
        answers = []
        for number in range(400):
            half = socket.create_connection(("127.0.0.1", own_device.http_port), LIMIT_S)
            open_ones.enter_context(half)
            half.sendall(
                f"GET /profile1 HTTP/1.0\r\nx-sessioncookie: half{number}\r\n"
                "Accept: application/x-rtsp-tunnelled\r\n\r\n".encode()
            )
            answers.append(half.recv(1000).split(b"\r\n")[0])
        # On a machine so slow that each has waited a second when the next comes, each gives way.
        assert set(answers) <= {b"HTTP/1.0 200 OK", b"HTTP/1.0 503 Service Unavailable"}
        assert player.pictures(50) == 50
        assert probe(own_device.rtsp("profile2"), "tcp")["width"] == 640
        with TunnelClient(own_device.http_port, "profile2", from_address="127.0.0.8") as other:
            other.play()


def test_a_killed_media_process_ends_its_tunnels_and_nothing_else(
    own_device: RunningDevice,
) -> None:
    with TunnelClient(own_device.http_port, "profile2") as client:
        client.play()
        media = child(own_device, "runmedia")
        media.kill()
        psutil.wait_procs([media], timeout=LIMIT_S)
        assert client.ended()
    with pytest.raises(ConnectionError, match="503"):
        TunnelClient(own_device.http_port, "profile2")
    assert own_device.answers_soap()
    deadline = time.monotonic() + HEAL_LIMIT_S
    while True:
        try:
            with TunnelClient(own_device.http_port, "profile2") as again:
                again.play()
                return
        except (ConnectionError, AssertionError):
            assert time.monotonic() < deadline, own_device.output
            time.sleep(0.2)


def test_tunnels_outlive_the_web_process(own_device: RunningDevice) -> None:
    with TunnelClient(own_device.http_port, "profile2") as client:
        client.play()
        web = child(own_device, "runweb")
        web.kill()
        psutil.wait_procs([web], timeout=LIMIT_S)
        client.packets(100)
        assert client.ask("GET_PARAMETER").status == 200
