"""The engine: channels, RTSP server, requests and reports, put together and kept as configured.

Everything here runs on the main loop but what says otherwise. reload() may be called at any
time: it compares the settings and facts with what runs and changes only what differs.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import changes, settings
from nvrdevice.media import facts as known_facts
from nvrdevice.media.engine.answers import Answers
from nvrdevice.media.engine.captures import capture_of, second_capture_of
from nvrdevice.media.engine.channel import Channel, Surroundings
from nvrdevice.media.engine.gst import GLib
from nvrdevice.media.engine.handover import Handover
from nvrdevice.media.engine.hub import StreamFormat
from nvrdevice.media.engine.lens import Crop
from nvrdevice.media.engine.live_feed import LiveFeed, finder
from nvrdevice.media.engine.multicast_senders import MulticastSenders
from nvrdevice.media.engine.pipeline import later
from nvrdevice.media.engine.reporter import Reporter
from nvrdevice.media.engine.rtsp_logins import Login
from nvrdevice.media.engine.rtsp_mount import Look, Served
from nvrdevice.media.engine.rtsp_server import RtspServer
from nvrdevice.media.engine.signal_loss import forget_signal, tell_signal
from nvrdevice.media.engine.tls_port import Files, TlsPort
from nvrdevice.media.facts import Facts
from nvrdevice.media.grey import GreyPublisher
from nvrdevice.media.request_server import RequestServer
from nvrdevice.media.resolved import Media, Profile, media_of
from nvrdevice.media.settings import Source

log = logging.getLogger(__name__)

SETTLE_MS = 500
MEASURE_S = 10


class Engine:
    def __init__(
        self,
        port: int,
        realm: str,
        logins: Callable[[], Iterable[Login]],
        *,
        tls_port: int,
        certificate: Callable[[], Files],
        aim: Callable[[str, int], Crop | None] = lambda *_: None,
    ) -> None:
        """aim: what of a source's picture is shown at a time; None: all of it."""
        self._read_logins, self._aim = logins, aim
        self._facts: dict[str, Facts] = {}
        self._facts_lock = threading.Lock()
        self._channels: dict[str, Channel] = {}
        self._closing: list[Channel] = []
        self._server = RtspServer(port, realm)
        self._tls = TlsPort(tls_port, certificate, self._server.accept_inside_tls)
        self._handover = Handover(self._server.take)
        self._reporter = Reporter()
        self._grey: GreyPublisher | None = None
        self._multicast = MulticastSenders(self._look, self._server.multicast_encoders)
        self._live = LiveFeed(finder(self.profile, self.channel))
        self._answers: Answers | None = None
        self._requests: RequestServer | None = None
        self._timers: list[int] = []
        self._turned_s = SYSTEM_CLOCK.monotonic_s()
        self._reload_waits = False

    def start(self) -> None:
        """DeviceError where the RTSP port is taken; then everything runs by itself."""
        self._server.start()
        self._facts = known_facts.read()
        self._grey = GreyPublisher()
        self._reporter.start()
        self.refresh_logins()
        self.reload()
        self.refresh_certificate()
        self._live.start()
        self._answers = Answers(self, self._server.clients, self._tls)
        self._requests = RequestServer(self._answers.handlers())
        self._requests.start()
        self._handover.start()
        self._timers = [
            GLib.timeout_add(SETTLE_MS, self._settle),
            GLib.timeout_add_seconds(MEASURE_S, self._measure),
        ]

    def stop(self) -> None:
        for timer in self._timers:
            GLib.source_remove(timer)
        self._handover.stop()
        self._tls.stop()
        self._server.stop()
        self._live.stop()
        self._multicast.stop()
        for channel in self._channels.values():
            channel.close()
        for channel in (*self._channels.values(), *self._closing):
            channel.wait_closed(timeout_s=3)
        if self._answers is not None and self._requests is not None:
            self._answers.stop()
            self._requests.stop()
        self._reporter.stop(timeout_s=1.5)
        if self._grey is not None:
            self._grey.close()

    def media(self) -> Media:
        """The settings with the newest facts; from any thread."""
        return media_of(self._facts)

    def profile(self, token: object) -> Profile:
        """A complete profile; from any thread."""
        for one in self.media().profiles:
            if one.token == token:
                if not one.complete:
                    raise DeviceError(
                        Kind.CONFLICT,
                        f"The profile {token!r} lacks a video source or encoder configuration.",
                        subcode="Action/IncompleteConfiguration",
                    )
                return one
        raise DeviceError(
            Kind.MISSING,
            f"There is no profile {str(token)[:64]!r}.",
            subcode="InvalidArgVal/NoProfile",
        )

    def channel(self, source: str) -> Channel:
        """From any thread."""
        channel = self._channels.get(source)
        if channel is None:
            raise DeviceError(Kind.UNAVAILABLE, f"The source {source!r} is not running yet.")
        return channel

    def made_here(self, source: str) -> bool | None:
        """Whether its main picture is encoded here; None: no such source. From any thread."""
        for one in self.media().video_encoders:
            if one.source == source and one.role == "main":
                return not one.pass_through
        return None

    def channels(self) -> dict[str, Channel]:
        return dict(self._channels)

    def silent_s(self) -> float:
        """Since the main loop came by; from any thread."""
        return SYSTEM_CLOCK.monotonic_s() - self._turned_s

    def refresh_logins(self) -> None:
        self._server.set_logins(self._read_logins())

    def refresh_certificate(self) -> None:
        self._tls.refresh()

    def reload(self) -> None:
        self._reload_waits = False
        found = settings.read()
        known = {source.token: source for source in found.sources}
        replaced = self._close_others(known)
        for token, source in known.items():
            if token not in self._channels:
                self._open(source, replaced.get(token))
        kept = set(known) | {
            known_facts.second(token) for token, source in known.items() if source.sub_uri
        }
        gone = [name for name in self._facts if name not in kept]
        if gone:
            with self._facts_lock:
                self._facts = {name: one for name, one in self._facts.items() if name in kept}
            self._reporter.tell(partial(known_facts.forget_others, kept))
            for token in (name for name in gone if "/" not in name):
                self._reporter.tell(partial(forget_signal, token))
        media = self.media()
        for token, channel in self._channels.items():
            channel.apply(one for one in media.video_encoders if one.source == token)
        self._server.set_mounts(
            {
                one.token: (
                    one.video_encoder.token,
                    self._look(one.video_encoder.token),
                    replace(one.video_encoder.multicast, streaming=False),
                )
                for one in media.profiles
                if one.complete and one.video_encoder is not None
            }
        )

    def _close_others(self, known: Mapping[str, Source]) -> dict[str, Channel]:
        """Close the channels whose source is gone or another one now; those that run on are
        not touched."""
        closed: dict[str, Channel] = {}
        for token, channel in list(self._channels.items()):
            now = known.get(token)
            if now is not None and now.same_picture(channel.source):
                continue
            log.info("source %s is closed: it was %s", token, "changed" if now else "removed")
            closed[token] = self._channels.pop(token)
            channel.close()
            for encoder in channel.encoders():
                self._server.cut_encoder(encoder)
        self._closing = [one for one in (*self._closing, *closed.values()) if not one.closed]
        return closed

    def _open(self, source: Source, before: Channel | None) -> None:
        known = self._facts.get(source.token)
        if known is None or known.uri != source.uri:
            known = Facts(uri=source.uri)
        small = None
        if source.sub_uri:
            seen = self._facts.get(known_facts.second(source.token))
            if seen is None or seen.uri != source.sub_uri:
                seen = Facts(uri=source.sub_uri)
            small = seen, partial(second_capture_of, source)
        channel = Channel(
            source, known, partial(capture_of, source), self._surroundings(), second=small
        )
        with self._facts_lock:
            self._facts = {**self._facts, source.token: channel.facts}
        self._channels[source.token] = channel
        channel.start(after=before)

    def _surroundings(self) -> Surroundings:
        assert self._grey is not None
        return Surroundings(
            facts_changed=self._facts_changed,
            cut=self._server.cut_encoder,
            grey_wanted=self._grey.wanted,
            publish_grey=self._grey.publish,
            aim=self._aim,
        )

    def _look(self, encoder: str) -> Look:
        def look() -> Served | None:
            """In a client's thread: what this configuration plays; None while it is away."""
            one = next((one for one in self.media().video_encoders if one.token == encoder), None)
            channel = self._channels.get(one.source) if one is not None else None
            if one is None or channel is None or not channel.plays(encoder):
                return None
            hub = channel.hub(encoder)
            if hub is None:
                return None
            announced = StreamFormat(
                codec=one.encoding, width=one.width, height=one.height, fps=one.fps
            )
            served = hub.format if one.pass_through and hub.format is not None else announced
            return Served(hub=hub, format=served, with_past=one.pass_through)

        return look

    def _facts_changed(self, source: str, found: Facts) -> None:
        """From a capture's thread."""
        with self._facts_lock:
            before = self._facts.get(source)
            self._facts = {**self._facts, source: found}
        self._reporter.tell(lambda: changes.measured(source, found))
        is_first = source in self._channels  # a second address has no signal of its own
        if is_first and (before is None or before.online != found.online or not found.online):
            self._reporter.tell(lambda: tell_signal(source, lost=not found.online))
        if not self._reload_waits:
            self._reload_waits = True
            later(self.reload)

    def _settle(self) -> bool:
        self._turned_s = SYSTEM_CLOCK.monotonic_s()
        for channel in self._channels.values():
            channel.settle()
        self._multicast.settle(self.media().video_encoders)
        return True

    def _measure(self) -> bool:
        for channel in self._channels.values():
            channel.measure()
        return True
