"""Pins that a test wires: gpiozero's mock pins inside the device, driven from outside.

GPIOZERO_PIN_FACTORY=wired chooses them where this file lies in PYTHONPATH beside its entry point;
WIRED_PINS is the socket on which a test says "low 17", "high 17", "bounce 17" (until it is low),
"take 22" or "free 22" (as another program does), and asks "state 22".
"""

import os
import socket
import threading
from typing import Any

from gpiozero.pins.mock import MockFactory, MockPin

taken: set[int] = set()


class Busy(Exception):
    """As lgpio.error: of no family that gpiozero knows."""


class WiredPin(MockPin):
    def __init__(self, factory: Any, info: Any) -> None:
        self._look(info)
        super().__init__(factory, info)

    def _get_state(self) -> Any:
        self._look(self.info)
        return super()._get_state()

    def _set_state(self, value: Any) -> None:
        self._look(self.info)
        super()._set_state(value)

    @staticmethod
    def _look(info: Any) -> None:
        if int(info.name.removeprefix("GPIO")) in taken:
            raise Busy("'GPIO busy'")


class Factory(MockFactory):
    def __init__(self) -> None:
        super().__init__(pin_class=WiredPin)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(os.environ["WIRED_PINS"])
        self._socket.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            line, _ = self._socket.accept()
            with line, line.makefile("rw") as stream:
                for said in stream:
                    word, number = said.split()
                    stream.write(f"{self._do(word, int(number))}\n")
                    stream.flush()

    def _do(self, word: str, number: int) -> int:
        if word == "take":
            taken.add(number)
        elif word == "free":
            taken.discard(number)
        elif word == "state":
            return int(self.pin(number)._state)
        elif word == "bounce":
            for drive in (*2 * (self.pin(number).drive_low, self.pin(number).drive_high),):
                drive()
            self.pin(number).drive_low()
        elif word == "low":
            self.pin(number).drive_low()
        else:
            self.pin(number).drive_high()
        return 0
