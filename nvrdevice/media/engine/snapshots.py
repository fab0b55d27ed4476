"""Snapshots of one source: true and current, or refused. At most some a second are encoded."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.engine import jpeg
from nvrdevice.media.engine.picture_fan import PictureFan

OLDEST_S = 1.0  # what still counts as now; two pictures of a slow source
WAIT_S = 4.0
KEPT_S = 0.2  # asked again so soon, the same JPEG is given
SIZES_KEPT = 4


class Snapshots:
    def __init__(self, fan: PictureFan) -> None:
        self._fan = fan
        self._one_at_a_time = threading.Lock()
        self._kept: OrderedDict[tuple[int, int], tuple[int, bytes]] = OrderedDict()

    def take(self, width: int, height: int, *, fps: float, wake: Callable[[], None]) -> bytes:
        """wake: have pictures made, where they are made only on demand."""
        since_ns = time.monotonic_ns() - int(max(OLDEST_S, 2 / max(fps, 0.1)) * 1e9)
        wake()
        picture = self._fan.current(since_ns, WAIT_S)
        if picture is None:
            raise unavailable("gives no picture just now")
        # Never blown up: where it is decoded from a camera's small stream, that is its size.
        if width > picture.format.width or height > picture.format.height:
            width, height = picture.format.width, picture.format.height
        with self._one_at_a_time:
            taken = self._kept.get((width, height))
            if taken is not None and picture.time_ns - taken[0] < KEPT_S * 1e9:
                return taken[1]
            data = jpeg.encode(picture, width, height)
            self._kept[width, height] = picture.time_ns, data
            self._kept.move_to_end((width, height))
            while len(self._kept) > SIZES_KEPT:
                self._kept.popitem(last=False)
            return data


def unavailable(why: str) -> DeviceError:
    return DeviceError(
        Kind.UNAVAILABLE, f"The source {why}; it is opened again by itself, try then."
    )
