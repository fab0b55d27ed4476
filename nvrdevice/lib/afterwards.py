"""What is only noted about a request, done once its answer is out, many at a time.

A process that serves many gathers for a moment and does all of it in one go: what is done again
and again at once is cheap, where the same between two requests would begin with cold caches.
Elsewhere, and in other threads than the one that gathers, it is done at once.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

GATHER_S = 0.05
GATHERED_LIMIT = 1000

_gathered: deque[tuple[Callable[..., object], tuple[Any, ...]]] = deque()
_later: Callable[[float, Callable[[], None]], object] | None = None
_thread = 0


def gather(later: Callable[[float, Callable[[], None]], object] | None) -> None:
    """Gather what this thread notes; later(seconds, function) of its event loop. None: no more."""
    global _later, _thread
    _later, _thread = later, threading.get_ident()
    catch_up()


def do(function: Callable[..., object], *arguments: Any) -> None:
    """Call function with arguments, at the latest GATHER_S from now."""
    if _later is None or threading.get_ident() != _thread:
        function(*arguments)
        return
    _gathered.append((function, arguments))
    if len(_gathered) == 1:
        _later(GATHER_S, catch_up)
    elif len(_gathered) >= GATHERED_LIMIT:
        catch_up()


def catch_up() -> None:
    """Do what was gathered; for whoever reads what was noted, and at the end of a process."""
    for _ in range(len(_gathered)):
        try:
            function, arguments = _gathered.popleft()
        except IndexError:  # another thread catches up as well
            return
        try:
            function(*arguments)
        except Exception:
            log.exception("What was gathered could not be noted")
