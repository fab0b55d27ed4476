"""Where a channel meets the world: a wire that is open or closed."""

from typing import Protocol

from nvrdevice.lib.errors import DeviceError, Kind


class Broken(DeviceError):
    """The wire itself cannot be had, or not any more."""

    def __init__(self, text: str) -> None:
        super().__init__(Kind.UNAVAILABLE, text)


class Wire(Protocol):
    """Reading and writing raise Broken where what they speak to is gone."""

    kind: str  # "virtual", "gpio" or "simulated"

    def read(self) -> bool:
        """Whether it is closed now."""
        ...

    def write(self, *, closed: bool) -> None: ...

    def close(self) -> None: ...
