"""/recorded/: pieces of recordings for the player, whole files, and what was exported.

A plain ASGI callable, as the moving JPEG is: a browser that plays for hours holds no thread.
Each read of the disk is short and in a thread of the pool.
"""

import asyncio
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async

from nvrdevice.accounts.levels import Level
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.recordings import exporting, index, reading
from nvrdevice.recordings.models import Segment
from webui.consumers import level_of_session
from webui.moving_jpeg import session_of

PATH = re.compile(
    r"/recorded/(?:piece/(?P<piece>\d{1,18})|segment/(?P<segment>\d{1,18})\.mp4"
    r"|export/(?P<export>[0-9a-f]{32})\.mp4)"
)
CHUNK = 512_000
READERS = 32  # of one process at once
STATUS = {Kind.MISSING: 404, Kind.INVALID: 400, Kind.FORBIDDEN: 403, Kind.CONFLICT: 409}
HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
)

_reading = 0


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    global _reading
    asked = PATH.fullmatch(scope["path"])
    if asked is None:
        return await _refuse(send, 404, "There is nothing at this address.")
    if scope["method"] not in ("GET", "HEAD"):
        return await _refuse(send, 405, "Only GET is known here.")
    needed = Level.OPERATOR if asked["export"] else Level.USER
    if await level_of_session(session_of(scope)) < needed:
        return await _refuse(send, 403, "Sign in first, with the role this needs.")
    if _reading >= READERS:
        return await _refuse(send, 503, "Too many recordings are being read: try again shortly.")
    _reading += 1
    try:
        if asked["piece"]:
            await _piece(scope, send, int(asked["piece"]))
        else:
            path = await (_segment(int(asked["segment"])) if asked["segment"] else _export(asked))
            await _file(scope, receive, send, path, name=asked["export"] or "")
    except DeviceError as error:
        await _refuse(send, STATUS.get(error.kind, 503), error.text)
    finally:
        _reading -= 1


async def _piece(scope: dict[str, Any], send: Any, segment: int) -> None:
    query = parse_qs(scope["query_string"].decode("latin-1"))
    try:
        from_ms, seconds = int(query.get("from", ["0"])[0]), float(query.get("seconds", ["8"])[0])
        found = await sync_to_async(reading.read, thread_sensitive=False)(
            segment, from_ms, seconds if seconds == seconds else 8.0
        )
    except ValueError:
        raise DeviceError(Kind.INVALID, "from and seconds are numbers.") from None
    told = {
        "codec": found.codec,
        "base": found.base_s,
        "start": found.start_ms,
        "end": found.end_ms,
        "last": found.last,
        "growing": found.growing,
    }
    more = ((b"x-piece", json.dumps(told).encode()),)
    await _start(send, 200, b"video/mp4", len(found.data), more)
    await send({"type": "http.response.body", "body": found.data})


@sync_to_async(thread_sensitive=False)
def _segment(number: int) -> Path:
    one = Segment.objects.filter(pk=number).first()
    if one is None:
        raise DeviceError(Kind.MISSING, "This recording was deleted to make room.")
    return index.folder().absolute(one.path)


@sync_to_async(thread_sensitive=False)
def _export(asked: re.Match[str]) -> Path:
    one = exporting.find(asked["export"])
    if one.state != exporting.DONE:
        raise DeviceError(Kind.CONFLICT, "This download is not ready yet.")
    return exporting.path_of(one)


async def _file(scope: dict[str, Any], receive: Any, send: Any, path: Path, *, name: str) -> None:
    """All of a file, or the range asked for: players that have no script ask for ranges."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        raise DeviceError(Kind.MISSING, "The file is not there.") from None
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        size = os.fstat(handle).st_size
        begin, end = _range(scope, size)
        partial = (begin, end) != (0, size)
        headers = [(b"accept-ranges", b"bytes")]
        if partial:
            headers.append((b"content-range", f"bytes {begin}-{end - 1}/{size}".encode()))
        if name:
            headers.append(
                (b"content-disposition", f'attachment; filename="{name[:8]}.mp4"'.encode())
            )
        await _start(send, 206 if partial else 200, b"video/mp4", end - begin, tuple(headers))
        while begin < end and scope["method"] == "GET" and not gone.done():
            data = await asyncio.to_thread(os.pread, handle, min(CHUNK, end - begin), begin)
            if not data:
                break
            begin += len(data)
            await send({"type": "http.response.body", "body": data, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        os.close(handle)


def _range(scope: dict[str, Any], size: int) -> tuple[int, int]:
    asked = dict(scope["headers"]).get(b"range", b"").decode("latin-1")
    found = re.fullmatch(r"bytes=(\d{1,15})-(\d{0,15})", asked)
    if found is None:
        return 0, size
    begin = int(found[1])
    end = min(size, int(found[2]) + 1) if found[2] else size
    return (begin, end) if begin < end else (0, size)


async def _until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Any, status: int, why: str) -> None:
    body = json.dumps({"detail": why}).encode()
    await _start(send, status, b"application/json", len(body))
    await send({"type": "http.response.body", "body": body})


async def _start(
    send: Any, status: int, kind: bytes, size: int, more: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    length = (b"content-length", str(size).encode())
    headers = [(b"content-type", kind), length, *HEADERS, *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
