"""Light is no motion: what a lamp, a cloud or the camera's own exposure does to a picture.

`Gain` brings each picture to the brightness of the background, by the ratio that holds for
half of its pixels, so that a bright object or a lamp beside it does not drag the rest along.
`structure` tells an object from light: light leaves the edges of what it falls on, scaled.
"""

import math
from typing import Any

import cv2
import numpy as np

Picture = np.ndarray[Any, np.dtype[np.uint8]]
Mask = np.ndarray[Any, np.dtype[np.uint8]]

TARGET_LEVEL = 110.0
STEP = math.log(1.07)  # so much within a second is a switch, not the sun
SMOOTH_S = 1.0
ANCHOR_S = 60.0
DARK = 4.0  # keeps the ratio of black pixels from being noise
NEIGHBOURHOOD = (15, 15)


class Gain:
    def __init__(self) -> None:
        self._reference: np.ndarray[Any, np.dtype[np.float32]] | None = None
        self._smooth = 0.0

    def apply(self, picture: Picture, dt_s: float, learning: float) -> tuple[Picture, bool]:
        """The picture at the background's brightness, and whether the light was switched."""
        sample = picture[2::4, 2::4].astype(np.float32) + DARK
        if self._reference is None:
            ratio = TARGET_LEVEL / float(sample.mean())
            self._reference = sample * ratio
            self._smooth = math.log(ratio)
        else:
            ratio = float(np.median(self._reference / sample))
        stepped = abs(math.log(ratio) - self._smooth) > STEP
        part = 1.0 if stepped else min(1.0, dt_s / SMOOTH_S)
        self._smooth += (math.log(ratio) - self._smooth) * part
        self._follow(sample * ratio, dt_s, 1.0 if stepped else learning)
        return cv2.convertScaleAbs(picture, alpha=ratio), stepped

    def _follow(self, sample: Any, dt_s: float, learning: float) -> None:
        assert self._reference is not None
        self._reference += (sample - self._reference) * np.float32(learning)
        # Nothing else ties the level down: without this it would wander for years.
        drift = TARGET_LEVEL / float(self._reference.mean())
        self._reference *= np.float32(drift ** min(1.0, dt_s / ANCHOR_S))


def structure(picture: Picture, background: Picture, least: float) -> Mask:
    """255 where the edges of picture are not those of the background under another light."""
    now = picture.astype(np.float32)
    before = background.astype(np.float32)
    light = (cv2.blur(now, NEIGHBOURHOOD) + DARK) / (cv2.blur(before, NEIGHBOURHOOD) + DARK)
    across = cv2.Sobel(now, -1, 1, 0, scale=0.25) - light * cv2.Sobel(before, -1, 1, 0, scale=0.25)
    down = cv2.Sobel(now, -1, 0, 1, scale=0.25) - light * cv2.Sobel(before, -1, 0, 1, scale=0.25)
    size = cv2.magnitude(across, down)
    # Half of the picture is background at least: its median is the noise of this camera.
    noise = 4.2 * float(np.median(size[::3, ::3]))
    changed: Mask = (size > max(least, noise)).astype(np.uint8) * 255
    return changed
