"""Every way to say who one is: what each adds to a request."""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable

from django.test import Client

from nvrdevice.accounts.models import User
from nvrdevice.lib.clock import SYSTEM_CLOCK, iso_utc
from tests.onvif_api.rest.rest_client import PASSWORDS, token
from tests.onvif_api.soap import http_digest

Headers = dict[str, str]
# Given a client, user name, method and path: the headers of that request.
Form = Callable[[Client, str, str, str], Headers]


def plain(client: Client, username: str, method: str, path: str) -> Headers:
    return {"Authorization": token(username, PASSWORDS[username])}


def plain_in_wsse(client: Client, username: str, method: str, path: str) -> Headers:
    return {"X-WSSE": token(username, PASSWORDS[username])}


def token_digest(client: Client, username: str, method: str, path: str) -> Headers:
    return {
        "Authorization": 'WSSE profile="UsernameToken"',
        "X-WSSE": digest_header(username, PASSWORDS[username]),
    }


def digest_header(username: str, password: str, created: str = "") -> str:
    nonce = secrets.token_bytes(16)
    created = created or iso_utc(SYSTEM_CLOCK.now())
    digest = hashlib.sha1(nonce + created.encode() + password.encode()).digest()
    return (
        f'UsernameToken Username="{username}", '
        f'PasswordDigest="{base64.b64encode(digest).decode()}", '
        f'Nonce="{base64.b64encode(nonce).decode()}", Created="{created}"'
    )


def digest_md5(client: Client, username: str, method: str, path: str) -> Headers:
    return _digest(client, username, method, path, "MD5")


def digest_sha256(client: Client, username: str, method: str, path: str) -> Headers:
    return _digest(client, username, method, path, "SHA-256")


def _digest(client: Client, username: str, method: str, path: str, algorithm: str) -> Headers:
    offered = Client().get("/device/information").headers["WWW-Authenticate"]
    for challenge in re.split(r", (?=Digest )", offered):
        if f"algorithm={algorithm}" in challenge:
            password = PASSWORDS[username]
            answer = http_digest.authorization(
                challenge, username, password, method=method, uri=path
            )
            return {"Authorization": answer}
    raise AssertionError(f"no challenge for {algorithm} in {offered}")


def session(client: Client, username: str, method: str, path: str) -> Headers:
    client.force_login(User.objects.get(username=username))
    client.get("/account/")
    return {"X-CSRFToken": client.cookies["nvrdevice_csrf"].value}


FORMS: dict[str, Form] = {
    "plain token": plain,
    "plain token in X-WSSE": plain_in_wsse,
    "digest token": token_digest,
    "HTTP Digest MD5": digest_md5,
    "HTTP Digest SHA-256": digest_sha256,
    "session": session,
}
