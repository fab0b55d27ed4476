"""One RTSP path: the stream of a profile, one shared media for all who play it.

Media pipelines run on absolute time as all of ours do, so an access unit's time needs no
translation, and units from before a client came are simply late and sent at once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nvrdevice.media.engine import gst
from nvrdevice.media.engine.consumers import Pusher
from nvrdevice.media.engine.decoder import unit_buffer
from nvrdevice.media.engine.gst import GLib, Gst, GstRtsp, GstRtspServer
from nvrdevice.media.engine.hub import Hub, StreamFormat
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
MULTICAST = (
    GstRtsp.RTSPLowerTrans.UDP | GstRtsp.RTSPLowerTrans.TCP | GstRtsp.RTSPLowerTrans.UDP_MCAST
)


class _Factory(GstRtspServer.RTSPMediaFactory):  # type: ignore[misc]
    look: Look
    fresh = False  # a new media begins with a key frame for the first who plays it
    generation = 0

    def do_gen_key(self, _url: Any) -> str:
        """Which media a client shares. One that is being taken down is shared with nobody: the
        server would answer 503 to a client that comes back the moment the last one left."""
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
    feed = _Feed(served, source)
    factory.fresh = True
    feed.waiting = source.connect("need-data", feed.begin)
    media.connect("target-state", _on_target, factory)
    media.connect("unprepared", feed.end)
    media.weak_ref(feed.end)  # a media that was never prepared is not unprepared either


def _on_target(_media: Any, state: int, factory: Any) -> None:
    if state == Gst.State.NULL:
        factory.generation += 1


class _Feed:
    """The hub's consumer of one media."""

    def __init__(self, served: Served, source: Any) -> None:
        self._served = served
        self.waiting = 0
        self._ended = False
        self._consumer = Pusher(
            lambda unit: source.push_buffer(unit_buffer(unit)), source.get_current_level_buffers
        )

    def begin(self, source: Any, _length: int) -> None:
        """Joins when the element first asks: what is pushed earlier it throws away."""
        if self.waiting:
            source.disconnect(self.waiting)
            self.waiting = 0
            self._served.hub.join(self._consumer, with_past=self._served.with_past)
            if self._ended:
                self.end()

    def end(self, *_: Any) -> None:
        self._ended = True
        self._served.hub.leave(self._consumer)
