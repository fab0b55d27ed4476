"""New ground: has something been here in the last seconds, or does it enter only now?

What moves on keeps covering new ground; a branch in the wind, a flag or somebody who shifts
from foot to foot covers the same ground again and again.
"""

from typing import Any

import numpy as np

MEMORY_S = 5.0
NEW_S = 0.6
RECENT_S = 3.0


class Ground:
    def __init__(self, shape: tuple[int, int]) -> None:
        self._seen = np.full(shape, -1e9, np.float64)
        self._entered = np.full(shape, -1e9, np.float64)

    def cover(self, mask: Any, at_s: float) -> tuple[Any, Any]:
        """Note what mask covers; which of it is new, and which was entered not long ago."""
        covered = mask > 0
        self._entered[covered & (at_s - self._seen > MEMORY_S)] = at_s
        self._seen[covered] = at_s
        age_s = at_s - self._entered
        return covered & (age_s < NEW_S), covered & (age_s < RECENT_S)
