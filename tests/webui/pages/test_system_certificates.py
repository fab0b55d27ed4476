"""The page of certificates: what is shown, what is taken, and what waits to be kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nvrdevice.audit.models import AuditRow
from nvrdevice.system import tls
from nvrdevice.system.tls import pending, shelf
from tests.nvrdevice.system.tls.authority import Authority, key_pem, new_key, pem
from tests.webui.conftest import Browser

PAGE = "/system/certificates/"
DATES = {
    "since": datetime.now(UTC) - timedelta(days=1),
    "until": datetime.now(UTC) + timedelta(days=20),
}


@pytest.fixture(autouse=True)
def made(db: None, tmp_path: Path, settings: Any) -> None:
    settings.NVR_SECRET_DIR = tmp_path / "secret"
    tls.ensure()


def press(client: Client, what: str, *, secure: bool = True, **typed: object) -> str:
    """Press a button; the page that follows, over the same way."""
    answer = client.post(PAGE, {"what": what, **typed}, secure=secure)
    if answer.status_code == 302:
        answer = client.get(PAGE, secure=secure)
    return answer.content.decode()


def rows() -> list[tuple[str, str]]:
    found = AuditRow.objects.filter(protocol="web").order_by("pk")
    return [(row.username, row.action) for row in found]


def file(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("file.pem", data)


def test_what_is_shown(browser: Browser) -> None:
    text = browser("alice").get(PAGE).content.decode()
    facts = shelf.facts()
    assert facts.fingerprint in text.replace("<wbr>", "")
    assert "This device, which renews it by itself" in text


@pytest.mark.parametrize("path", ["", "certificate.pem", "request.csr"])
@pytest.mark.parametrize("who", ["vera", "oscar"])
def test_it_is_for_administrators(browser: Browser, who: str, path: str) -> None:
    assert browser(who).get(PAGE + path).status_code == 403


def test_downloads(browser: Browser) -> None:
    client = browser("alice")
    assert client.get(PAGE + "certificate.pem").content == tls.files().certificate.read_bytes()
    answer = client.get(PAGE + "request.csr")
    assert x509.load_pem_x509_csr(answer.content).is_signature_valid
    assert b"PRIVATE" not in answer.content


def test_a_renewed_certificate_is_kept_over_https(browser: Browser) -> None:
    client = browser("alice")
    first = shelf.facts().fingerprint
    text = press(client, "renew")
    assert "A new certificate, on trial" in text
    assert "Keep it" in text
    assert "The change stays." in press(client, "keep")
    assert shelf.facts().fingerprint != first
    assert rows() == [("alice", "renew certificate"), ("alice", "keep change")]


def test_over_http_it_can_only_be_taken_back(browser: Browser) -> None:
    client = browser("alice")
    first = shelf.facts().fingerprint
    text = press(client, "renew", secure=False)
    assert "Open over HTTPS to keep it" in text
    assert "Open this page over HTTPS to keep the change" in press(client, "keep", secure=False)
    assert "It is taken back." in press(client, "undo", secure=False)
    assert shelf.facts().fingerprint == first


def test_an_uploaded_certificate_is_taken(browser: Browser) -> None:
    key = new_key()
    chain = pem(Authority().leaf(key, **DATES))
    text = press(
        browser("alice"), "pem", **{"pem-chain": file(chain), "pem-key": file(key_pem(key))}
    )
    assert "The certificate is replaced." in text
    assert "Expires soon" in text
    assert shelf.facts().subject == "CN=camera"
    assert rows() == [("alice", "upload certificate")]


def test_a_wrong_key_is_told_beside_its_field(browser: Browser) -> None:
    chain = pem(Authority().leaf(new_key(), **DATES))
    wrong = {"pem-chain": file(chain), "pem-key": file(key_pem(new_key()))}
    text = press(browser("alice"), "pem", **wrong)
    assert 'id="id_pem-key_error"' in text
    assert "The private key does not belong to the first certificate" in text
    assert pending.read() is None
    assert rows() == []


@pytest.mark.parametrize("what", ["pem", "bundle"])
def test_an_empty_form_is_refused(browser: Browser, what: str) -> None:
    assert "Nothing was saved" in press(browser("alice"), what)
    assert rows() == []


def test_required_is_refused_where_https_does_not_answer(browser: Browser) -> None:
    text = press(browser("alice"), "mode", https=tls.REQUIRED)
    assert "HTTPS does not answer on port" in text
    assert tls.mode() == tls.OPTIONAL


def test_https_is_switched_off(browser: Browser) -> None:
    assert "The mode is saved." in press(browser("alice"), "mode", https=tls.OFF)
    assert tls.mode() == tls.OFF
    assert rows() == [("alice", "set HTTPS mode")]
