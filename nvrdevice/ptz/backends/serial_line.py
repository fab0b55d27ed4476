"""A serial port that bytes are sent into; opened when first needed, and again after a failure."""

import threading
from typing import Protocol

import serial

from nvrdevice.lib.errors import DeviceError, Kind

WRITE_S = 1.0


class Line(Protocol):
    problem: str  # why the last bytes did not get out

    def send(self, data: bytes) -> None: ...
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
                    self._open = serial.Serial(
                        self._port, self._baud, timeout=0, write_timeout=WRITE_S
                    )
                self._open.reset_input_buffer()  # answers nobody waits for
                self._open.write(data)
            except (serial.SerialException, OSError) as error:
                self._let_go()
                self.problem = (
                    f"The serial port {self._port} does not take commands ({_words(error)}). "
                    "See that the adapter is plugged in, that no other program uses it and that "
                    "the device may open it (group dialout)."
                )
                raise DeviceError(Kind.UNAVAILABLE, self.problem, field="port") from error
            self.problem = ""

    def close(self) -> None:
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        line, self._open = self._open, None
        if line is not None:
            line.close()


def _words(error: Exception) -> str:
    number = getattr(error, "errno", None)
    return {2: "it is not there", 13: "not allowed", 16: "it is in use"}.get(
        number or 0, " ".join(str(error).split())[:120] or "no reason given"
    )
