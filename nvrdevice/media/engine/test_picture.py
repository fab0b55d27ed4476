"""The source `test:`: a moving pattern with the time of day, so that nobody needs a camera."""

import queue
import threading

from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.engine.outlet import Outlet
from nvrdevice.media.engine.pipeline import Pipeline
from nvrdevice.media.engine.video_caps import RawFormat

FORMAT = RawFormat(width=1280, height=720, fps=25.0)
SILENCE_S = 3.0
DESCRIPTION = (
    "videotestsrc is-live=true pattern=smpte horizontal-speed=2 ! {caps} ! "
    'clockoverlay time-format="%Y-%m-%d %H:%M:%S" font-desc="Sans 28" shaded-background=true '
    "halignment=left valignment=top ! "
    "appsink name=out sync=false max-buffers=12 drop=true"
)


class TestPicture:
    __test__ = False  # the name is the field's, it is no test

    def __init__(self, found: RawFormat = FORMAT) -> None:
        self._format = found

    def run(self, outlet: Outlet, stop: threading.Event) -> None:
        failures: queue.SimpleQueue[str] = queue.SimpleQueue()
        pipeline = Pipeline(
            DESCRIPTION.format(caps=self._format.caps), failed=lambda *what: failures.put(what[2])
        )
        out = pipeline["out"]
        outlet.open_raw(self._format, codec="raw")
        pipeline.play()
        try:
            while not stop.is_set():
                taken = pipeline.pull(out, SILENCE_S)
                if taken is None or taken.time_ns is None:
                    words = failures.get() if not failures.empty() else "the pattern stands still"
                    raise Lost(Reason.BROKE_OFF, words)
                outlet.picture(taken.buffer, taken.time_ns)
        finally:
            pipeline.stop()
