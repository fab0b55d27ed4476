"""The hand on the brake: a process of its own that stops a head when ours was killed.

A head on a serial line turns until it is told to stop. Whoever is killed (kill -9, no memory)
tells it nothing, so this little process does: it reads what to send from its standard input,
and sends the last of it when that ends. It is started with the first move of a head.

    python -m nvrdevice.ptz.backends.dead_man /dev/ttyUSB0 9600
"""

import contextlib
import logging
import signal
import subprocess
import sys
import time
from pathlib import Path

from nvrdevice.lib.errors import DeviceError
from nvrdevice.ptz.backends.serial_line import SerialLine

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent.parent.parent
TRIES, AGAIN_S = 40, 0.25
END_S = 2.0


class DeadMan:
    """Of one head; used under the lock of the heads."""

    def __init__(self, port: str, baud: int) -> None:
        self._command = [sys.executable, "-m", __name__, port, str(baud)]
        self._process: subprocess.Popen[bytes] | None = None
        self._armed = False

    def arm(self, data: bytes) -> None:
        """Send data if nobody says calm() before this process ends."""
        if self._process is not None and self._process.poll() is not None:
            self._process = None
        if self._process is None:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own words, no shell
                    self._command,
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # what ends our group is what it is there for
                )
            except OSError as error:
                log.error("a head that moves has nobody to stop it if we are killed: %s", error)
                return
        self._armed = True
        self._say(data.hex())

    def calm(self) -> None:
        self._armed = False
        self._say("")

    def close(self) -> None:
        """Its standard input ends: it sends what it is armed with, or nothing, and ends."""
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        with contextlib.suppress(OSError):
            process.stdin.close()
        if self._armed:
            return  # it goes on for as long as its line is dead
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(END_S)

    def _say(self, words: str) -> None:
        if self._process is None or self._process.stdin is None:
            return
        try:
            self._process.stdin.write(words.encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            log.warning("who stops a head if we are killed is gone itself: %s", error)


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends by itself, when it is no longer needed
    armed = b""
    for line in sys.stdin.buffer:
        armed = bytes.fromhex(line.decode().strip())
    if not armed:
        return 0
    out = SerialLine(sys.argv[1], int(sys.argv[2]))
    for _ in range(TRIES):
        try:
            out.send(armed)
        except DeviceError:
            time.sleep(AGAIN_S)
        else:
            out.close()
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
