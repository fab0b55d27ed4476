"""Streams that go to their multicast group all the time, without anybody asking over RTSP.

While RTSP clients have the same stream sent to the same group, the sender rests: two senders
would make every picture come twice.
"""

import logging
from collections.abc import Callable, Iterable

from nvrdevice.media.engine.consumers import Pusher
from nvrdevice.media.engine.decoder import unit_buffer
from nvrdevice.media.engine.pipeline import Pipeline, later
from nvrdevice.media.engine.rtsp_mount import PAYLOADERS, Look, Served
from nvrdevice.media.engine.video_caps import encoded_caps
from nvrdevice.media.resolved import Multicast, VideoEncoder

log = logging.getLogger(__name__)

DESCRIPTION = (
    'appsrc name=in is-live=true format=time max-bytes=0 caps="{caps}" ! {payloader} ! '
    "udpsink host={address} port={port} ttl-mc={ttl} auto-multicast=true loop=true "
    "sync=false async=false"
)


class MulticastSenders:
    def __init__(self, look: Callable[[str], Look], served_by_rtsp: Callable[[], set[str]]) -> None:
        self._look, self._served_by_rtsp = look, served_by_rtsp
        self._senders: dict[str, _Sender] = {}

    def settle(self, encoders: Iterable[VideoEncoder]) -> None:
        """Main loop only: start and stop what is not as it should be."""
        by_rtsp = self._served_by_rtsp()
        wanted: dict[str, tuple[Multicast, Served]] = {}
        for one in encoders:
            if one.multicast.streaming and one.token not in by_rtsp:
                served = self._look(one.token)()
                if served is not None:
                    wanted[one.token] = one.multicast, served
        for token, sender in list(self._senders.items()):
            if token not in wanted or sender.failed or not sender.serves(*wanted[token]):
                del self._senders[token]
                sender.stop()
        for token, (group, served) in wanted.items():
            if token not in self._senders:
                log.info("%s streams to %s port %d", token, group.address, group.port)
                self._senders[token] = _Sender(group, served)

    def stop(self) -> None:
        self.settle(())


class _Sender:
    def __init__(self, group: Multicast, served: Served) -> None:
        self._group, self._served = group, served
        self.failed = False
        self._pipeline = Pipeline(
            DESCRIPTION.format(
                caps=encoded_caps(served.format),
                payloader=PAYLOADERS[served.format.codec],
                address=group.address,
                port=group.port,
                ttl=group.ttl,
            ),
            since_boot=True,
            failed=lambda *_: later(self._fail),
        )
        source = self._pipeline["in"]
        self._consumer = Pusher(
            lambda unit: source.push_buffer(unit_buffer(unit)), source.get_current_level_buffers
        )
        self._pipeline.play()
        served.hub.join(self._consumer, with_past=served.with_past)

    def serves(self, group: Multicast, served: Served) -> bool:
        same_picture = self._served.format.same_picture(served.format)
        return (self._group, self._served.hub) == (group, served.hub) and same_picture

    def _fail(self) -> None:
        """No route for the group, for one; it is tried again at the next settling."""
        self.failed = True

    def stop(self) -> None:
        self._served.hub.leave(self._consumer)
        self._pipeline.stop()
