"""One RTSP path: the stream of a profile, one shared media for all who play it.

Media pipelines run on absolute time as all of ours do, so an access unit's time needs no
translation, and units from before a client came are simply late and sent at once.
"""

import logging
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.media.engine import gst
from nvrdevice.media.engine.consumers import UNITS_LIMIT, Pusher
from nvrdevice.media.engine.decoder import unit_buffer
from nvrdevice.media.engine.gst import GLib, Gst, GstRtsp, GstRtspServer
from nvrdevice.media.engine.hub import AccessUnit, Hub, StreamFormat
from nvrdevice.media.engine.rtsp_logins import allow_viewers
from nvrdevice.media.engine.video_caps import encoded_caps
from nvrdevice.media.resolved import Multicast

log = logging.getLogger(__name__)

# config-interval=0: key units carry their parameter sets already, and the payloader would put
# them before every slice of a key picture, which makes clients see two pictures in it.
PAYLOADERS = {
    "H264": "rtph264pay pt=96 config-interval=0 aggregate-mode=zero-latency",
    "H265": "rtph265pay pt=96 config-interval=0 aggregate-mode=zero-latency",
    "JPEG": "rtpjpegpay pt=26",  # its own number (RFC 3551)
}
DESCRIPTION = (
    '( appsrc name=in is-live=true format=time max-bytes=0 caps="{caps}" ! {payloader} name=pay0 )'
)


@dataclass(frozen=True, kw_only=True)
class Served:
    """What a path plays just now."""

    hub: Hub
    format: StreamFormat
    with_past: bool  # its key frames cannot be asked for


Look = Callable[[], Served | None]
FRESH_S = 2.0  # between DESCRIBE and PLAY
MULTICAST = (
    GstRtsp.RTSPLowerTrans.UDP | GstRtsp.RTSPLowerTrans.TCP | GstRtsp.RTSPLowerTrans.UDP_MCAST
)


class _Factory(GstRtspServer.RTSPMediaFactory):  # type: ignore[misc]
    look: Look
    fresh = False  # a new media begins with a key frame for the first who plays it
    generation = 0
    newest: Callable[[], "Feed | None"] = staticmethod(lambda: None)  # of the newest media

    def do_gen_key(self, _url: Any) -> str:
        """Which media a client shares. One that is being taken down is shared with nobody: the
        server would answer 503 to a client that comes back the moment the last one left. Nor
        one that was described and not played: what waits in it is no live picture any more."""
        newest = self.newest()
        if newest is not None and newest.waits_long():
            self.generation += 1
        return str(self.generation)

    def do_create_element(self, _url: Any) -> Any:
        served = self.look()
        if served is None:
            return None  # 404, at once
        try:
            return Gst.parse_launch(
                DESCRIPTION.format(
                    caps=encoded_caps(served.format), payloader=PAYLOADERS[served.format.codec]
                )
            )
        except GLib.Error as error:
            log.error("no RTSP stream can be built: %s", error.message)
            return None


def make(look: Look, group: Multicast) -> Any:
    """A factory for the server's mount points; it sends to this group who asks for multicast."""
    factory = _Factory()
    factory.look = look
    factory.set_shared(True)
    factory.set_suspend_mode(GstRtspServer.RTSPSuspendMode.NONE)
    factory.set_latency(0)
    factory.set_transport_mode(GstRtspServer.RTSPTransportMode.PLAY)
    factory.set_protocols(MULTICAST)
    pool = GstRtspServer.RTSPAddressPool.new()
    pool.add_range(group.address, group.address, group.port, group.port + 1, group.ttl)
    factory.set_address_pool(pool)
    factory.connect("media-configure", _on_media, look)
    allow_viewers(factory)
    return factory


def joined(factory: Any) -> None:
    """Somebody plays: who comes later to a shared media needs a key frame of their own."""
    fresh, factory.fresh = factory.fresh, False
    served = None if fresh else factory.look()
    if served is not None:
        served.hub.ask_key()


def _on_media(factory: Any, media: Any, look: Look) -> None:
    served = look()
    if served is None:
        return
    element = media.get_element()
    pipeline = element.get_parent()
    pipeline.use_clock(gst.clock())
    pipeline.set_start_time(Gst.CLOCK_TIME_NONE)
    pipeline.set_base_time(0)
    source = element.get_by_name("in")
    feed = Feed(served, source)
    factory.fresh = True
    feed.waiting = source.connect("need-data", feed.begin)
    factory.newest = weakref.ref(feed)
    media.connect("target-state", _on_target, factory, feed)
    media.connect("unprepared", feed.end)
    media.weak_ref(feed.end)  # a media that was never prepared is not unprepared either


def _on_target(_media: Any, state: int, factory: Any, feed: "Feed") -> None:
    """In a client's thread, before the media does as it says."""
    if state == Gst.State.NULL:
        factory.generation += 1
    elif state == Gst.State.PLAYING:
        feed.play()
    elif state == Gst.State.PAUSED:
        feed.pause()


class Feed:
    """The hub's consumer of one media."""

    def __init__(self, served: Served, source: Any, clock: Clock = SYSTEM_CLOCK) -> None:
        self._served = served
        self.waiting = 0
        self._ended = self._played = self._paused = False
        self._began_s: float | None = None  # the first unit waits for somebody to play it
        self._source, self._clock = source, clock
        self._consumer = Pusher(self._push, self._level)

    def begin(self, source: Any, _length: int) -> None:
        """Joins when the element first asks: what is pushed earlier it throws away."""
        if self.waiting:
            source.disconnect(self.waiting)
            self.waiting = 0
            self._join()

    def play(self) -> None:
        anew = self._paused or self.waits_long()
        self._played, self._paused = True, False
        if anew:
            self._served.hub.leave(self._consumer)
            self._join()

    def pause(self) -> None:
        """Nobody plays it. What came meanwhile would be sent at once, and late, to who goes on."""
        if self._played:
            self._paused = True
            self._served.hub.leave(self._consumer)

    def waits_long(self) -> bool:
        """Whether what waits for somebody to play it is no live picture any more."""
        since_s = None if self._played or self._ended else self._began_s
        return since_s is not None and self._clock.monotonic_s() - since_s > FRESH_S

    def _push(self, unit: AccessUnit) -> None:
        if self._began_s is None:
            self._began_s = self._clock.monotonic_s()
        self._source.push_buffer(unit_buffer(unit))

    def _level(self) -> int:
        level: int = self._source.get_current_level_buffers()
        return UNITS_LIMIT if self.waits_long() else level

    def _join(self) -> None:
        self._served.hub.join(self._consumer, with_past=self._served.with_past)
        if self._ended:
            self.end()

    def end(self, *_: Any) -> None:
        self._ended = True
        self._served.hub.leave(self._consumer)
