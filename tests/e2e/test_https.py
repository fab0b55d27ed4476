"""HTTPS of a whole device: what is served over it, with which TLS, and what a client is told."""

import socket
import ssl
import subprocess
from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.running_device import SYSTEM_TIME, RunningDevice

pytestmark = pytest.mark.e2e
PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    with RunningDevice(tmp_path_factory.mktemp("https"), "test:") as running:
        yield running


def trusting(device: RunningDevice) -> ssl.SSLContext:
    """A client that trusts exactly the certificate shown, and checks its names."""
    pem = ssl.get_server_certificate(("127.0.0.1", device.https_port))
    return ssl.create_default_context(cadata=pem)


def test_a_client_that_trusts_the_certificate_is_served(device: RunningDevice) -> None:
    with httpx.Client(verify=trusting(device)) as client:
        for host in ("127.0.0.1", "localhost"):
            answer = client.get(f"https://{host}:{device.https_port}/login/")
            assert answer.status_code == 200
            assert answer.http_version == "HTTP/1.1"


def test_curl_is_served_with_tls_13(device: RunningDevice) -> None:
    address = f"https://127.0.0.1:{device.https_port}/health/"
    words = ["curl", "-sk", "-o", "/dev/null", "-w", "%{http_version} %{ssl_verify_result}"]
    found = subprocess.run([*words, "--tlsv1.3", address], capture_output=True, text=True)
    assert found.stdout.split()[0] == "1.1"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_refused(device: RunningDevice, version: ssl.TLSVersion) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = version
    with (
        socket.create_connection(("127.0.0.1", device.https_port), PATIENCE_S) as plain,
        pytest.raises(ssl.SSLError) as raised,
    ):
        context.wrap_socket(plain)
    assert raised.value.reason == "TLSV1_ALERT_PROTOCOL_VERSION"


def test_addresses_of_the_services_carry_https_and_its_port(device: RunningDevice) -> None:
    body = SYSTEM_TIME.replace(b"GetSystemDateAndTime", b"GetCapabilities")
    answer = httpx.post(
        f"https://127.0.0.1:{device.https_port}/onvif/device_service",
        content=body,
        headers={"Content-Type": "application/soap+xml"},
        verify=False,
    )
    base = f"https://127.0.0.1:{device.https_port}/onvif/"
    assert answer.text.count("XAddr>https://") == answer.text.count("</tt:XAddr>")
    assert f"{base}device_service</tt:XAddr>" in answer.text
    assert "<tt:TLS1.2>true</tt:TLS1.2>" in answer.text


def test_plain_http_on_the_https_port_harms_nothing(device: RunningDevice) -> None:
    with socket.create_connection(("127.0.0.1", device.https_port), PATIENCE_S) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"HTTP" not in plain.recv(1000)
    assert httpx.get(f"{device.url}/login/").status_code == 200
