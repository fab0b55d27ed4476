"""Asking another process of this device for something and waiting for its answer.

One socket per question: nothing is shared between threads, and a process that came back
is found at once. That it is away is told within CONNECT_S, that it died meanwhile within LOOK_S.
Questions under way are bounded.
"""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import zmq
import zmq.asyncio

from nvrdevice.lib import home
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.question_frames import (
    BODY_LIMIT,
    Question,
    Reply,
    decode_reply,
    encode_question,
)
from nvrdevice.lib.run_sockets import RunSockets

CONNECT_S = 1.0
ANSWER_S = 5.0
LOOK_S = 0.25
UNDER_WAY_LIMIT = 64

_under_way = threading.BoundedSemaphore(UNDER_WAY_LIMIT)


@dataclass(frozen=True)
class Asked:
    """Who is asked, in words too: "the media process", "so there is no picture"."""

    address: str
    process: str
    missing: str


def ask(
    whom: Asked,
    name: str,
    arguments: dict[str, Any],
    *,
    timeout_s: float = ANSWER_S,
    sockets: RunSockets | None = None,
) -> Reply:
    """The answer; DeviceError as the other process raised it, or UNAVAILABLE.

    Never call it on an event loop: `ask_async` is for those.
    """
    question = Question(secrets.token_hex(8), name, arguments)
    with _line(whom, zmq.Context.instance(), sockets) as line:
        if not line.poll(int(CONNECT_S * 1000), zmq.POLLOUT):
            raise _absent(whom)
        line.send_multipart(encode_question(question))
        deadline = time.monotonic() + timeout_s
        while (left_s := deadline - time.monotonic()) > 0:
            if line.poll(_slice_ms(left_s), zmq.POLLIN):
                found = _answer(question, line.recv_multipart())
                if found is not None:
                    return found
            elif not line.getsockopt(zmq.EVENTS) & zmq.POLLOUT:
                raise _gone(whom)
    raise _silent(whom, name, timeout_s)


async def ask_async(
    whom: Asked,
    name: str,
    arguments: dict[str, Any],
    *,
    timeout_s: float = ANSWER_S,
    sockets: RunSockets | None = None,
) -> Reply:
    """`ask` for an event loop: it waits without holding a thread."""
    question = Question(secrets.token_hex(8), name, arguments)
    # A shadow of the one context: no second I/O thread, and no state that belongs to a loop.
    with _line(whom, zmq.asyncio.Context.shadow(zmq.Context.instance()), sockets) as line:
        if not await line.poll(int(CONNECT_S * 1000), zmq.POLLOUT):
            raise _absent(whom)
        await line.send_multipart(encode_question(question))
        deadline = time.monotonic() + timeout_s
        while (left_s := deadline - time.monotonic()) > 0:
            if await line.poll(_slice_ms(left_s), zmq.POLLIN):
                found = _answer(question, await line.recv_multipart())
                if found is not None:
                    return found
            elif not line.getsockopt(zmq.EVENTS) & zmq.POLLOUT:
                raise _gone(whom)
    raise _silent(whom, name, timeout_s)


@contextmanager
def _line(whom: Asked, context: Any, sockets: RunSockets | None) -> Iterator[Any]:
    if not _under_way.acquire(blocking=False):
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"{whom.process.capitalize()} has {UNDER_WAY_LIMIT} questions of this process waiting: "
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
            line.connect((sockets or home.run_sockets()).address(whom.address))
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


def _absent(whom: Asked) -> DeviceError:
    return DeviceError(
        Kind.UNAVAILABLE,
        f"{whom.process.capitalize()} is not running just now, {whom.missing}: "
        "it is started again within seconds; try then.",
    )


def _gone(whom: Asked) -> DeviceError:
    return DeviceError(
        Kind.UNAVAILABLE,
        f"{whom.process.capitalize()} ended before it answered: "
        "it is started again within seconds; try then.",
    )


def _slice_ms(left_s: float) -> int:
    """Waiting goes in slices, to see in between whether the other side is still there."""
    return max(1, int(min(left_s, LOOK_S) * 1000))


def _silent(whom: Asked, name: str, timeout_s: float) -> DeviceError:
    return DeviceError(
        Kind.UNAVAILABLE,
        f"{whom.process.capitalize()} did not answer {name!r} within {timeout_s:g} s: try again.",
    )
