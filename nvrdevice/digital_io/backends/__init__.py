"""Where a channel meets the world: a wire that is open or closed."""

from typing import Protocol


class Wire(Protocol):
    kind: str  # "virtual", "gpio" or "simulated"

    def read(self) -> bool:
        """Whether it is closed now."""
        ...

    def write(self, *, closed: bool) -> None: ...

    def close(self) -> None: ...
