"""Where operations that touch database or disk run: few threads, a bounded queue.

The event loop never waits for a disk. A thread keeps its database connection; one that failed,
or was left inside a transaction, is closed so that the next operation opens a sound one.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections

from nvrdevice.lib.errors import DeviceError, Kind

THREADS = 6
WAITING_LIMIT = 120


class Pool:
    def __init__(self, threads: int = THREADS, waiting_limit: int = WAITING_LIMIT) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="soap")
        self._limit = threads + waiting_limit
        self._taken = 0

    async def __call__(self, function: Callable[[], Any]) -> Any:
        if self._taken >= self._limit:
            raise DeviceError(Kind.UNAVAILABLE, "The device is busy. Try again in a few seconds.")
        self._taken += 1
        future = asyncio.get_running_loop().run_in_executor(self._executor, _run, function)
        # Counted until the thread is free, not until the client is gone.
        future.add_done_callback(self._give_back)
        try:
            return await asyncio.shield(future)
        finally:
            del future  # a refusal in it knows this place, and would hold on to itself

    def _give_back(self, future: "asyncio.Future[Any]") -> None:
        self._taken -= 1
        if not future.cancelled():
            future.exception()  # whoever waited has had it; nobody may be left to ask


def _run(function: Callable[[], Any]) -> Any:
    try:
        return function()
    finally:
        for connection in connections.all(initialized_only=True):
            if connection.errors_occurred or connection.in_atomic_block:
                connection.close()
