"""HTTPS of a whole device: what is served over it, with which TLS, and what a client is told."""

import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.e2e.running_device import PASSWORD, ROOT, SYSTEM_TIME, RunningDevice

pytestmark = pytest.mark.e2e
PATIENCE_S = 30.0
CHANGE = """
from nvrdevice.audit.trail import Actor
from nvrdevice.system.tls import changing
changing.{}by=Actor("tests", "127.0.0.1", "cli"))
"""
TEXT_TOKEN = f"""
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
 xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">
<s:Header><w:Security><w:UsernameToken><w:Username>admin</w:Username>
<w:Password>{PASSWORD}</w:Password></w:UsernameToken></w:Security></s:Header>
<s:Body><GetUsers xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>
""".strip()
SOAP = {"Content-Type": "application/soap+xml"}


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    with RunningDevice(tmp_path_factory.mktemp("https"), "test:") as running:
        yield running


def shown(device: RunningDevice) -> str:
    return ssl.get_server_certificate(("127.0.0.1", device.https_port))


def wait_for(right: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if right():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("it did not come about")


def change(device: RunningDevice, call: str) -> None:
    """As somebody at the machine does."""
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", CHANGE.format(call)],
        cwd=ROOT,
        env=device.environment,
        check=True,
        capture_output=True,
    )


def web_process(device: RunningDevice) -> psutil.Process:
    assert device.process is not None
    found = psutil.Process(device.process.pid).children(recursive=True)
    return next(each for each in found if "runweb" in each.cmdline())


def pending(device: RunningDevice) -> Path:
    return device.folder / "var" / "secret" / "tls" / "pending.json"


def let_a_minute_pass(device: RunningDevice) -> None:
    told = json.loads(pending(device).read_text())
    told["since"] = "2020-01-01T00:00:00+00:00"
    draft = pending(device).with_suffix(".draft")
    draft.write_text(json.dumps(told))
    draft.replace(pending(device))


def trusting(device: RunningDevice) -> ssl.SSLContext:
    """A client that trusts exactly the certificate shown, and checks its names."""
    return ssl.create_default_context(cadata=shown(device))


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


def test_a_readable_password_is_taken_over_https_only(device: RunningDevice) -> None:
    path = "/onvif/device_service"
    plain = httpx.post(device.url + path, content=TEXT_TOKEN, headers=SOAP)
    assert (plain.status_code, "NotAuthorized" in plain.text) == (401, True)
    secure = f"https://127.0.0.1:{device.https_port}{path}"
    answer = httpx.post(secure, content=TEXT_TOKEN, headers=SOAP, verify=False)
    assert (answer.status_code, "GetUsersResponse" in answer.text) == (200, True)


def test_a_snapshot_comes_over_https(device: RunningDevice) -> None:
    address = f"https://127.0.0.1:{device.https_port}/onvif/snapshot/profile1"
    digest = httpx.DigestAuth("admin", PASSWORD)

    def comes() -> bool:
        answer = httpx.get(address, auth=digest, verify=False, timeout=PATIENCE_S)
        return answer.headers.get("content-type") == "image/jpeg"

    wait_for(comes)


def test_a_sign_in_over_https_is_of_https_only(device: RunningDevice) -> None:
    with httpx.Client(verify=False, base_url=f"https://127.0.0.1:{device.https_port}") as client:
        answer = client.get("/login/")
        (cookie,) = answer.headers.get_list("set-cookie")
        assert cookie.startswith("__Host-nvrdevice_csrf=")
        assert cookie.endswith("; Secure")
        form = {
            "username": "admin",
            "password": PASSWORD,
            "csrfmiddlewaretoken": client.cookies["__Host-nvrdevice_csrf"],
        }
        referer = {"Referer": f"https://127.0.0.1:{device.https_port}/login/"}
        answer = client.post("/login/", data=form, headers=referer)
        assert (answer.status_code, "__Host-nvrdevice_session" in client.cookies) == (302, True)
        assert client.post("/login/", data=form).status_code == 403  # nobody says whose page it is


def test_another_certificate_is_shown_by_the_same_process(device: RunningDevice) -> None:
    web = web_process(device)
    before = shown(device)
    with httpx.Client(base_url=device.url) as plain:
        assert plain.get("/login/").status_code == 200
        change(device, "renew(")
        wait_for(lambda: shown(device) != before)
        assert plain.get("/login/").status_code == 200
    assert web.is_running()
    let_a_minute_pass(device)
    wait_for(lambda: shown(device) == before)
    assert not pending(device).exists()


def test_a_kill_in_between_brings_back_what_worked(tmp_path: Path) -> None:
    with RunningDevice(tmp_path, "test:") as own:
        before = shown(own)
        change(own, "renew(")
        wait_for(lambda: shown(own) != before)
        own.kill()
        let_a_minute_pass(own)
        own.start().wait_until_ready()
        wait_for(lambda: shown(own) == before)
        # Required is no other: on trial when the power goes, gone when it is back.
        change(own, "set_mode('required', ")
        wait_for(lambda: httpx.get(f"{own.url}/login/").status_code == 302)
        own.kill()
        let_a_minute_pass(own)
        own.start().wait_until_ready()
        wait_for(lambda: httpx.get(f"{own.url}/login/").status_code == 200)


def test_a_taken_port_leaves_http_as_it_is(tmp_path: Path) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        with RunningDevice(tmp_path, "test:", HTTPS_PORT=str(port)) as own:
            assert httpx.get(f"{own.url}/login/").status_code == 200
            assert (
                f"nvr: Port {port} for HTTPS is taken by another program: stop it, or choose "
                "another port with HTTPS_PORT."
            ) in own.output
            taken.close()
            own.https_port = port
            wait_for(lambda: "BEGIN CERTIFICATE" in shown(own))  # as soon as it is free


def test_a_damaged_certificate_leaves_http_as_it_is(device: RunningDevice) -> None:
    folder = device.folder / "var" / "secret" / "tls" / "current"
    whole = (folder / "key.pem").read_bytes()
    (folder / "key.pem").write_bytes(b"damaged")
    web_process(device).kill()
    wait_for(lambda: "HTTPS is not served: The certificate in" in device.output)
    device.wait_until_ready()
    assert httpx.get(f"{device.url}/login/").status_code == 200
    (folder / "key.pem").write_bytes(whole)
    wait_for(lambda: "BEGIN CERTIFICATE" in shown(device))


def test_off_closes_the_port_and_optional_opens_it(device: RunningDevice) -> None:
    def listens() -> bool:
        return device._listens(device.https_port)

    change(device, "set_mode('off', ")
    wait_for(lambda: not listens())
    assert httpx.get(f"{device.url}/login/").status_code == 200
    assert device._listens(device.rtsps_port)  # as the words of the setting have it
    change(device, "set_mode('optional', ")
    wait_for(listens)
