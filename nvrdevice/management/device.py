"""The device process while it runs: children, discovery, schedules, motion, sweeping, doorbell.

Order counts: the children start first, since NVRs wait for them; OpenCV is loaded last. The
main thread is the one that starts children, because the kernel ties them to that thread.
"""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from django.conf import settings

from nvrdevice import clients
from nvrdevice.audit import trail
from nvrdevice.events import publish
from nvrdevice.lib import home, service_notice
from nvrdevice.management import housekeeping, topics
from nvrdevice.management.heartbeat import Heartbeats
from nvrdevice.management.prefork import Forks
from nvrdevice.management.supervisor import Ending, Supervisor, execute, leashed

if TYPE_CHECKING:
    from nvrdevice.digital_io.board import Board

log = logging.getLogger(__name__)

CHILDREN = {"web": "runweb", "media": "runmedia"}
READY_LIMIT_S = 8.0
TLS_LIMIT_S = 2.0
BELL_S = 1.0
LAST_WORDS_S = 2.0  # for discovery's Bye and the motion thread, after the children


class Device:
    def __init__(self, *, ready: Callable[[], None], forks: Forks | None = None) -> None:
        """ready: called once, in a thread, when the web port answers or should have.

        forks: of the web and media processes; without them somebody else runs these.
        """
        self._heartbeats = Heartbeats(home.run_sockets())
        self._supervisor = Supervisor(
            {name: leashed(command) for name, command in CHILDREN.items()} if forks else {},
            ended=_note_ending,
            environment=_environment,
            launch=forks.launch if forks else execute,
            watch=self._heartbeats,
        )
        self._children = forks is not None
        self._ready = ready
        self._ending = asyncio.Event()
        self._greeted = asyncio.Event()
        self._on_ring: dict[str, list[Callable[[], None]]] = {}

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end)
        children = asyncio.create_task(self._supervisor.run())
        parts = [
            asyncio.create_task(work)
            for work in (
                self._greet(),
                self._discovery(),
                self._schedules(),
                self._digital_io(),
                self._motion(),
                self._certificate(),
                self._sweep(),
                self._beat(),
            )
        ]
        bell = threading.Thread(target=self._listen, args=(loop,), name="bell", daemon=True)
        bell.start()
        if not self._children:  # who starts them waits for us
            service_notice.tell(service_notice.READY)
        await self._ending.wait()
        service_notice.tell(service_notice.STOPPING)
        await children
        self._heartbeats.close()
        _, late = await asyncio.wait(parts, timeout=LAST_WORDS_S)
        for part in late:
            part.cancel()
        await asyncio.to_thread(bell.join, BELL_S * 2)

    def _end(self) -> None:
        self._supervisor.stop()
        self._ending.set()

    async def _greet(self) -> None:
        for _ in range(int(READY_LIMIT_S * 10)):
            if self._ending.is_set():
                self._greeted.set()
                return
            if await _answers(settings.SERVICE_PORT) and await _answers(settings.RTSP_PORT):
                break
            await self._pause(0.1)
        for _ in range(int(TLS_LIMIT_S * 10)):  # opened last, and not where TLS cannot be had
            if self._ending.is_set() or await _answers(settings.RTSPS_PORT):
                break
            await self._pause(0.1)
        self._greeted.set()
        if self._children:
            service_notice.tell(service_notice.READY)
        await asyncio.to_thread(self._ready)

    async def _discovery(self) -> None:
        from nvrdevice.discovery import facts

        clients.report()
        responder = facts.responder()
        try:
            await responder.start()
        except OSError as error:
            log.error(
                "NVRs cannot discover this device: UDP port %d cannot be opened (%s).",
                settings.DISCOVERY_PORT,
                error.strerror,
            )
            return
        self._call_on("state", responder.changed)
        await self._ending.wait()
        await responder.stop()

    async def _schedules(self) -> None:
        from nvrdevice.schedules.watch import Watch
        from nvrdevice.system import time_zone

        watch = Watch(zone=lambda: time_zone.read().tz)
        await self._thread("schedules", watch.run, watch.stop)

    async def _digital_io(self) -> None:
        from nvrdevice.digital_io import channels
        from nvrdevice.digital_io.board import Board
        from nvrdevice.lib.answering import Answering

        board = Board()
        self._call_on("state", board.changed)
        answering = Answering(channels.BOARD, board.handlers())
        answering.start()
        await asyncio.gather(
            self._thread("digital channels", board.run, board.stop), self._rules(board)
        )
        await asyncio.to_thread(answering.stop)

    async def _rules(self, board: "Board") -> None:
        from nvrdevice.recordings import triggers
        from nvrdevice.rules.engine import Engine

        engine = Engine(board, triggers)
        for what in ("state", "journal"):
            self._call_on(what, engine.changed)
        await self._thread("rules", engine.run, engine.stop)

    async def _certificate(self) -> None:
        from nvrdevice.system.tls.watch import Watch

        watch = Watch()
        await self._thread("certificate", watch.run, watch.stop)

    async def _motion(self) -> None:
        await self._greeted.wait()  # OpenCV must not slow down the processes that NVRs wait for
        if self._ending.is_set():
            return
        from nvrdevice.motion.watch import Watch

        watch = Watch()
        for what in ("state", "media"):
            self._call_on(what, watch.changed)
        await self._thread("motion", watch.run, watch.stop)

    async def _thread(self, name: str, run: Callable[[], None], stop: Callable[[], None]) -> None:
        """Run something in a thread of its own until the device ends."""
        thread = threading.Thread(target=run, name=name, daemon=True)
        thread.start()
        await self._ending.wait()
        stop()
        await asyncio.to_thread(thread.join, LAST_WORDS_S)

    async def _sweep(self) -> None:
        await self._pause(60.0)  # the start has better things to do
        while not self._ending.is_set():
            await asyncio.to_thread(housekeeping.sweep, housekeeping.tasks())
            await self._pause(housekeeping.EVERY_S)

    async def _beat(self) -> None:
        """In the loop itself: one that hangs stops beating, and the service manager acts."""
        beat_s = service_notice.beat_s()
        while beat_s is not None and not self._ending.is_set():
            service_notice.tell(service_notice.ALIVE)
            await self._pause(beat_s)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)

    def _call_on(self, what: str, act: Callable[[], None]) -> None:
        self._on_ring.setdefault(what, []).append(act)

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        bell = home.bell("device")
        try:
            while not self._ending.is_set():
                for what in bell.wait(BELL_S):
                    for act in list(self._on_ring.get(what, ())):
                        with suppress(RuntimeError):  # the loop has ended meanwhile
                            loop.call_soon_threadsafe(act)
        finally:
            bell.close()


async def _answers(port: int) -> bool:
    host = settings.SERVICE_HOST
    try:
        _, writer = await asyncio.open_connection(
            host if host not in ("0.0.0.0", "::") else "localhost",  # noqa: S104
            port,
        )
    except OSError:
        return False
    writer.close()
    return True


async def _note_ending(ending: Ending) -> None:
    if ending.is_news:
        await asyncio.to_thread(_write_ending, ending)


def _write_ending(ending: Ending) -> None:
    publish(
        topics.PROCESS_ENDED.name,
        {"Process": ending.process},
        {"Reason": ending.reason, "RestartDelay": ending.delay_s},
    )
    trail.record(
        trail.DEVICE,
        "restart process",
        ending.process,
        after={"ended": ending.reason, "in a row": ending.count, "delay_s": ending.delay_s},
    )


def _environment(process: str) -> Mapping[str, str]:
    path = os.pathsep.join(filter(None, (str(settings.BASE_DIR), os.environ.get("PYTHONPATH"))))
    inherited = {
        name: value for name, value in os.environ.items() if name not in service_notice.VARIABLES
    }
    return {**inherited, "NVR_PROCESS": process, "PYTHONPATH": path}
