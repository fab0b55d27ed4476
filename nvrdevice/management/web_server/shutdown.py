"""What must be told that the web process is about to end.

Whoever holds requests open on purpose (waiting pulls, streams) adds a callable here; it is
called on the event loop when SIGTERM comes, and whatever it wakes has WAKE_S to answer.
"""

from collections.abc import Callable

WAKE_S = 2.0
CANCEL_S = 1.0

on_shutdown: list[Callable[[], None]] = []
