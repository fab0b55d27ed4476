"""One try of an address before it becomes a source: a picture and what it is, or why not.

It opens a capture of its own, keeps nothing, and is over within its limit whatever the camera
does. Only so many run at once: each is a connection, or a camera held.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.engine import jpeg
from nvrdevice.media.engine.decoder import Decoder
from nvrdevice.media.engine.hub import AccessUnit, Hub, StreamFormat
from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.engine.meter import Meter
from nvrdevice.media.engine.outlet import Capture
from nvrdevice.media.engine.picture_fan import Picture, PictureFan
from nvrdevice.media.engine.video_caps import RawFormat

LIMIT_S = 20.0  # longer than a capture waits for a key frame, so that it can say that none came
CLOSE_S = 3.0
LONGEST_MEASURE_S = 4.0
SETTLE_S = 1.0  # a stream may begin with its past in one burst: that is not its rate
AGENT = "nvrdevice trial"  # how the device calls itself when it is its own client
LOOK_S = 0.1
AT_ONCE = 2
WIDTH = 480  # of the picture, where the camera's is wider

_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, kw_only=True)
class Tried:
    codec: str
    width: int
    height: int
    fps: float
    kbps: int  # 0 where nothing was measured
    pass_through: bool
    picture: bytes  # JPEG


def try_capture(
    make: Callable[[], Capture],
    *,
    limit_s: float = LIMIT_S,
    measure_s: float = 0.0,
    ending: threading.Event | None = None,
) -> Tried:
    """Lost says why there is no picture; UNAVAILABLE where too many are being tried.

    measure_s: play on for so long, and tell the rates that were seen instead of those announced;
    ending: set when this process ends, which waits for no camera.
    """
    if not _places.acquire(blocking=False):
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"{AT_ONCE} addresses are being tried just now: try again in some seconds.",
        )
    try:
        return _Trial(make, ending or threading.Event()).run(
            limit_s, min(measure_s, LONGEST_MEASURE_S)
        )
    finally:
        _places.release()


class _Trial:
    """The outlet of the capture that is tried."""

    def __init__(self, make: Callable[[], Capture], ending: threading.Event) -> None:
        self._make, self._ending = make, ending
        self._stop = threading.Event()
        self._fan = PictureFan()
        self._hub = Hub()
        self._arrived = Meter()
        self._counting = False
        self._passed: StreamFormat | None = None
        self._codec = ""
        self._lost: Lost | None = None
        self._decoder_failed = threading.Event()

    def run(self, limit_s: float, measure_s: float) -> Tried:
        thread = threading.Thread(target=self._capture, name="trial", daemon=True)
        thread.start()
        decoder: Decoder | None = None
        deadline_s = time.monotonic() + limit_s
        count_from_s = 0.0
        try:
            while time.monotonic() < deadline_s and not self._ending.is_set():
                if self._passed is not None and decoder is None:
                    decoder = Decoder(
                        self._hub, self._passed, self._fan, failed=self._decoder_failed.set
                    )
                picture = self._fan.current(0, LOOK_S)
                if picture is not None and self._arrived.span_s() >= measure_s:
                    return self._told(picture)
                if picture is not None and not count_from_s:
                    count_from_s = time.monotonic() + SETTLE_S
                self._counting = bool(count_from_s) and time.monotonic() >= count_from_s
                if self._decoder_failed.is_set():
                    break
                if self._lost is not None:
                    raise self._lost
                if picture is not None:
                    self._stop.wait(LOOK_S)
            if self._ending.is_set():
                raise DeviceError(Kind.UNAVAILABLE, "The device is being stopped.")
            picture = self._fan.current(0, 0.0)
            if picture is not None:  # it stood still while it was measured
                return self._told(picture)
            if self._passed is not None:
                words = f"its {self._codec} video comes and gives no picture"
                raise Lost(Reason.WRONG_CODEC, words)
            raise Lost(Reason.TIMEOUT, f"no picture came in {limit_s:g} s")
        finally:
            self._stop.set()
            if decoder is not None:
                decoder.stop()
            thread.join(CLOSE_S)

    def _told(self, picture: Picture) -> Tried:
        full = self._passed or picture.format
        width = min(WIDTH, picture.format.width)
        height = max(2, round(width * picture.format.height / picture.format.width / 2) * 2)
        return Tried(
            codec=self._codec,
            width=full.width,
            height=full.height,
            fps=round(self._arrived.fps() or full.fps, 2),
            kbps=round(self._arrived.kbps()),
            pass_through=self._passed is not None,
            picture=jpeg.encode(picture, width, height),
        )

    def _capture(self) -> None:
        try:
            self._make().run(self, self._stop)
        except Lost as lost:
            self._lost = lost
        except Exception as error:
            self._lost = Lost(Reason.BROKE_OFF, type(error).__name__)
        else:
            self._lost = Lost(Reason.BROKE_OFF, "it ended")

    # What the capture tells, in its own thread.

    def open_encoded(self, found: StreamFormat) -> None:
        self._codec = found.codec
        self._hub.open(found)
        self._passed = found

    def open_raw(self, found: RawFormat, *, codec: str) -> None:
        self._codec = codec
        self._fan.open(found)

    def unit(self, unit: AccessUnit) -> None:
        if self._counting:
            self._arrived.add(time.monotonic_ns(), len(unit.data), key=unit.key)
        self._hub.publish(unit)

    def picture(self, buffer: Any, time_ns: int) -> None:
        if self._counting and self._passed is None:
            self._arrived.add(time.monotonic_ns(), 0, key=False)
        self._fan.publish(buffer, time_ns)
