"""A channel without a pin: it is what it was set to."""


class VirtualWire:
    kind = "virtual"

    def __init__(self, *, closed: bool) -> None:
        self._closed = closed

    def read(self) -> bool:
        return self._closed

    def write(self, *, closed: bool) -> None:
        self._closed = closed

    def close(self) -> None:
        """Nothing is held."""
