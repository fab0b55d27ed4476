"""Daphne's server with our front and classes: one run of the web process.

What differs from Daphne: it listens on sockets handed over, finished applications are let go at
once instead of once a second (that sweep was its 50-100 ms tail), answers in parts wait for slow
readers, and the end is orderly: waiting requests are woken and answered before they are cancelled.
"""

import asyncio
import gc
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

from autobahn.exception import Disconnected
from daphne.server import Server, reactor
from twisted.internet import defer, task
from twisted.logger import LogLevel, formatEvent, globalLogBeginner
from twisted.protocols.policies import ProtocolWrapper

from nvrdevice.management.web_server import shutdown
from nvrdevice.management.web_server.channel import HttpFactory
from nvrdevice.management.web_server.drain import Drain
from nvrdevice.management.web_server.front import FrontFactory, Offer
from nvrdevice.management.web_server.limits import LIMITS, Limits
from nvrdevice.management.web_server.seats import Seats
from nvrdevice.management.web_server.tls_port import LOOK_S, TlsPort
from nvrdevice.management.web_server.websocket import WebSocket, WebSockets
from nvrdevice.media import handover

log = logging.getLogger(__name__)

GC_THRESHOLD = 50_000
GOING_AWAY = 1001  # RFC 6455 7.4.1
WARM_UP_PATHS = ("/onvif/device_service", "/login/")


class WebServer(Server):  # type: ignore[misc]
    def __init__(
        self,
        application: Any,
        sockets: list[socket.socket],
        *,
        limits: Limits = LIMITS,
        offer: Offer = handover.offer,
        https: TlsPort | None = None,
        ready: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(
            application,
            endpoints=["sockets handed over"],  # Daphne refuses to be made without any
            server_name="",
            # A body is bounded: it goes to the application in one message.
            request_buffer_size=max(limits.body_bytes.values()) + 1,
            websocket_max_message_size=limits.websocket_message_bytes,
            websocket_max_frame_size=limits.websocket_message_bytes,
            ready_callable=ready,
        )
        self.limits = limits
        self.seats = Seats(limits)
        self._sockets = sockets
        self._offer = offer
        self._https = https
        self._ports: list[Any] = []

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT."""
        globalLogBeginner.beginLoggingTo(
            [_log_trouble], redirectStandardIO=False, discardBuffer=True
        )
        self.connections: dict[Any, dict[str, Any]] = {}
        self.http_factory = HttpFactory(self, self.limits, self.seats)
        self.ws_factory = WebSockets(self, self.limits, self.seats)
        self.ws_factory.setProtocolOptions(
            autoPingTimeout=self.ping_timeout,
            allowNullOrigin=True,
            failByDrop=False,  # say why: a browser shows the code
            openHandshakeTimeout=self.websocket_handshake_timeout,
            maxMessagePayloadSize=self.websocket_max_message_size,
            maxFramePayloadSize=self.websocket_max_frame_size,
        )
        asyncio.set_event_loop(reactor._asyncioEventloop)
        front = FrontFactory(self.http_factory, self.limits, self.seats, self._offer, reactor)
        for each in self._sockets:
            self._ports.append(reactor.adoptStreamPort(each.fileno(), each.family, front))
            each.close()  # adopted as a duplicate
        if self._https is not None:
            task.LoopingCall(self._look_after_https, self._https, front).start(LOOK_S)
        reactor.callLater(1, self.application_checker)
        reactor.callLater(2, self.timeout_checker)
        reactor.addSystemEventTrigger("before", "shutdown", self.kill_all_applications)
        reactor._asyncioEventloop.run_until_complete(self._warm_up())
        reactor.callWhenRunning(self._started)
        reactor.run(installSignalHandlers=self.signal_handlers)

    def _look_after_https(self, https: TlsPort, front: FrontFactory) -> None:
        try:
            renewed = https.look(front, reactor)
        except Exception:  # the next look may find it mended; HTTP goes on
            log.exception("Looking after HTTPS failed")
            return
        if renewed:
            # Who asks again is to meet the new certificate, not a connection of the old one.
            for channel in list(self.http_factory.channels):
                if channel.isSecure():
                    channel.close_when_done()

    async def _warm_up(self) -> None:
        """Have loaded what the first request needs, before anybody waits for it."""
        for path in WARM_UP_PATHS:
            try:
                await self.application(_scope(path), _request(), _nowhere)
            except Exception:
                log.exception("The first request for %s failed", path)

    def _started(self) -> None:
        # What is loaded by now stays: the collector need not walk it for every request.
        gc.collect()
        gc.freeze()
        gc.set_threshold(GC_THRESHOLD)
        if self.ready_callable:
            self.ready_callable()

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if isinstance(protocol, WebSocket):
            # Daphne leaves it out, and "ws" is what the specification takes for granted.
            secure = isinstance(protocol.transport, ProtocolWrapper)
            scope = {**scope, "scheme": "wss" if secure else "ws"}
        queue = super().create_application(protocol, scope)
        details = self.connections.get(protocol)
        if details is not None and "application_instance" in details:
            details["application_instance"].add_done_callback(partial(self._let_go, protocol))
        return queue

    def _let_go(self, protocol: Any, application: "asyncio.Future[None]") -> None:
        """Forget an application that ended well; failures are left to Daphne's checker."""
        details = self.connections.get(protocol)
        if details is None or application.cancelled() or application.exception() is not None:
            return
        details.pop("application_instance", None)
        if "disconnected" in details:
            del self.connections[protocol]

    def protocol_disconnected(self, protocol: Any) -> None:
        # A refused WebSocket says so twice, and may be forgotten by the second time.
        if protocol in self.connections:
            super().protocol_disconnected(protocol)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        if isinstance(protocol, WebSocket):
            # Who left while something was on its way gets nothing, and is no failure.
            with suppress(Disconnected):
                await super().handle_reply(protocol, message)
            if protocol.drain is not None:
                await protocol.drain.wait(self.limits.stalled_s, protocol.transport)
            return
        drain = self._drain_of(protocol, message)
        await super().handle_reply(protocol, message)
        if drain is not None:
            await drain.wait(self.limits.stalled_s, protocol.channel)

    def _drain_of(self, protocol: Any, message: dict[str, Any]) -> Drain | None:
        """The drain of an answer in parts; unregistered before the last part ends it."""
        details = self.connections.get(protocol)
        if details is None or message["type"] != "http.response.body" or protocol.channel is None:
            return None
        drain: Drain | None = details.get("drain")
        if message.get("more_body", False):
            if drain is None:
                drain = details["drain"] = Drain()
                protocol.channel.registerProducer(drain, streaming=True)
            return drain
        if drain is not None:
            protocol.channel.unregisterProducer()
        return None

    def kill_all_applications(self) -> Any:
        """Answer whoever waits, then end: called once, when the reactor is about to stop."""
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._end()))

    async def _end(self) -> None:
        for port in self._ports:
            port.stopListening()
        if self._https is not None:
            self._https.close()
        for channel in list(self.http_factory.channels):
            channel.close_when_done()
        for protocol in list(self.connections):
            if isinstance(protocol, WebSocket) and protocol.state == WebSocket.STATE_OPEN:
                protocol.sendCloseFrame(code=GOING_AWAY)
        for wake in shutdown.on_shutdown:
            try:
                wake()
            except Exception:
                log.exception("Waking the waiting requests failed")
        await self._until_ended(shutdown.WAKE_S)
        for application in self._running():
            application.cancel()
        await self._until_ended(shutdown.CANCEL_S)

    async def _until_ended(self, timeout_s: float) -> None:
        running = self._running()
        if running:
            await asyncio.wait(running, timeout=timeout_s)

    def _running(self) -> "list[asyncio.Future[None]]":
        found = [details.get("application_instance") for details in self.connections.values()]
        return [each for each in found if each is not None and not each.done()]


def _log_trouble(event: dict[str, Any]) -> None:
    """Twisted's own log, as far as it tells of trouble."""
    level = event.get("log_level", LogLevel.info)
    if level >= LogLevel.error:
        failure = event.get("log_failure")
        text = failure.getTraceback() if failure is not None else formatEvent(event)
        log.error("Twisted: %s", text)


def _scope(path: str) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "client": ["127.0.0.1", 0],
        "server": ["127.0.0.1", 80],
    }


def _request() -> Callable[[], Awaitable[dict[str, Any]]]:
    """A request without a body, of a client that stays."""
    messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    messages.put_nowait({"type": "http.request", "body": b"", "more_body": False})
    return messages.get


async def _nowhere(message: dict[str, Any]) -> None:
    return None
