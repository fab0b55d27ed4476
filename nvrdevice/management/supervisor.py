"""Starts the other processes of the device, starts them again, and ends them all in time.

Each child has a process group of its own, so that a Ctrl-C of the terminal reaches only the
parent, which then ends them in order. Invariant: after `run` has returned no child is left.
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock

log = logging.getLogger(__name__)

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 10.0
HEALTHY_S = 60.0
GRACE_S = 8.0


@dataclass(frozen=True)
class Ending:
    """A child that ended unasked; count is how often in this row of failures."""

    process: str
    reason: str
    count: int
    delay_s: float

    @property
    def is_news(self) -> bool:
        """The 1st, 2nd, 4th, 8th … in a row: a crash loop of weeks must not fill the journal."""
        return self.count & (self.count - 1) == 0


class Child(Protocol):
    """A process that was started."""

    @property
    def pid(self) -> int: ...

    async def wait(self) -> int: ...


class Watch(Protocol):
    """Who notices that a child hangs."""

    allowed_s: float

    def variables(self) -> Mapping[str, str]: ...
    async def missed(self, pid: int) -> None: ...


# From a command line and an environment to a child in a group of its own; OSError says why not.
Launch = Callable[[Sequence[str], Mapping[str, str]], Awaitable[Child]]


async def execute(command: Sequence[str], environment: Mapping[str, str]) -> Child:
    """A new program."""
    return await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, env=environment, process_group=0
    )


class Backoff:
    """How long to wait before the next start: longer with each failure, anew after health."""

    def __init__(self) -> None:
        self.count = 0

    def after(self, lived_s: float) -> float:
        self.count = 1 if lived_s >= HEALTHY_S else self.count + 1
        delay: float = FIRST_DELAY_S * 2 ** min(self.count - 1, 10)
        return min(LONGEST_DELAY_S, delay)


class Supervisor:
    def __init__(
        self,
        commands: Mapping[str, Sequence[str]],
        *,
        ended: Callable[[Ending], Awaitable[None]],
        environment: Callable[[str], Mapping[str, str]],
        launch: Launch = execute,
        watch: Watch | None = None,
        clock: Clock = SYSTEM_CLOCK,
        grace_s: float = GRACE_S,
    ) -> None:
        """commands: process name to its command line. ended: is told of each unasked end.

        watch: a child that hangs is ended and started again.
        """
        self._commands = commands
        self._ended = ended
        self._environment = environment
        self._launch = launch
        self._watch = watch
        self._clock = clock
        self._grace_s = grace_s
        self._stop = asyncio.Event()
        self._hurry = asyncio.Event()
        self.running: dict[str, Child] = {}

    async def run(self) -> None:
        """Keep the children running until stop()."""
        async with asyncio.TaskGroup() as tasks:
            for name, command in self._commands.items():
                tasks.create_task(self._keep(name, command))

    def stop(self) -> None:
        """End the children; a second call ends them at once."""
        if self._stop.is_set():
            self._hurry.set()
        self._stop.set()

    async def _keep(self, name: str, command: Sequence[str]) -> None:
        backoff = Backoff()
        while not self._stop.is_set():
            began_s = self._clock.monotonic_s()
            reason = await self._run_once(name, command)
            if self._stop.is_set():
                return
            delay_s = backoff.after(self._clock.monotonic_s() - began_s)
            log.error("%s %s; starting it again in %.1f s", name, reason, delay_s)
            try:
                await self._ended(Ending(name, reason, backoff.count, delay_s))
            except Exception:  # a full disk must not keep the child from coming back
                log.exception("the end of %s could not be noted", name)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), delay_s)

    async def _run_once(self, name: str, command: Sequence[str]) -> str:
        """Start it and wait for its end; how it ended."""
        environment = self._environment(name)
        if self._watch is not None:
            environment = {**environment, **self._watch.variables()}
        try:
            process = await self._launch(command, environment)
        except OSError as error:
            return f"cannot be started ({error.strerror})"
        self.running[name] = process
        log.info("%s runs as process %d", name, process.pid)
        try:
            ended = asyncio.ensure_future(process.wait())
            hung = await self._until_it_ends_or_should(process, ended)
            if hung:
                # It would not hear SIGTERM, and one that is stopped cannot.
                signal_group(process.pid, signal.SIGKILL)
            elif not ended.done():
                await self._end(name, process, ended)
            how = how_it_ended(await ended)
            return hung or how
        finally:
            del self.running[name]
            signal_group(process.pid, signal.SIGKILL)  # what the child had started itself

    async def _until_it_ends_or_should(self, process: Child, ended: "asyncio.Future[int]") -> str:
        """Why it must be ended; empty where it ended itself or all are to end."""
        if self._watch is None:
            await _first(ended, self._stop)
            return ""
        missed = asyncio.ensure_future(self._watch.missed(process.pid))
        stop = asyncio.ensure_future(self._stop.wait())
        either: set[asyncio.Future[Any]] = {ended, missed, stop}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        hangs = missed.done() and not ended.done() and not stop.done()
        for each in (missed, stop):
            each.cancel()
        return f"hung for {self._watch.allowed_s:g} s and was ended" if hangs else ""

    async def _end(self, name: str, process: Child, ended: "asyncio.Future[int]") -> None:
        signal_group(process.pid, signal.SIGTERM)
        await _first(ended, self._hurry, self._grace_s)
        if not ended.done():
            log.warning("%s did not end in time and is killed", name)
            signal_group(process.pid, signal.SIGKILL)


async def _first(
    ended: "asyncio.Future[int]", event: asyncio.Event, timeout_s: float | None = None
) -> None:
    """Return when either is there, or after timeout_s."""
    waiting = asyncio.ensure_future(event.wait())
    done: set[asyncio.Future[Any]] = {ended, waiting}
    await asyncio.wait(done, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


def leashed(command: str) -> list[str]:
    """The command line of a management command as a child of this process."""
    return [sys.executable, "-m", "nvrdevice.management.leash", str(os.getpid()), command]


def signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def how_it_ended(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
