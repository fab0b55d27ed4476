"""Waiting for events costs nothing: one reader of the journal per process wakes all who wait.

A waiting PullMessages or page is a small object and a future of its event loop: no thread, no
database handle. The reader is one thread with one connection; it looks when the doorbell rings
and each second anyway, and runs what the woken want from the database one after the other, in
one transaction for all of them.
"""

import asyncio
import enum
import functools
import logging
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from django.db import DatabaseError, connections, transaction

from nvrdevice.events import journal, pull_points
from nvrdevice.events.filters import EVERYTHING, Filter
from nvrdevice.events.notification import Notification
from nvrdevice.lib import home
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.lib.doorbell import Bell
from nvrdevice.lib.errors import DeviceError, Kind

log = logging.getLogger(__name__)

LOOK_EACH_S = 1.0  # rings may be lost
REAP_EACH_S = 60.0
RECOVER_S = 0.2
FOLLOW_S = 60.0
FOLLOW_LIMIT = 100  # rows
TURNS_LIMIT = 1000  # far above the pull points there can be
T = TypeVar("T")


class Outcome(enum.Enum):
    NEWS = "news"  # something behind the cursor may pass the filter
    TIMEOUT = "timeout"
    CLOSING = "closing"  # the process ends: answer now, with nothing


class _Waiter:
    def __init__(self, cursor: int, filter: Filter, token: str) -> None:
        self.cursor = cursor
        self.filter = filter
        self.token = token
        self.loop = asyncio.get_running_loop()
        self.outcome: asyncio.Future[Outcome] = self.loop.create_future()

    def wake(self, outcome: Outcome) -> None:
        """From the waiter's own event loop."""
        if not self.outcome.done():
            self.outcome.set_result(outcome)


class _Turn:
    def __init__(self, function: Callable[[], Any]) -> None:
        self.function = function
        self.loop = asyncio.get_running_loop()
        self.result: asyncio.Future[Any] = self.loop.create_future()

    def finish(self, value: Any, error: Exception | None) -> None:
        _call(self.loop, _settle, self.result, value, error)


class Reader:
    """Follows the journal for one process. `start` is called by whoever first needs it."""

    def __init__(self, bell: Callable[[], Bell] | None = None) -> None:
        self._make_bell = bell
        self._lock = threading.Lock()
        self._waiters: set[_Waiter] = set()
        self._cursor: int | None = None
        self._tasks: queue.SimpleQueue[_Turn | None] = queue.SimpleQueue()
        self._closing = False
        self._look_who_is_left = False
        self._threads: list[threading.Thread] = []
        self._reaped_at_s = time.monotonic()

    def start(self) -> None:
        with self._lock:
            if self._threads or self._closing:
                return
            names = [("events-reader", self._run), ("events-bell", self._listen)]
            self._threads = [
                threading.Thread(target=run, name=name, daemon=True) for name, run in names
            ]
            for thread in self._threads:
                thread.start()

    async def look(
        self, cursor: int, filter: Filter, timeout_s: float, *, token: str = ""
    ) -> Outcome:
        """Wait until a row behind cursor may pass the filter, or somebody pokes the token."""
        self.start()
        waiter = _Waiter(cursor, filter, token)
        with self._lock:
            if self._closing:
                return Outcome.CLOSING
            if self._cursor is not None and cursor < self._cursor:
                return Outcome.NEWS  # the reader went past before we came: look at once
            self._waiters.add(waiter)
        timer = waiter.loop.call_later(max(0.0, timeout_s), waiter.wake, Outcome.TIMEOUT)
        try:
            return await waiter.outcome
        finally:
            timer.cancel()
            with self._lock:
                self._waiters.discard(waiter)

    async def in_turn(self, function: Callable[[], T]) -> T:
        """Run a short function in the reader's thread, where the database may be used."""
        self.start()
        if self._closing or self._tasks.qsize() >= TURNS_LIMIT:
            raise DeviceError(Kind.UNAVAILABLE, "The device is busy or ending. Try again.")
        turn = _Turn(function)
        self._tasks.put(turn)
        result: T = await turn.result
        return result

    def poke(self, token: str) -> None:
        """Make who waits with this token look again; from any thread."""
        with self._lock:
            for waiter in [each for each in self._waiters if each.token == token]:
                self._wake(waiter, Outcome.NEWS)

    def waiting(self) -> int:
        """How many wait just now."""
        with self._lock:
            return len(self._waiters)

    def close(self, timeout_s: float = 2.0) -> None:
        """Answer all who wait with nothing and end the threads; from any thread, also twice."""
        with self._lock:
            self._closing = True
            for waiter in list(self._waiters):
                self._wake(waiter, Outcome.CLOSING)
        self._tasks.put(None)
        if self._make_bell is not None:
            home.ring("journal")  # who listens to the bell wakes at once
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(timeout_s)

    def _wake(self, waiter: _Waiter, outcome: Outcome) -> None:
        self._waiters.discard(waiter)
        _call(waiter.loop, waiter.wake, outcome)

    def _listen(self) -> None:
        if self._make_bell is None:
            return
        try:
            bell = self._make_bell()
        except Exception as error:
            log.warning("events: no doorbell (%s), looking each second instead", error)
            return
        try:
            while not self._closing:
                rung = bell.wait(LOOK_EACH_S)
                if "accounts" in rung:
                    self._look_who_is_left = True
                if rung & {"journal", "accounts"}:
                    self._tasks.put(None)
        finally:
            bell.close()

    def _run(self) -> None:
        turns: list[_Turn] = []
        try:
            while not self._closing:
                try:
                    self._serve(turns)
                    self._follow()
                    self._release()
                    self._reap()
                except DatabaseError as error:
                    log.warning("events: the journal cannot be read now: %s", error)
                    connections["default"].close()
                    time.sleep(RECOVER_S)
                turns = self._next_turns()
        finally:
            for turn in (*turns, *self._drain()):
                turn.finish(None, DeviceError(Kind.UNAVAILABLE, "The device is ending."))
            connections["default"].close()

    def _next_turns(self) -> list[_Turn]:
        """Sleep until there is something to do, and then all there is: it shares a commit."""
        try:
            first = self._tasks.get(timeout=LOOK_EACH_S)
        except queue.Empty:
            return []
        return [turn for turn in (first, *self._drain()) if turn is not None]

    def _drain(self) -> list[_Turn]:
        turns: list[_Turn] = []
        while True:
            try:
                turn = self._tasks.get_nowait()
            except queue.Empty:
                return turns
            if turn is not None:
                turns.append(turn)

    def _serve(self, turns: list[_Turn]) -> None:
        if not turns:
            return
        results: list[tuple[_Turn, Any, Exception | None]] = []
        try:
            with transaction.atomic():
                for turn in turns:
                    results.append((turn, *_attempt(turn.function)))
        except DatabaseError as failure:
            results = [(turn, None, failure) for turn in turns]
            connections["default"].close()
        for turn, value, error in results:
            turn.finish(value, error)

    def _follow(self) -> None:
        """Read what is new and wake those whose filter it passes."""
        if self._cursor is None:
            head = journal.head()
            with self._lock:
                self._cursor = head
                for waiter in [each for each in self._waiters if each.cursor < head]:
                    self._wake(waiter, Outcome.NEWS)
            return
        while True:
            page = journal.after(self._cursor)
            with self._lock:
                self._cursor = page.scanned_to
                for waiter in list(self._waiters):
                    if any(
                        row.number > waiter.cursor and waiter.filter.matches(row)
                        for row in page.rows
                    ):
                        self._wake(waiter, Outcome.NEWS)
            if page.scanned_to >= page.head or self._closing:
                return

    def _release(self) -> None:
        """Users changed: wake who waits on a pull point that was taken from its owner."""
        if not self._look_who_is_left:
            return
        self._look_who_is_left = False
        left = pull_points.tokens()
        with self._lock:
            for waiter in [each for each in self._waiters if each.token]:
                if waiter.token not in left:
                    self._wake(waiter, Outcome.NEWS)

    def _reap(self) -> None:
        if time.monotonic() - self._reaped_at_s >= REAP_EACH_S:
            self._reaped_at_s = time.monotonic()
            pull_points.reap(SYSTEM_CLOCK)


def _attempt(function: Callable[[], Any]) -> tuple[Any, Exception | None]:
    try:
        with transaction.atomic():
            return function(), None
    except Exception as error:  # the answer of that turn alone
        return None, error


def _settle(future: "asyncio.Future[Any]", value: Any, error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(value)
    else:
        future.set_exception(error)


def _call(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *args: Any) -> None:
    try:
        loop.call_soon_threadsafe(function, *args)
    except RuntimeError:  # that loop has ended, and with it whoever waited
        return


_reader: Reader | None = None


def reader() -> Reader:
    """The reader of this process, which is the web process: its bell is "web"."""
    global _reader
    if _reader is None:
        _reader = Reader(lambda: home.bell("web"))
    return _reader


def use(other: Reader | None) -> None:
    """Make `other` the reader of this process; None for a fresh one."""
    global _reader
    _reader = other


def close() -> None:
    """The hook of a process that ends: every waiting pull is answered empty. Does not block."""
    if _reader is not None:
        _reader.close(timeout_s=0)


async def follow(
    filter: Filter = EVERYTHING, cursor: int | None = None
) -> AsyncIterator[Notification]:
    """Every new row that passes the filter, from cursor (or from now) on, until the process ends.

    Who reads slowly lags behind in the journal and nowhere else: nothing is queued.
    """
    here = reader()
    if cursor is None:
        cursor = await here.in_turn(journal.head)
    while await here.look(cursor, filter, FOLLOW_S) is not Outcome.CLOSING:
        page = await here.in_turn(functools.partial(journal.after, cursor, filter, FOLLOW_LIMIT))
        for row in page.rows:
            yield row
        cursor = page.scanned_to
