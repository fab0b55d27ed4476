"""What a sensitivity means to the detector: every threshold falls as sensitivity rises.

Areas are shares of the picture, so they hold for any size of the grey picture.
"""

import math
from dataclasses import dataclass

# Ends of each scale, sensitivity 0 and 100; between them each step is the same factor.
# In the middle (50) a 320x180 picture wants a blob of 63 pixels and MOG2 the 36 that fitted
# the footage best.
SMALLEST_SHARE = (0.0100, 0.00012)
VARIANCE = (81.0, 16.0)
STRUCTURE = (26.0, 7.0)
LARGE_FACTOR = 4.5


@dataclass(frozen=True)
class Thresholds:
    smallest_share: float  # of the picture: less is no object
    large_share: float  # more counts without entering new ground
    variance: float  # MOG2: squared distance from the background, in deviations
    structure: float  # grey levels by which an edge must differ


def thresholds(sensitivity: int) -> Thresholds:
    part = min(100, max(0, sensitivity)) / 100
    smallest = _between(SMALLEST_SHARE, part)
    return Thresholds(
        smallest_share=smallest,
        large_share=smallest * LARGE_FACTOR,
        variance=_between(VARIANCE, part),
        structure=_between(STRUCTURE, part),
    )


def _between(ends: tuple[float, float], part: float) -> float:
    return ends[0] * math.pow(ends[1] / ends[0], part)
