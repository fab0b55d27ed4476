"""Authenticated requests as NVRs send them, made in advance."""

import hashlib
import re
import urllib.error
import urllib.request

from bench.http_load import PATH, post
from tests.e2e.onvif_client import envelope
from tests.e2e.running_device import PASSWORD

BODY = "<tds:GetDeviceInformation/>"


def with_tokens(count: int) -> list[bytes]:
    """Each with a WS-UsernameToken digest of its own: a nonce counts once."""
    return [post(envelope(BODY)) for _ in range(count)]


def with_digest(port: int, count: int) -> list[bytes]:
    """HTTP Digest as a keep-alive client does it: one challenge, then a counter."""
    challenge = _challenge(port)
    body = re.sub(rb"<s:Header>.*</s:Header>", b"", envelope(BODY))
    secret = _sha256(f"admin:{challenge['realm']}:{PASSWORD}")
    asked = _sha256(f"POST:{PATH}")
    return [
        post(body, _authorization(challenge, secret, asked, number))
        for number in range(1, count + 1)
    ]


def _authorization(challenge: dict[str, str], secret: str, asked: str, number: int) -> str:
    nonce, nc, cnonce = challenge["nonce"], f"{number:08x}", "0a4f113b"
    response = _sha256(f"{secret}:{nonce}:{nc}:{cnonce}:auth:{asked}")
    return (
        f'Authorization: Digest username="admin", realm="{challenge["realm"]}", nonce="{nonce}", '
        f'uri="{PATH}", algorithm=SHA-256, qop=auth, nc={nc}, cnonce="{cnonce}", '
        f'response="{response}"'
    )


def _challenge(port: int) -> dict[str, str]:
    body = re.sub(rb"<s:Header>.*</s:Header>", b"", envelope(BODY))
    request = urllib.request.Request(f"http://127.0.0.1:{port}{PATH}", data=body)
    request.add_header("Content-Type", "application/soap+xml")
    try:
        urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as refused:
        challenges = refused.headers.get_all("WWW-Authenticate") or [""]
        return dict(re.findall(r'(\w+)="([^"]*)"', challenges[0]))  # SHA-256 comes first
    raise ConnectionError("the device asked for no credentials")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
