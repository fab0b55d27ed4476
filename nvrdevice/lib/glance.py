"""A look that counts for a moment, so that requests which come together share it.

Whether a document or the users changed is looked at for every request; under load that is most
of what a request costs. A process that serves many may let one look count for a moment, and takes
a new one where it changes something itself. Elsewhere every look is taken.
"""

import time

_moment_ns = 0


def share_for(seconds: float) -> None:
    """Let looks of this process count that long."""
    global _moment_ns
    _moment_ns = round(seconds * 1e9)


class Glance:
    """The last look at one thing."""

    __slots__ = ("_until_ns",)

    def __init__(self) -> None:
        self._until_ns = 0

    def counts(self) -> bool:
        return time.monotonic_ns() < self._until_ns

    def taken(self) -> None:
        """To be called before looking: what changes meanwhile is then seen by the next one."""
        if _moment_ns:
            self._until_ns = time.monotonic_ns() + _moment_ns

    def forget(self) -> None:
        self._until_ns = 0
