"""Which child hangs: each tells of its beats as it would tell systemd, and here they are heard.

A child is watched once it said that it is ready, so that a start may take its time. The kernel says
who sent a beat. Time is counted in our own looks: where the whole machine stood still, or this
process did, nobody is blamed for it.
"""

import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import Mapping

from nvrdevice.lib import service_notice
from nvrdevice.lib.run_sockets import RunSockets

ALLOWED_S = 30.0  # generous: a process that is only slow must live
LOOK_S = 1.0
BEATS = 6  # in that time, so that no single one counts
NAME = "heartbeat"
SIGNS = (service_notice.READY, service_notice.ALIVE)
NOTICES_AT_ONCE = 64
NOTICE_LIMIT = 256
CREDENTIALS = struct.Struct("3i")  # pid, uid, gid: unix(7)


class Heartbeats:
    def __init__(
        self, sockets: RunSockets, *, allowed_s: float = ALLOWED_S, look_s: float = LOOK_S
    ) -> None:
        self.allowed_s, self._look_s = allowed_s, look_s
        self._silent_looks: dict[int, int] = {}
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._line.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        (sockets.folder / NAME).unlink(missing_ok=True)  # of the run before
        path = sockets.path(NAME)
        self._line.bind(path)
        # A child has no descriptor of ours, but it may look through it.
        self._path = path.replace("/proc/self/", f"/proc/{os.getpid()}/", 1)
        self._file = sockets.folder / NAME

    def variables(self) -> Mapping[str, str]:
        """What a child needs in its environment to tell of itself."""
        return {
            "NOTIFY_SOCKET": self._path,
            # They beat twice in what they are told.
            "WATCHDOG_USEC": str(int(self.allowed_s * 2 / BEATS * 1_000_000)),
        }

    async def missed(self, pid: int) -> None:
        """Return when that process, which was ready, has not beaten for allowed_s."""
        try:
            while self._silent_looks.get(pid, 0) * self._look_s < self.allowed_s:
                await asyncio.sleep(self._look_s)
                self._hear()
                if pid in self._silent_looks:
                    self._silent_looks[pid] += 1
        finally:
            self._silent_looks.pop(pid, None)

    def close(self) -> None:
        self._line.close()
        self._file.unlink(missing_ok=True)

    def _hear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            for _ in range(NOTICES_AT_ONCE):
                notice, told, _, _ = self._line.recvmsg(
                    NOTICE_LIMIT, socket.CMSG_SPACE(CREDENTIALS.size)
                )
                if notice.decode("ascii", "replace") in SIGNS:
                    for _, _, sender in told:
                        self._silent_looks[CREDENTIALS.unpack(sender[: CREDENTIALS.size])[0]] = 0
