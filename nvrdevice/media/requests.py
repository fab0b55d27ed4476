"""Asking the media process for something and waiting for its answer.

Names: "snapshot" (profile) → JPEG bytes, "key_frame" (profile), "reload", "status".
One socket per question: nothing is shared between threads, and a media process that came back
is found at once. That it is away is told within CONNECT_S, that it died meanwhile within LOOK_S.
Questions under way are bounded.
"""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import zmq
import zmq.asyncio

from nvrdevice.lib import home
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.media.frames import (
    BODY_LIMIT,
    Question,
    Reply,
    decode_reply,
    encode_question,
)

__all__ = ["ADDRESS", "Reply", "ask", "ask_async"]

ADDRESS = "media.requests"
CONNECT_S = 1.0
ANSWER_S = 5.0
LOOK_S = 0.25
UNDER_WAY_LIMIT = 64

_under_way = threading.BoundedSemaphore(UNDER_WAY_LIMIT)


def ask(
    name: str, *, timeout_s: float = ANSWER_S, sockets: RunSockets | None = None, **arguments: Any
) -> Reply:
    """The answer; DeviceError as the media process raised it, or UNAVAILABLE.

    Never call it on an event loop: `ask_async` is for those.
    """
    question = Question(secrets.token_hex(8), name, arguments)
    with _line(zmq.Context.instance(), sockets) as line:
        if not line.poll(int(CONNECT_S * 1000), zmq.POLLOUT):
            raise _absent()
        line.send_multipart(encode_question(question))
        deadline = time.monotonic() + timeout_s
        while (left_s := deadline - time.monotonic()) > 0:
            if line.poll(_slice_ms(left_s), zmq.POLLIN):
                found = _answer(question, line.recv_multipart())
                if found is not None:
                    return found
            elif not line.getsockopt(zmq.EVENTS) & zmq.POLLOUT:
                raise _gone()
    raise _silent(name, timeout_s)


async def ask_async(
    name: str, *, timeout_s: float = ANSWER_S, sockets: RunSockets | None = None, **arguments: Any
) -> Reply:
    """`ask` for an event loop: it waits without holding a thread."""
    question = Question(secrets.token_hex(8), name, arguments)
    # A shadow of the one context: no second I/O thread, and no state that belongs to a loop.
    with _line(zmq.asyncio.Context.shadow(zmq.Context.instance()), sockets) as line:
        if not await line.poll(int(CONNECT_S * 1000), zmq.POLLOUT):
            raise _absent()
        await line.send_multipart(encode_question(question))
        deadline = time.monotonic() + timeout_s
        while (left_s := deadline - time.monotonic()) > 0:
            if await line.poll(_slice_ms(left_s), zmq.POLLIN):
                found = _answer(question, await line.recv_multipart())
                if found is not None:
                    return found
            elif not line.getsockopt(zmq.EVENTS) & zmq.POLLOUT:
                raise _gone()
    raise _silent(name, timeout_s)


@contextmanager
def _line(context: Any, sockets: RunSockets | None) -> Iterator[Any]:
    if not _under_way.acquire(blocking=False):
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"The media process has {UNDER_WAY_LIMIT} questions of this process waiting: "
            "try again in a moment.",
        )
    try:
        line = context.socket(zmq.DEALER)
        try:
            # IMMEDIATE: a question goes to a process that is there, or nowhere.
            line.setsockopt(zmq.IMMEDIATE, 1)
            line.setsockopt(zmq.LINGER, 0)
            line.setsockopt(zmq.MAXMSGSIZE, BODY_LIMIT)
            line.setsockopt(zmq.RECONNECT_IVL, 50)
            line.connect((sockets or home.run_sockets()).address(ADDRESS))
            yield line
        finally:
            line.close(linger=0)
    finally:
        _under_way.release()


def _answer(question: Question, frames: list[bytes]) -> Reply | None:
    id, found = decode_reply(frames)
    if id != question.id:
        return None
    if isinstance(found, DeviceError):
        raise found
    return found


def _absent() -> DeviceError:
    return DeviceError(
        Kind.UNAVAILABLE,
        "The media process is not running just now, so there is no picture: "
        "it is started again within seconds; try then.",
    )


def _gone() -> DeviceError:
    return DeviceError(
        Kind.UNAVAILABLE,
        "The media process ended before it answered: it is started again within seconds; try then.",
    )


def _slice_ms(left_s: float) -> int:
    """Waiting goes in slices, to see in between whether the other side is still there."""
    return max(1, int(min(left_s, LOOK_S) * 1000))


def _silent(name: str, timeout_s: float) -> DeviceError:
    return DeviceError(
        Kind.UNAVAILABLE,
        f"The media process did not answer {name!r} within {timeout_s:g} s: try again.",
    )
