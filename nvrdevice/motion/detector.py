"""Does something move in this grey picture? Blur, gain, MOG2, opening, components, and judgement.

Invariant: a change of most of the picture, a switched light and the first seconds of a picture
are never motion. Time comes with each picture, so 5 and 10 pictures a second behave alike.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from nvrdevice.motion.ground import Ground
from nvrdevice.motion.light import Gain, Picture, structure
from nvrdevice.motion.sudden import LARGE_SHARE, Sudden, Verdict
from nvrdevice.motion.thresholds import Thresholds, thresholds

GLOBAL_SHARE = 0.5
BACKGROUND_S = 8.0  # history 80 at 10 pictures a second
# 0.9, the default, forgets in a second what creeps; less, and people who stand still never end.
BACKGROUND_RATIO = 0.86
RELEARN_S = 1.0
GAP_S = 3.0  # after a longer gap the picture may be another one
NEW_PART = 0.5  # of an object that moves fast
RECENT_PART = 0.9  # of one that creeps
OPENING = np.ones((3, 3), np.uint8)
WIDENING = np.ones((5, 5), np.uint8)

cv2.setNumThreads(1)  # one small picture: threads cost more than they give


@dataclass(frozen=True)
class Finding:
    moving: bool = False
    share: float = 0.0  # of the picture, the largest thing that moves
    learning: bool = False  # too early to tell
    light: bool = False  # the scene or its light changed as a whole


class Detector:
    """One for each source; one thread feeds it."""

    def __init__(self, *, sensitivity: int = 50, warm_up_s: float = 4.0) -> None:
        self._thresholds = thresholds(sensitivity)
        self.warm_up_s = warm_up_s  # from the next picture of another shape or after a gap
        self._shape: tuple[int, ...] = ()
        self._last_s = 0.0
        self._quiet_until_s = 0.0
        self._pictures = 0

    def set_sensitivity(self, sensitivity: int) -> None:
        found = thresholds(sensitivity)
        if found != self._thresholds:
            self._thresholds = found
            if self._shape:
                self._background.setVarThreshold(found.variance)

    def look(self, picture: Picture, at_s: float) -> Finding:
        """What this picture shows; at_s never goes back."""
        dt_s = at_s - self._last_s
        if picture.shape != self._shape or dt_s > GAP_S:
            self._begin(picture, at_s)
            dt_s = 0.1
        self._last_s = at_s
        blurred = cv2.GaussianBlur(picture, (5, 5), 0)
        learning = max(1 / (self._pictures + 1), min(0.2, dt_s / BACKGROUND_S))
        self._pictures += 1
        levelled, switched = self._gain.apply(blurred, dt_s, learning)
        if switched:
            self._learn_anew(at_s)
            learning = 1.0
            self._pictures = 1
        raw = self._background.apply(levelled, learningRate=learning)
        foreground = cv2.morphologyEx(raw, cv2.MORPH_OPEN, OPENING)
        if at_s < self._quiet_until_s:
            return Finding(learning=True, light=switched)
        return self._judge(levelled, foreground, at_s)

    def _judge(self, levelled: Picture, foreground: Any, at_s: float) -> Finding:
        size = foreground.size
        covered = cv2.countNonZero(foreground)
        if covered > GLOBAL_SHARE * size:
            self._learn_anew(at_s)
            return Finding(learning=True, light=True)
        limits = self._thresholds
        large, any_left = _large_parts(foreground, LARGE_SHARE * size, limits.smallest_share * size)
        verdict = self._sudden.judge(levelled, foreground, large, at_s)
        if verdict is Verdict.LIGHT:
            self._learn_anew(at_s)
            return Finding(learning=True, light=True)
        if verdict is Verdict.WAIT or not any_left:
            return Finding()
        share = self._moving_share(levelled, foreground, at_s, limits)
        return Finding(moving=share > 0, share=share)

    def _moving_share(
        self, levelled: Picture, foreground: Any, at_s: float, limits: Thresholds
    ) -> float:
        background = self._background.getBackgroundImage()
        edges = structure(levelled, background, limits.structure)
        objects = cv2.bitwise_and(foreground, cv2.dilate(edges, WIDENING))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(objects)
        fresh, recent = self._ground.cover(objects, at_s)
        new = np.bincount(labels[fresh], minlength=count)
        newish = np.bincount(labels[recent], minlength=count)
        best = 0.0
        for label in range(1, count):
            area = int(stats[label, cv2.CC_STAT_AREA])
            if area < limits.smallest_share * objects.size:
                continue
            if (
                area >= limits.large_share * objects.size
                or new[label] >= NEW_PART * area
                or newish[label] >= RECENT_PART * area
            ):
                best = max(best, area / objects.size)
        return best

    def _begin(self, picture: Picture, at_s: float) -> None:
        self._shape = picture.shape
        self._gain = Gain()
        self._forget()
        self._quiet_until_s = at_s + self.warm_up_s

    def _learn_anew(self, at_s: float) -> None:
        self._forget()
        self._quiet_until_s = max(self._quiet_until_s, at_s + RELEARN_S)

    def _forget(self) -> None:
        self._background = cv2.createBackgroundSubtractorMOG2(
            history=80, varThreshold=self._thresholds.variance, detectShadows=False
        )
        self._background.setBackgroundRatio(BACKGROUND_RATIO)
        self._sudden = Sudden()
        self._ground = Ground((self._shape[0], self._shape[1]))
        self._pictures = 0


def _large_parts(foreground: Any, large: float, smallest: float) -> tuple[Any, bool]:
    """A mask of the components of at least `large` pixels; is any of at least `smallest`?"""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(foreground)
    areas = stats[1:, cv2.CC_STAT_AREA]
    keep = np.flatnonzero(areas >= large) + 1
    return np.isin(labels, keep) if keep.size else np.zeros(foreground.shape, bool), bool(
        (areas >= smallest).any()
    )
