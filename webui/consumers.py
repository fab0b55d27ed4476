"""The sockets of the pages: rows of the journal and changed parts, pushed as they come about.

A socket lives no longer than the right to it: at each change, and every few seconds anyway, its
session and its user's role are looked at again.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from channels.auth import get_user
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.sessions.backends.db import SessionStore
from django.template.loader import render_to_string

from nvrdevice.accounts.levels import Level
from nvrdevice.events.models import Event
from webui import live_sockets, overview_parts
from webui.access import level_of
from webui.setup_gate import password_must_change

log = logging.getLogger(__name__)

SIGNED_OUT = 4401
BROKEN = 1011
NOTHING_HERE = 4404
ROWS = 50  # sent at once, and held by the page
LOOK_S = 5.0  # a lost ring is made up for by then
GATHER_S = 0.25  # what happens within is one message: a page is no faster than a person


class NothingHere(AsyncWebsocketConsumer):  # type: ignore[misc]
    async def connect(self) -> None:
        await self.close(NOTHING_HERE)  # before accept: HTTP 403


class PageSocket(AsyncWebsocketConsumer):  # type: ignore[misc]
    """A socket of a page, for a viewer and above. news() says what the page does not know yet."""

    groups = (live_sockets.GROUP,)

    async def connect(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []
        self._looked = asyncio.Event()
        self._session = self.scope["session"].session_key or ""
        # Who is demoted loses the socket too: the page opens anew, as what they are by then.
        self._least = await self._level()
        if (
            live_sockets.is_full()
            or self._least < Level.USER
            or not await database_sync_to_async(self.prepare)()
        ):
            await self.close()  # before accept: HTTP 403
            return
        await self.accept()
        self._tasks = [asyncio.create_task(self._keep(work)) for work in (self._follow, self.show)]

    def prepare(self) -> bool:
        """Whether there is what the page asks for."""
        return True

    def news(self, level: Level) -> dict[str, Any]:
        """Asked at each change, in a thread that may read the database."""
        return {}

    async def show(self) -> None:
        """What else is sent, for as long as the socket is open."""

    async def receive(self, text_data: Any = None, bytes_data: Any = None) -> None:
        """A page has nothing to say here."""

    async def disconnect(self, code: int) -> None:
        self._stop()

    async def look_again(self, message: dict[str, Any]) -> None:
        self._looked.set()

    async def _follow(self) -> None:
        with live_sockets.opened() as rung:
            while (level := await self._level()) >= self._least:
                news = await database_sync_to_async(self.news)(level)
                if news:
                    await self.send(json.dumps(news))
                await asyncio.sleep(GATHER_S)
                await _first_of(rung, self._looked)
        self._stop()
        await self.close(SIGNED_OUT)

    async def _keep(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception:  # the page opens another socket and goes on after its last row
            log.exception("A page's socket broke off")
            self._stop()
            await self.close(BROKEN)

    def _stop(self) -> None:
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()

    async def _level(self) -> Level:
        # A fresh look at the session row: the one in scope is as old as the handshake.
        return await level_of_session(self._session)


class EventsConsumer(PageSocket):
    def prepare(self) -> bool:
        self._last, self._source = _asked(self.scope)
        self._shown: dict[str, str] = {}
        return True

    def news(self, level: Level) -> dict[str, Any]:
        news: dict[str, Any] = {}
        found = list(Event.objects.filter(id__gt=self._last).order_by("-id")[: ROWS + 1])
        if found:
            rows = overview_parts.rows(found[:ROWS])
            self._last = rows[0].id
            news["rows"] = "".join(
                render_to_string("partials/event.html", {"event": row}) for row in rows
            )
            news["gap"] = len(found) > ROWS
            news["last"] = self._last
        parts = overview_parts.parts(self._source, level)
        changed = {name: html for name, html in parts.items() if self._shown.get(name) != html}
        if changed:
            self._shown = parts
            news["parts"] = changed
        return news


async def level_of_session(key: str) -> Level:
    """What the user of this session may do now."""
    user = await get_user({"session": SessionStore(key)})
    found: Level = await database_sync_to_async(_level_of)(user)
    return found


def _level_of(user: Any) -> Level:
    return Level.ANONYMOUS if password_must_change(user) else level_of(user)


def _asked(scope: dict[str, Any]) -> tuple[int, str]:
    """The last row the page has, and the camera it shows."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    after = query.get("after", ["0"])[0]
    return (
        int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0,
        query.get("source", [""])[0][:64],
    )


async def _first_of(*events: asyncio.Event) -> None:
    """Until one of events is set, or it is time to look anyway; all are cleared then."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()
    for event in events:
        event.clear()
