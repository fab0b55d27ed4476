"""What a capture hands its pictures to, and what a capture is.

A capture runs in a thread of its own: run() returns when stop is set and raises Lost when the
source is lost. It opens the outlet once it knows what comes, before the first picture.
"""

import threading
from typing import Any, Protocol

from nvrdevice.media.engine.hub import AccessUnit, StreamFormat
from nvrdevice.media.engine.video_caps import RawFormat


class Outlet(Protocol):
    def open_encoded(self, found: StreamFormat) -> None:
        """The source's own stream will be passed through."""
        ...

    def open_raw(self, found: RawFormat, *, codec: str) -> None:
        """Pictures to encode will come; codec: what the source had, "raw" for none."""
        ...

    def unit(self, unit: AccessUnit) -> None: ...

    def picture(self, buffer: Any, time_ns: int) -> None:
        """An I420 buffer of the opened format."""
        ...


class Capture(Protocol):
    def run(self, outlet: Outlet, stop: threading.Event) -> None: ...
