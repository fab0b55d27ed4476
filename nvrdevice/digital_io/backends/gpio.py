"""Contacts and relays on GPIO pins, through gpiozero.

An input's contact lies between its pin and ground, and the pin is pulled up: closed is low. An
output drives its pin high while the relay is closed. gpiozero is loaded with the first pin.
"""

import contextlib
import logging
import os
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings

from nvrdevice.digital_io.backends import Broken

if TYPE_CHECKING:
    from nvrdevice.digital_io.backends import Wire

log = logging.getLogger(__name__)

Changed = Callable[[bool], None]
CHOSEN = "GPIOZERO_PIN_FACTORY"  # gpiozero's own variable


class Pins:
    """The pins of this machine, or of none where simulation was asked for."""

    def __init__(self, factory: Any = None) -> None:
        self._factory = factory

    def input(self, pin: int, changed: Changed) -> "Wire":
        """changed is called in a thread of gpiozero's with whether the contact is closed."""
        from gpiozero import DigitalInputDevice

        factory, kind = self._open()
        with _or_broken(pin, HELD):
            device = DigitalInputDevice(pin, pull_up=True, pin_factory=factory)
            device.when_activated = lambda: changed(True)  # noqa: FBT003
            device.when_deactivated = lambda: changed(False)  # noqa: FBT003
        return _GpioWire(device, pin, kind)

    def output(self, pin: int, *, closed: bool) -> "Wire":
        from gpiozero import DigitalOutputDevice

        factory, kind = self._open()
        with _or_broken(pin, HELD):
            device = DigitalOutputDevice(pin, initial_value=closed, pin_factory=factory)
        return _GpioWire(device, pin, kind)

    def _open(self) -> tuple[Any, str]:
        from gpiozero.pins.mock import MockFactory

        simulated = settings.NVR_SYSTEM_BACKEND == "simulated"
        if self._factory is None:
            chosen = bool(os.environ.get(CHOSEN))
            self._factory = MockFactory() if simulated and not chosen else _real()
        # Who chose gpiozero's mock pins is told so too.
        mocked = simulated or isinstance(self._factory, MockFactory)
        return self._factory, "simulated" if mocked else "gpio"


class _GpioWire:
    def __init__(self, device: Any, pin: int, kind: str) -> None:
        self._device, self._pin = device, pin
        self.kind = kind

    def read(self) -> bool:
        with _or_broken(self._pin, GONE):
            return bool(self._device.value)

    def write(self, *, closed: bool) -> None:
        with _or_broken(self._pin, GONE):
            (self._device.on if closed else self._device.off)()

    def close(self) -> None:
        try:
            self._device.close()
        except Exception as error:  # whatever the library of this machine raises
            log.warning("pin %d could not be given back: %s", self._pin, error)


HELD = (
    "Pin {pin} cannot be used ({error}): another program or channel may hold it. End that, choose "
    "a free pin, or none to make the channel virtual."
)
GONE = (
    "Pin {pin} does not answer ({error}): another program may have taken it. It is tried again "
    "until it does."
)


@contextlib.contextmanager
def _or_broken(pin: int, words: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # gpiozero's, lgpio's and RPi.GPIO's have no family in common
        # Its frames hold gpiozero's half-made device, which holds the pin as long as it lives.
        raise Broken(
            words.format(pin=pin, error=str(error)[:120] or type(error).__name__)
        ) from error.with_traceback(None)


def _real() -> Any:
    from gpiozero import BadPinFactory, Device, GPIOZeroError

    # lgpio makes a pipe in its working folder, which is not to be written under systemd.
    os.environ.setdefault("LG_WD", str(settings.NVR_RUN_DIR))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # one for each library it does not find
            Device.ensure_pin_factory()
    except (BadPinFactory, GPIOZeroError, OSError) as error:
        raise Broken(
            "This machine has no GPIO pins that can be used: take the pin out of the channel's "
            "settings to make it virtual."
        ) from error
    return Device.pin_factory
