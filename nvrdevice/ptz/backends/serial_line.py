"""A serial port that bytes are sent into; opened when first needed, and again after a failure."""

import contextlib
import errno
import os
import select
import stat
import termios
import threading
from pathlib import Path
from typing import Protocol

import serial

from nvrdevice.lib.errors import DeviceError, Kind

WRITE_S = 1.0
READ_LIMIT = 256
SYSTEM = Path("/sys/dev/char")
PSEUDO_TERMINALS = range(136, 144)  # their majors; the system does not list them


class Line(Protocol):
    problem: str  # why the last bytes did not get out

    def send(self, data: bytes) -> None: ...
    def receive(self, wait_s: float) -> bytes: ...
    def close(self) -> None: ...


class SerialLine:
    def __init__(self, port: str, baud: int) -> None:
        self._port, self._baud = port, baud
        self._open: serial.Serial | None = None
        self._lock = threading.Lock()
        self.problem = ""

    def send(self, data: bytes) -> None:
        with self._lock:
            try:
                if self._open is None:
                    _check_kind(self._port)
                    self._open = serial.Serial(
                        self._port, self._baud, timeout=0, write_timeout=WRITE_S
                    )
                self._open.reset_input_buffer()  # answers nobody waits for
                self._open.write(data)
            except (serial.SerialException, termios.error, OSError) as error:
                self._let_go()
                self.problem = (
                    f"The serial port {self._port} does not take commands ({_words(error)}). "
                    "See that the adapter is plugged in, that no other program uses it and that "
                    "the device may open it (group dialout)."
                )
                raise DeviceError(Kind.UNAVAILABLE, self.problem, field="port") from error
            self.problem = ""

    def receive(self, wait_s: float) -> bytes:
        """What comes within wait_s; nothing from a line that is not open or broke."""
        line = self._open
        if line is None:
            return b""
        try:
            if not select.select([line], [], [], wait_s)[0]:  # without the lock: others may send
                return b""
            with self._lock:
                return line.read(READ_LIMIT) if line is self._open else b""
        except (serial.SerialException, termios.error, OSError, ValueError, TypeError):
            return b""  # the next command finds out why

    def close(self) -> None:
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        line, self._open = self._open, None
        if line is not None:
            with contextlib.suppress(serial.SerialException, termios.error, OSError):
                line.close()


def _check_kind(port: str) -> None:
    """Nothing but a terminal is opened: with another device that alone may do harm (a watchdog)."""
    found = os.stat(port)  # noqa: PTH116 - its errors are told as they are
    major, minor = os.major(found.st_rdev), os.minor(found.st_rdev)
    kind = SYSTEM / f"{major}:{minor}" / "subsystem"
    is_terminal = stat.S_ISCHR(found.st_mode) and (
        major in PSEUDO_TERMINALS or not SYSTEM.is_dir() or kind.resolve().name == "tty"
    )
    if not is_terminal:
        raise serial.SerialException("it is no serial port")


def _words(error: BaseException) -> str:
    number = _number(error) or _number(error.__context__)
    known = {
        errno.ENOENT: "it is not there",
        errno.EACCES: "not allowed",
        errno.EBUSY: "it is in use",
        errno.EIO: "the line is cut",
    }
    return known.get(number, " ".join(str(error).split())[:120] or "no reason given")


def _number(error: BaseException | None) -> int:
    """termios has its own kind of error, and pyserial wraps the system's."""
    if isinstance(error, termios.error) and error.args:
        return int(error.args[0])
    return getattr(error, "errno", None) or 0
