"""Where the children of rundevice come from: forks of a process that has loaded what all need.

To load Django and the nouns takes each process a second, several on a small board, and 35 MB of
memory. A fork has them at once and shares what nobody writes to. The nursery itself is forked
from rundevice before that has a thread, a file or a socket; it does nothing but fork when asked
and tell of ends. Should it be gone, children are executed anew, as they are without it.
"""

import asyncio
import contextlib
import gc
import json
import logging.config
import os
import select
import signal
import socket
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command

from nvrdevice.lib.errors import DeviceError
from nvrdevice.management import leash
from nvrdevice.management.supervisor import Child, execute

MESSAGE_BYTES = 200_000  # an environment, mostly
ENDED_WITH_NURSERY = -signal.SIGKILL  # the kernel ends its children with it
ERROR = 2  # as manage.py ends


class Forked:
    """A child of the nursery."""

    def __init__(self, pid: int, ended: "asyncio.Future[int]") -> None:
        self.pid = pid
        self._ended = ended

    async def wait(self) -> int:
        """Its exit code once it ended; the negative number of the signal that ended it."""
        return await asyncio.shield(self._ended)


class Nursery:
    """The end that rundevice holds."""

    def __init__(self, pid: int, line: socket.socket) -> None:
        self._pid, self._line = pid, line
        self._loop: asyncio.AbstractEventLoop | None = None
        self._begun: deque[asyncio.Future[Forked]] = deque()
        self._running: dict[int, asyncio.Future[int]] = {}
        self._is_gone = False

    async def launch(self, command: Sequence[str], environment: Mapping[str, str]) -> Child:
        """The management command that command ends with, as a child; OSError if it cannot be."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._loop.add_reader(self._line, self._hear)
        if self._is_gone:
            return await execute(command, environment)
        self._line.send(json.dumps([command[-1], dict(environment)]).encode())
        begun: asyncio.Future[Forked] = self._loop.create_future()
        self._begun.append(begun)
        return await begun

    def close(self) -> None:
        """At the end, when no child is left."""
        self._line.close()
        if not self._is_gone:
            os.waitpid(self._pid, 0)

    def _hear(self) -> None:
        told = self._line.recv(MESSAGE_BYTES)
        assert self._loop is not None
        if not told:
            self._end(self._loop)
            return
        what, number, code = json.loads(told)
        if what == "begun":
            self._running[number] = self._loop.create_future()
            self._begun.popleft().set_result(Forked(number, self._running[number]))
        elif what == "ended":
            self._running.pop(number).set_result(code)
        else:
            self._begun.popleft().set_exception(OSError(number, os.strerror(number)))

    def _end(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_gone = True
        loop.remove_reader(self._line)
        self._line.close()
        os.waitpid(self._pid, 0)
        for ended in self._running.values():
            ended.set_result(ENDED_WITH_NURSERY)
        for begun in self._begun:
            begun.set_exception(OSError("it ended before it began"))
        self._running.clear()
        self._begun.clear()


def open_nursery() -> Nursery:
    """Fork it. To be called first of all, with one thread and nothing open."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    parent = os.getpid()
    gc.collect()
    gc.freeze()  # the collector would write to every page, and share none
    pid = os.fork()
    if pid == 0:
        ours.close()
        leash.tie_to(parent)
        _fork_when_asked(theirs)
    theirs.close()
    return Nursery(pid, ours)


def _fork_when_asked(line: socket.socket) -> NoReturn:
    os.setpgid(0, 0)  # a Ctrl-C of the terminal is for rundevice, which ends children in order
    ignored = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)
    _stand_in_for_stdin()
    leash.rename("nursery")
    children: dict[int, int] = {}  # by descriptor
    poll = select.poll()
    poll.register(line, select.POLLIN)
    while True:
        for descriptor, _ in poll.poll():
            if descriptor != line.fileno():
                pid = children.pop(descriptor)
                poll.unregister(descriptor)
                os.close(descriptor)
                code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                _tell(line, "ended", pid, code)
                continue
            asked = line.recv(MESSAGE_BYTES)
            if not asked:
                os._exit(0)
            nursery = os.getpid()
            try:
                pid = os.fork()
            except OSError as error:
                _tell(line, "failed", error.errno or 0)
                continue
            if pid == 0:
                leash.tie_to(nursery)
                for each in (line.fileno(), *children):
                    os.close(each)
                for number in ignored:
                    signal.signal(number, signal.SIG_DFL)
                signal.signal(signal.SIGINT, signal.default_int_handler)
                _become(*json.loads(asked))
            with contextlib.suppress(PermissionError, ProcessLookupError):
                os.setpgid(pid, pid)  # both sides do it: neither may be late
            children[found := os.pidfd_open(pid)] = pid
            poll.register(found, select.POLLIN)
            _tell(line, "begun", pid)


def _tell(line: socket.socket, what: str, number: int, code: int = 0) -> None:
    with contextlib.suppress(OSError):  # rundevice is about to end, and so are we
        line.send(json.dumps([what, number, code]).encode())


def _become(command: str, environment: dict[str, str]) -> NoReturn:
    """The process of a management command, as manage.py would have begun it."""
    with contextlib.suppress(PermissionError):
        os.setpgid(0, 0)
    os.environ.clear()
    os.environ.update(environment)
    settings.NVR_PROCESS = process = environment["NVR_PROCESS"]
    # In its place, for django.setup() configures logging by it once more.
    configuration: dict[str, Any] = settings.LOGGING
    configuration["handlers"]["file"]["filename"] = settings.NVR_LOG_DIR / f"{process}.log"
    logging.config.dictConfig(configuration)
    leash.rename(command)
    try:
        call_command(command)
    except DeviceError as error:
        os.write(2, f"nvr: {error.text}\n".encode())
        raise SystemExit(ERROR) from None
    raise SystemExit(0)


def _stand_in_for_stdin() -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
