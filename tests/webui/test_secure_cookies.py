"""Cookies of HTTPS are Secure, have a name of their own, and only they count over HTTPS."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from webui import secure_cookies


def sent(kind: str, *cookies: bytes) -> list[bytes]:
    got: list[Any] = []

    async def send(message: Any) -> None:
        got.append(message)

    headers = [(b"set-cookie", each) for each in cookies]
    # In a thread of its own: the browser's library keeps a loop running in this one.
    with ThreadPoolExecutor(1) as aside:
        turned = secure_cookies.outwards(send)({"type": kind, "headers": headers})
        aside.submit(asyncio.run, turned).result()
    return [value for _, value in got[0]["headers"]]


def read(cookie: bytes) -> list[tuple[bytes, bytes]]:
    scope = {"headers": [(b"host", b"device"), (b"cookie", cookie)]}
    return list(secure_cookies.inwards(scope)["headers"])


@pytest.mark.parametrize("kind", ["http.response.start", "websocket.accept"])
def test_a_cookie_becomes_one_of_https(kind: str) -> None:
    assert sent(kind, b"nvrdevice_session=abc; HttpOnly; Path=/", b"a=b; Secure") == [
        b"__Host-nvrdevice_session=abc; HttpOnly; Path=/; Secure",
        b"__Host-a=b; Secure",
    ]


def test_only_cookies_of_https_count() -> None:
    assert read(b"nvrdevice_session=http; __Host-nvrdevice_session=https; x=y") == [
        (b"host", b"device"),
        (b"cookie", b"nvrdevice_session=https"),
    ]


def test_without_one_there_is_none() -> None:
    assert read(b"nvrdevice_session=http") == [(b"host", b"device")]


@pytest.mark.parametrize(
    ("scheme", "secure"), [("http", False), ("ws", False), ("https", True), ("wss", True)]
)
def test_the_scheme_decides(scheme: str, secure: bool) -> None:
    assert secure_cookies.is_secure({"scheme": scheme}) is secure
