"""A page's socket as a browser opens it, with the cookies of a signed-in client."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from nvrdevice.asgi import application

HOST = b"192.168.1.9:8000"
PATIENCE_S = 5


class Socket:
    def __init__(self, client: Client, path: str = "/ws/events/", origin: bytes = b"") -> None:
        cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
        headers = [(b"host", HOST)]
        if origin:
            headers.append((b"origin", origin))
        if cookie is not None:
            headers.append((b"cookie", f"{cookie.key}={cookie.value}".encode()))
        self._line = WebsocketCommunicator(application, path, headers)

    async def opens(self) -> bool:
        connected, _ = await self._line.connect(timeout=PATIENCE_S)
        return bool(connected)

    async def take(self) -> Any:
        """What comes next: bytes, or what JSON says."""
        found = await self._line.receive_from(timeout=PATIENCE_S)
        return found if isinstance(found, bytes) else json.loads(found)

    async def news(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.take()
        return found

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while not wanted(news := await self.news()):
            pass
        return news

    async def say(self, text: str) -> None:
        await self._line.send_to(text_data=text)

    async def end_code(self) -> int:
        """The code with which the device ends it."""
        while True:
            message = await self._line.receive_output(timeout=PATIENCE_S)
            if message["type"] == "websocket.close":
                return int(message["code"])

    async def leave(self) -> None:
        await self._line.disconnect()


def in_database(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    return sync_to_async(function)
