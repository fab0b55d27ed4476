"""The first children of rundevice: forks of itself, made once it has loaded what all need.

To load Django and the nouns takes a process a second, several on a small board, and 35 MB of
memory. A fork has them at once and shares what nobody writes to. It is made before rundevice has
a thread, a file or a socket, waits until it is told to begin, and then is what `manage.py` of
that command would be. A child that has to come back later is executed as a program of its own.
"""

import asyncio
import gc
import json
import logging.config
import os
import signal
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command

from nvrdevice.lib.errors import DeviceError
from nvrdevice.management import leash
from nvrdevice.management.supervisor import Child, execute

ERROR = 2  # as manage.py ends


class Fork:
    """A child that waits for its beginning; told is the end of its pipe that we hold."""

    def __init__(self, pid: int, told: int) -> None:
        self.pid = pid
        self.told = told
        self._ended: asyncio.Future[int] | None = None

    def begin(self, environment: Mapping[str, str]) -> None:
        """OSError where it is gone already."""
        try:
            with os.fdopen(self.told, "w") as pipe:
                pipe.write(json.dumps(dict(environment)))
        except OSError:
            os.waitpid(self.pid, 0)
            raise

    def give_up(self) -> None:
        os.close(self.told)
        os.waitpid(self.pid, 0)

    async def wait(self) -> int:
        """Its exit code once it ended; the negative number of the signal that ended it."""
        if self._ended is None:
            loop = asyncio.get_running_loop()
            self._ended = loop.create_future()
            descriptor = os.pidfd_open(self.pid)
            loop.add_reader(descriptor, self._end, loop, descriptor, self._ended)
        return await asyncio.shield(self._ended)

    def _end(
        self, loop: asyncio.AbstractEventLoop, descriptor: int, ended: "asyncio.Future[int]"
    ) -> None:
        loop.remove_reader(descriptor)
        os.close(descriptor)
        ended.set_result(os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]))


class Forks:
    def __init__(self, waiting: dict[str, Fork]) -> None:
        self._waiting = waiting

    async def launch(self, command: Sequence[str], environment: Mapping[str, str]) -> Child:
        """The management command that command ends with: its fork at first, a program later."""
        found = self._waiting.pop(command[-1], None)
        if found is None:
            return await execute(command, environment)
        found.begin(environment)
        return found

    def close(self) -> None:
        """At the end: whoever was never told to begin goes."""
        for each in self._waiting.values():
            each.give_up()


def fork(commands: Iterable[str]) -> Forks:
    """One for each management command. To be called with one thread and nothing open."""
    parent = os.getpid()
    gc.collect()
    gc.freeze()  # the collector would write to every page, and share none
    waiting: dict[str, Fork] = {}
    for command in commands:
        hears, told = os.pipe()
        pid = os.fork()
        if pid == 0:
            for end in (told, *(each.told for each in waiting.values())):
                os.close(end)  # while anybody holds one, its child waits for more
            leash.tie_to(parent)
            _become(command, hears)
        os.close(hears)
        waiting[command] = Fork(pid, told)
    return Forks(waiting)


def _become(command: str, hears: int) -> NoReturn:
    """The process of a management command, as soon as its environment was told."""
    os.setpgid(0, 0)  # a Ctrl-C of the terminal is for rundevice, which ends children in order
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    leash.rename(command)
    with os.fdopen(hears) as pipe:
        told = pipe.read()
    if not told:
        os._exit(0)
    environment = json.loads(told)
    os.environ.clear()
    os.environ.update(environment)
    settings.NVR_PROCESS = process = environment["NVR_PROCESS"]
    # In its place, for django.setup() configures logging by it once more.
    configuration: dict[str, Any] = settings.LOGGING
    configuration["handlers"]["file"]["filename"] = settings.NVR_LOG_DIR / f"{process}.log"
    logging.config.dictConfig(configuration)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        call_command(command)
    except DeviceError as error:
        os.write(2, f"nvr: {error.text}\n".encode())
        raise SystemExit(ERROR) from None
    raise SystemExit(0)
