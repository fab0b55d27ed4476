"""Keeps a stream of JPEG pictures below its bit rate by lowering their quality. Pure."""

LEAST_QUALITY = 10
STEP_DOWN, STEP_UP = 5, 1
WEIGHT = 0.3  # of the newest picture in the running mean
ROOM = 0.85  # below so much of the limit the quality may rise again


class JpegRate:
    def __init__(self, *, bitrate_kbps: int, fps: float, best_quality: int) -> None:
        self._best = best_quality
        self.quality = best_quality
        self._mean: float | None = None
        self.set_limit(bitrate_kbps, fps)

    def set_limit(self, bitrate_kbps: int, fps: float) -> None:
        self._limit = bitrate_kbps * 1000 / 8 / fps  # octets a picture

    def took(self, size: int) -> int:
        """A picture of so many octets was made; the quality for the next ones."""
        self._mean = size if self._mean is None else self._mean + WEIGHT * (size - self._mean)
        if self._mean > self._limit:
            self.quality = max(LEAST_QUALITY, self.quality - STEP_DOWN)
        elif self._mean < ROOM * self._limit:
            self.quality = min(self._best, self.quality + STEP_UP)
        return self.quality
