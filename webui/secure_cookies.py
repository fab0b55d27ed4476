"""Cookies over HTTPS are others than over HTTP: Secure, and with a name that only HTTPS can set.

Both ways in stay usable side by side. Without a name of its own, a Secure cookie would keep a
browser from ever signing in over HTTP again, and one set over HTTP would be believed over HTTPS.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

PREFIX = b"__Host-"  # browsers take it over HTTPS only, for this host and all paths (RFC 6265bis)
Send = Callable[[Any], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]


def is_secure(scope: dict[str, Any]) -> bool:
    return scope.get("scheme", "http") in ("https", "wss")


def inwards(scope: dict[str, Any]) -> dict[str, Any]:
    """The scope of a request over HTTPS with the cookies it may have, under their plain names."""
    return {**scope, "headers": [*_read(scope["headers"])]}


def outwards(send: Send) -> Send:
    """Sends the same with each cookie made one of HTTPS."""

    async def sent(message: Any) -> None:
        if message["type"] in ("http.response.start", "websocket.accept"):
            message = {**message, "headers": [*_written(message.get("headers", ()))]}
        await send(message)

    return sent


def _read(headers: Headers) -> Iterable[tuple[bytes, bytes]]:
    for name, value in headers:
        if name != b"cookie":
            yield name, value
            continue
        parts = [part.strip() for part in value.split(b";")]
        kept = [part.removeprefix(PREFIX) for part in parts if part.startswith(PREFIX)]
        if kept:
            yield name, b"; ".join(kept)


def _written(headers: Headers) -> Iterable[tuple[bytes, bytes]]:
    for name, value in headers:
        if name.lower() == b"set-cookie":
            flags = {part.strip().lower() for part in value.split(b";")[1:]}
            value = PREFIX + value + (b"" if b"secure" in flags else b"; Secure")
        yield name, value
