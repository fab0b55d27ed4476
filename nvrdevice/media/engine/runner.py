"""Keeps one source open: runs its capture in a thread and opens it again when it is lost."""

import logging
import threading
from collections.abc import Callable

from nvrdevice.lib.clock import Clock
from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.engine.outlet import Capture, Outlet

log = logging.getLogger(__name__)

WAITS_S = (1.0, 2.0, 4.0, 8.0, 15.0)  # a camera that restarts is back within the last of them
HAND_OVER_S = 5.0
STEADY_S = 20.0  # a capture that ran so long starts the waits anew


class Runner:
    def __init__(
        self,
        name: str,
        capture: Callable[[], Capture],
        outlet: Outlet,
        lost: Callable[[Lost], None],
        clock: Clock,
        *,
        waits_s: tuple[float, ...] = WAITS_S,
    ) -> None:
        """capture makes a fresh one for each try."""
        self._name, self._capture, self._outlet = name, capture, outlet
        self._lost, self._clock, self._waits_s = lost, clock, waits_s
        self._stop = threading.Event()
        self._after: Runner | None = None
        self._thread = threading.Thread(target=self._run, name=f"source-{name}", daemon=True)

    def start(self, *, after: "Runner | None" = None) -> None:
        """after: one that is being stopped and may still hold the camera."""
        self._after = after
        self._thread.start()

    def ask_stop(self) -> None:
        self._stop.set()

    def wait_stopped(self, timeout_s: float) -> None:
        self._thread.join(timeout_s)

    @property
    def stopped(self) -> bool:
        return not self._thread.is_alive()

    def _run(self) -> None:
        before, self._after = self._after, None
        if before is not None:
            before.wait_stopped(HAND_OVER_S)
        tries, told = 0, ""
        while not self._stop.is_set():
            began_s = self._clock.monotonic_s()
            reason = self._run_once()
            if self._stop.is_set():
                return
            if self._clock.monotonic_s() - began_s >= STEADY_S:
                tries, told = 0, ""
            wait_s = self._waits_s[min(tries, len(self._waits_s) - 1)]
            tries += 1
            if reason.sentence != told:  # a camera that is away for weeks fills no log
                told = reason.sentence
                log.warning("source %s is lost: %s", self._name, told)
            self._lost(reason)
            self._stop.wait(wait_s)

    def _run_once(self) -> Lost:
        try:
            self._capture().run(self._outlet, self._stop)
        except Lost as lost:
            return lost
        except Exception as error:  # one source's fault must not end the other sources
            log.exception("source %s failed", self._name)
            return Lost(Reason.BROKE_OFF, type(error).__name__)
        return Lost(Reason.BROKE_OFF, "it ended")
