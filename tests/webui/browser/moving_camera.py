"""Two streams of a camera that is none: encoded once, played for ever as if it were live."""

import threading
import time

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.media.engine.hub import AccessUnit, Hub
from nvrdevice.media.engine.live_feed import LiveFeed, Stream
from tests.nvrdevice.media.encoded import FPS, units

SIZES = {"profile1": "1280x720", "profile2": "640x360"}


class MovingCamera:
    """What the media process is to a live page. start() and stop() may follow each other."""

    def __init__(self, sockets: RunSockets) -> None:
        self._sockets = sockets
        self.works = True
        self.key_pictures = True
        self.codec = "H264"
        self.watched: set[str] = set()
        self._hubs: dict[str, Hub] = {}
        self._feed: LiveFeed | None = None
        self._stop = threading.Event()
        self._playing: threading.Thread | None = None

    def start(self) -> None:
        self._hubs = {profile: Hub() for profile in SIZES}
        self._feed = LiveFeed(self._find, self._sockets)
        self._feed.start()
        self._stop = threading.Event()
        self._playing = threading.Thread(target=self._play, args=(self._stop,), daemon=True)
        self._playing.start()

    def stop(self) -> None:
        self._stop.set()
        if self._playing is not None and self._feed is not None:
            self._playing.join()
            self._feed.stop()

    def _find(self, profile: str) -> Stream:
        if profile not in self._hubs:
            raise DeviceError(Kind.MISSING, f"There is no profile {profile!r}.")
        return Stream(self._hubs[profile], self.codec, FPS, keys_on_request=False)

    def _play(self, stop: threading.Event) -> None:
        number = 0
        while not stop.wait(1 / FPS):
            self.watched = {profile for profile, hub in self._hubs.items() if hub.wanted}
            if not self.works:
                continue
            if not self.key_pictures and number % 25 == 0:
                number += 1  # none of the pictures of a group depends on the end of the last
            for profile, hub in self._hubs.items():
                unit = units(size=SIZES[profile])[number % 50]
                now_ns, wall_ns = time.monotonic_ns(), time.time_ns()
                hub.publish(AccessUnit(unit.data, now_ns, wall_ns, unit.key))
            number += 1
