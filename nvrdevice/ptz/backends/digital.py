"""A crop inside the picture that moves like a head: works with every picture that is made here.

Zoom 0 is the whole picture, 1 the largest magnification; between them it grows evenly to the
eye. Pan and tilt are the middle of the crop, from edge to edge of the whole picture; the crop
never leaves it, so at full view there is only one position.
"""

from nvrdevice.ptz.backends.motor import Motor
from nvrdevice.ptz.spaces import Limits, Vector

Crop = tuple[float, float, float]  # middle across, middle down, share of the width; 0 to 1 each
VIEWS_A_SECOND = 0.5  # of its own width moves the crop at full speed
ZOOM_A_SECOND = 0.4
WHOLE = 1 - 1e-4


class Digital(Motor):
    def __init__(self, start: Vector, limits: Limits, most_zoom: float) -> None:
        self._most_zoom = most_zoom
        super().__init__(start, limits)

    def _share(self, zoom: float) -> float:
        return 1.0 / float(self._most_zoom**zoom)

    def hold(self, wanted: Vector) -> Vector:
        within = self._limits.hold(wanted)
        reach = 1.0 - self._share(within.zoom)
        return Vector(
            min(max(within.pan, -reach), reach),
            min(max(within.tilt, -reach), reach),
            within.zoom,
        )

    def speed(self, at: Vector) -> Vector:
        across = 2.0 * self._share(at.zoom) * VIEWS_A_SECOND
        return Vector(across, across, ZOOM_A_SECOND)

    def crop(self, now_s: float) -> Crop | None:
        """What is shown at this moment; None: the whole picture."""
        at = self.position(now_s)
        share = self._share(at.zoom)
        if share > WHOLE:
            return None
        return (1.0 + at.pan) / 2.0, (1.0 - at.tilt) / 2.0, share
