"""Contacts and relays on GPIO pins, through gpiozero.

An input's contact lies between its pin and ground, and the pin is pulled up: closed is low. An
output drives its pin high while the relay is closed. gpiozero is loaded with the first pin.
"""

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings

from nvrdevice.lib.errors import DeviceError, Kind

if TYPE_CHECKING:
    from nvrdevice.digital_io.backends import Wire

Changed = Callable[[bool], None]


class Pins:
    """The pins of this machine, or of none where simulation was asked for."""

    def __init__(self, factory: Any = None) -> None:
        self._factory = factory

    def input(self, pin: int, changed: Changed) -> "Wire":
        """changed is called in a thread of gpiozero's with whether the contact is closed."""
        from gpiozero import DigitalInputDevice, GPIOZeroError

        factory, kind = self._open()
        try:
            device = DigitalInputDevice(pin, pull_up=True, pin_factory=factory)
        except (GPIOZeroError, OSError) as error:
            raise _refused(pin, error) from error
        device.when_activated = lambda: changed(True)  # noqa: FBT003
        device.when_deactivated = lambda: changed(False)  # noqa: FBT003
        return _GpioWire(device, kind)

    def output(self, pin: int, *, closed: bool) -> "Wire":
        from gpiozero import DigitalOutputDevice, GPIOZeroError

        factory, kind = self._open()
        try:
            device = DigitalOutputDevice(pin, initial_value=closed, pin_factory=factory)
        except (GPIOZeroError, OSError) as error:
            raise _refused(pin, error) from error
        return _GpioWire(device, kind)

    def _open(self) -> tuple[Any, str]:
        simulated = settings.NVR_SYSTEM_BACKEND == "simulated"
        if self._factory is None:
            self._factory = _mock() if simulated else _real()
        return self._factory, "simulated" if simulated else "gpio"


class _GpioWire:
    def __init__(self, device: Any, kind: str) -> None:
        self._device = device
        self.kind = kind

    def read(self) -> bool:
        return bool(self._device.value)

    def write(self, *, closed: bool) -> None:
        (self._device.on if closed else self._device.off)()

    def close(self) -> None:
        self._device.close()


def _mock() -> Any:
    from gpiozero.pins.mock import MockFactory

    return MockFactory()


def _real() -> Any:
    from gpiozero import BadPinFactory, Device, GPIOZeroError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # one for each library it does not find
            Device.ensure_pin_factory()
    except (BadPinFactory, GPIOZeroError, OSError) as error:
        raise DeviceError(
            Kind.UNAVAILABLE,
            "This machine has no GPIO pins that can be used: take the pin out of the channel's "
            "settings to make it virtual.",
        ) from error
    return Device.pin_factory


def _refused(pin: int, error: Exception) -> DeviceError:
    return DeviceError(
        Kind.UNAVAILABLE,
        f"Pin {pin} cannot be used ({error}): choose a free one, or none to make it virtual.",
    )
