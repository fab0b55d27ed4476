"""What stands before Django on REST's way: waiting for events, and challenges on their own lines.

A view that finds nothing to tell leaves a Wait in the ASGI scope and is done; its thread and its
database handle are free while the client waits (DESIGN section 3). Without this front, as in a
test without a server, it simply answers at once.
"""

import asyncio
import functools
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from nvrdevice.accounts import access, book
from nvrdevice.accounts.access import AccessClass
from nvrdevice.events import journal
from nvrdevice.events.filters import EVERYTHING
from nvrdevice.events.waiting import Outcome, reader
from nvrdevice.lib.clock import SYSTEM_CLOCK

Application = Callable[[Any, Any, Any], Awaitable[None]]

PATHS = frozenset({"/events/pull", "/events/pull/"})
HOLDER = "nvrdevice.rest.wait"
_NEXT_CHALLENGE = re.compile(rb", (?=Digest )")


@dataclass(frozen=True)
class Wait:
    """What a client waits for: rows behind cursor, for its rights are checked again then."""

    cursor: int
    limit: int
    timeout_s: float
    username: str
    needs: AccessClass
    write: Callable[[journal.Page], dict[str, Any]]
    log: Callable[[float], None]


def can_wait(request: Any) -> bool:
    return _holder(request) is not None


def leave(request: Any, wait: Wait) -> None:
    """Have the front answer this request."""
    holder = _holder(request)
    assert holder is not None
    holder.append(wait)


def wait_of(request: Any) -> Wait | None:
    holder = _holder(request)
    return holder[0] if holder else None


def _holder(request: Any) -> list[Wait] | None:
    scope = getattr(getattr(request, "_request", request), "scope", None)
    return scope.get(HOLDER) if scope is not None else None


def front(inner: Application) -> Application:
    """inner, which is Django, with what it cannot do."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] not in PATHS:
            await inner(scope, receive, _on_lines(send))
            return
        holder: list[Wait] = []
        held: list[Any] = []

        async def hold(message: Any) -> None:
            held.append(message)

        started_s = SYSTEM_CLOCK.monotonic_s()
        await inner({**scope, HOLDER: holder}, receive, hold)
        if holder and held:  # nothing held: the client went before Django answered
            found = await _found(holder[0], receive)
            holder[0].log(SYSTEM_CLOCK.monotonic_s() - started_s)
            if found is None:
                return
            held = _filled(held, holder[0].write(found))
        for message in held:
            await _on_lines(send)(message)

    return answer


async def _found(wait: Wait, receive: Any) -> journal.Page | None:
    """What there is to tell in the end; None where the client has gone."""
    waiting = asyncio.ensure_future(_look(wait))
    gone = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
        return waiting.result() if waiting.done() else None
    finally:
        gone.cancel()
        waiting.cancel()


async def _look(wait: Wait) -> journal.Page:
    here, cursor = reader(), wait.cursor
    until_s = SYSTEM_CLOCK.monotonic_s() + wait.timeout_s
    page = journal.Page((), cursor, cursor)
    while (left_s := until_s - SYSTEM_CLOCK.monotonic_s()) > 0:
        if await here.look(cursor, EVERYTHING, left_s) is not Outcome.NEWS:
            return page
        account = book.find(wait.username)
        if account is None or not access.may(account.level, wait.needs):
            return page  # removed or demoted meanwhile: the next request says so
        page = await here.in_turn(functools.partial(journal.after, cursor, EVERYTHING, wait.limit))
        if page.rows:
            return page
        cursor = page.scanned_to
    return page


async def _disconnected(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _filled(held: list[Any], body: dict[str, Any]) -> list[Any]:
    """The messages of Django's empty answer with another body."""
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    start = held[0]
    headers = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
    headers.append((b"content-length", str(len(data)).encode()))
    return [{**start, "headers": headers}, {"type": "http.response.body", "body": data}]


def _on_lines(send: Any) -> Any:
    """Each challenge in a header of its own: hardly a client reads two from one."""

    async def split(message: Any) -> None:
        if message["type"] == "http.response.start" and message["status"] == 401:
            message = {**message, "headers": [*_lines(message["headers"])]}
        await send(message)

    return split


def _lines(headers: Any) -> Any:
    for name, value in headers:
        if name.lower() == b"www-authenticate":
            yield from ((name, part) for part in _NEXT_CHALLENGE.split(value))
        else:
            yield name, value
