"""A look that counts for a moment, so that requests which come together share it.

Whether a document or the users changed is looked at for every request; under load that is most
of what a request costs. A process that serves many may let one look count for a moment, and takes
a new one where it changes something itself. Elsewhere every look is taken.
"""

import time

_moment_ns = 0

Begun = tuple[int, int]  # when a look began, and how often looks were forgotten before


def share_for(seconds: float) -> None:
    """Let looks of this process count that long."""
    global _moment_ns
    _moment_ns = round(seconds * 1e9)


class Glance:
    """The last look at one thing; safe in any thread.

    A look counts from when it is done, and as old as when it began: nobody is given what is being
    looked at just now, and a look that forget() fell into does not count.
    """

    __slots__ = ("_forgotten", "_look")

    def __init__(self) -> None:
        self._forgotten = 0
        self._look: Begun = (0, -1)

    def counts(self) -> bool:
        until_ns, forgotten = self._look
        return forgotten == self._forgotten and time.monotonic_ns() < until_ns

    def begin(self) -> Begun:
        return time.monotonic_ns(), self._forgotten

    def done(self, begun: Begun) -> None:
        began_ns, forgotten = begun
        self._look = began_ns + _moment_ns, forgotten

    def forget(self) -> None:
        self._forgotten += 1
