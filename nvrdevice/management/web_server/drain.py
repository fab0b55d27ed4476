"""Back-pressure for answers in parts: the application waits while the client takes nothing.

Daphne's send never waits, so a client that does not read would fill the memory with a picture
stream or an export (measured in stock Daphne: 200 MB).
"""

import asyncio
from typing import Any

from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer


@implementer(IPushProducer)
class Drain:
    """Stands where Twisted expects the maker of the data: pause() and resume() reach it."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()

    def pauseProducing(self) -> None:
        self._open.clear()

    def resumeProducing(self) -> None:
        self._open.set()

    def stopProducing(self) -> None:
        self._open.set()

    @property
    def is_open(self) -> bool:
        return self._open.is_set()

    async def wait(self, timeout_s: float, transport: Any) -> None:
        """Until there is room; a client that takes nothing for this long is cut off."""
        if self._open.is_set():
            return
        try:
            async with asyncio.timeout(timeout_s):
                await self._open.wait()
        except TimeoutError:
            transport.abortConnection()
