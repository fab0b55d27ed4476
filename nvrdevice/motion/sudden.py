"""A large change that comes at once: a lamp, or something large and near?

Whatever moves goes on changing; light stays as it came (or goes again). So a sudden large
change is held back for a few pictures and judged by what follows. While it is judged nothing
counts as motion; at most LIMIT_S.
"""

import enum
from typing import Any

import cv2
import numpy as np

LARGE_SHARE = 0.03
NEW_PART = 0.6  # of its pixels were background a moment ago
LOOK_BACK_S = 0.35
DIFFERENT = 15  # grey levels, about four deviations of the worst noise after the blur
QUIET_PART = 0.05
SWITCH_PART = 0.5
OVERLAP = 0.7
STILL_THERE = 0.3
PICTURES = 2
LIMIT_S = 3.0
TRUST_S = 2.0  # what was found to move is not doubted again for so long


class Verdict(enum.Enum):
    NOTHING = "nothing"
    WAIT = "wait"
    MOVING = "moving"
    LIGHT = "light"


class Sudden:
    def __init__(self) -> None:
        self._recent: list[tuple[float, Any]] = []
        self._region: Any = None
        self._picture: Any = None
        self._since_s = 0.0
        self._quiet = 0
        self._moving = 0
        self._trusted_until_s = 0.0

    def judge(self, picture: Any, foreground: Any, large: Any, at_s: float) -> Verdict:
        """large: labels' mask of the large components of foreground."""
        verdict = self._judge(picture, foreground, large, at_s)
        self._picture = picture
        self._recent.append((at_s, foreground > 0))
        while at_s - self._recent[0][0] > LOOK_BACK_S and len(self._recent) > 2:
            self._recent.pop(0)
        return verdict

    def _judge(self, picture: Any, foreground: Any, large: Any, at_s: float) -> Verdict:
        if self._region is None:
            if at_s < self._trusted_until_s or not self._is_new(large):
                return Verdict.NOTHING
            self._region, self._since_s = large, at_s
            self._quiet = self._moving = 0
            return Verdict.WAIT
        both = self._region | large
        changed = cv2.absdiff(picture, self._picture)[both] > DIFFERENT
        part = float(changed.mean())
        overlap = np.count_nonzero(self._region & large) / np.count_nonzero(both)
        still_there = np.count_nonzero(foreground[self._region]) / np.count_nonzero(self._region)
        if still_there < STILL_THERE and not large.any():
            self._region = None  # a flash: it is gone as it came
            return Verdict.NOTHING
        if part < QUIET_PART:
            self._quiet += 1
        elif overlap < OVERLAP or part < SWITCH_PART:
            self._moving += 1
        if large.any():
            self._region = large
        if self._moving >= PICTURES:
            self._region = None
            self._trusted_until_s = at_s + TRUST_S
            return Verdict.MOVING
        if self._quiet >= PICTURES or at_s - self._since_s > LIMIT_S:
            self._region = None
            return Verdict.LIGHT
        return Verdict.WAIT

    def _is_new(self, large: Any) -> bool:
        size = np.count_nonzero(large)
        if not size or not self._recent:
            return False
        before = self._recent[0][1]
        return bool(np.count_nonzero(large & ~before) > NEW_PART * size)
