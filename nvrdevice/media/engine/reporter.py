"""The side thread that writes facts and events: the database never holds up a frame.

Order is kept. Something that fails (a locked database) is tried again some times, then dropped
with a line in the log; the queue is bounded.
"""

import logging
import queue
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

QUEUE_LIMIT = 256
TRIES = 5
RETRY_S = 1.0


class Reporter:
    def __init__(self, *, retry_s: float = RETRY_S) -> None:
        self._retry_s = retry_s
        self._waiting: queue.Queue[Callable[[], object] | None] = queue.Queue(QUEUE_LIMIT)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="reporter", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def tell(self, report: Callable[[], object]) -> None:
        try:
            self._waiting.put_nowait(report)
        except queue.Full:
            log.error("a report was dropped: %d are waiting", QUEUE_LIMIT)

    def stop(self, timeout_s: float) -> None:
        """What waits is still written, as far as the time allows."""
        self._stopping.set()
        try:
            self._waiting.put_nowait(None)
        except queue.Full:
            return
        self._thread.join(timeout_s)

    def _work(self) -> None:
        while (report := self._waiting.get()) is not None:
            for attempt in range(1, TRIES + 1):
                try:
                    report()
                    break
                except Exception:  # whatever it is, the next report must still be written
                    if attempt == TRIES or self._stopping.is_set():
                        log.exception("a report could not be written")
                        break
                    self._stopping.wait(self._retry_s)
