"""New ground: has something been here in the last seconds, or does it enter only now?

What moves on keeps covering new ground; a branch in the wind, a flag or somebody who shifts
from foot to foot covers the same ground again and again.
"""

from typing import Any

import numpy as np

MEMORY_S = 5.0
NEW_S = 0.6


class Ground:
    def __init__(self, shape: tuple[int, int]) -> None:
        self._seen = np.full(shape, -1e9, np.float64)
        self._entered = np.full(shape, -1e9, np.float64)

    def cover(self, mask: Any, at_s: float) -> Any:
        """Note what mask covers; which of it has been covered for less than NEW_S."""
        covered = mask > 0
        self._entered[covered & (at_s - self._seen > MEMORY_S)] = at_s
        self._seen[covered] = at_s
        return covered & (at_s - self._entered < NEW_S)
