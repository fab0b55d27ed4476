"""Lets a WebSocket in only from a page of this device.

A browser sends the cookies of the device along with a socket that any other page opens, so
the Origin must be the host that was asked for. Programs that are no browser send no Origin.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from nvrdevice.clients.origin import is_own


class SameOrigin:
    def __init__(self, inner: Callable[..., Awaitable[None]]) -> None:
        self._inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin")
        host = headers.get(b"host", b"").decode("latin-1")
        secure = scope.get("scheme") == "wss"
        if origin is None or is_own(origin.decode("latin-1"), host, secure=secure):
            await self._inner(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 4403})  # before accept: HTTP 403
