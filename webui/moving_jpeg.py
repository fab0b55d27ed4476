"""/mjpeg/<profile>/: single pictures, a few a second, for browsers that cannot play the stream.

A plain ASGI callable: an async view would hold a thread for each who watches (DESIGN section 3).
It asks for the same sign-in as the pages and ends with it.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from typing import Any

from django.conf import settings
from django.http import parse_cookie

from nvrdevice.accounts.levels import Level
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import requests
from webui import live_sockets
from webui.consumers import level_of_session

PREFIX = "/mjpeg/"
VIEWERS = 16  # of one process
STEP_S = 0.2  # between two pictures; more often the media process makes none
LOOK_S = 5.0  # between two looks at the sign-in, where nothing rang before
PATIENCE_S = 5.0  # a source without a picture for so long ends it
BOUNDARY = "picture"
STATUS = {Kind.MISSING: 404, Kind.INVALID: 404}
HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
)

_open = 0


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    profile = scope["path"].removeprefix(PREFIX).strip("/")
    session = session_of(scope)
    if scope["method"] != "GET":
        await _refuse(send, 405, "Only GET is known here.")
    elif (level := await level_of_session(session)) < Level.USER:
        await _refuse(send, 403, "Sign in first.")
    elif _open >= VIEWERS:
        await _refuse(send, 503, f"{VIEWERS} browsers watch in this way already: close one.")
    else:
        await _until_gone(receive, _show(send, profile, session, level))


async def _until_gone(receive: Any, work: Any) -> None:
    """Do the work for as long as the client is there."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    tasks = [asyncio.ensure_future(work), asyncio.ensure_future(gone())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await tasks[0]


async def _show(send: Any, profile: str, session: str, level: Level) -> None:
    global _open
    _open += 1
    try:
        with live_sockets.opened() as rung:
            try:
                picture = (await requests.ask_async("snapshot", profile=profile)).body
            except DeviceError as error:
                await _refuse(send, STATUS.get(error.kind, 503), error.text)
                return
            kind = f"multipart/x-mixed-replace; boundary={BOUNDARY}".encode()
            await _start(send, 200, kind)
            await _part(send, f"--{BOUNDARY}\r\n".encode())
            async for each in _pictures(profile, session, level, picture, rung):
                head = f"Content-Type: image/jpeg\r\nContent-Length: {len(each)}\r\n\r\n".encode()
                # The next boundary at once: browsers show a picture when they see its end.
                await _part(send, head + each + f"\r\n--{BOUNDARY}\r\n".encode())
            await send({"type": "http.response.body", "body": b""})
    finally:
        _open -= 1


async def _pictures(
    profile: str, session: str, level: Level, picture: bytes, rung: asyncio.Event
) -> AsyncIterator[bytes]:
    """As long as there are some and nobody lost the right to them."""
    looked_s = shown_s = time.monotonic()
    while time.monotonic() - shown_s < PATIENCE_S:
        if picture:
            yield picture
            shown_s = time.monotonic()
        await asyncio.sleep(STEP_S)
        if rung.is_set() or time.monotonic() - looked_s > LOOK_S:
            rung.clear()
            looked_s = time.monotonic()
            if await level_of_session(session) < level:
                return
        picture = b""
        with contextlib.suppress(DeviceError):  # it may be back before our patience ends
            picture = (await requests.ask_async("snapshot", profile=profile)).body


def session_of(scope: dict[str, Any]) -> str:
    found = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return parse_cookie(found.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")


async def _refuse(send: Any, status: int, why: str) -> None:
    await _start(send, status, b"application/json")
    await send({"type": "http.response.body", "body": json.dumps({"detail": why}).encode()})


async def _start(send: Any, status: int, kind: bytes) -> None:
    headers = [(b"content-type", kind), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _part(send: Any, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})
