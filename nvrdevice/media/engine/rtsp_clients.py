"""Those who are connected over RTSP: counted, bounded, named, and cut off when it must be.

The server calls from several threads; every table here is under one lock.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from nvrdevice import clients
from nvrdevice.accounts import networks, rtsp
from nvrdevice.accounts.refusals import Reason, Refused
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media.engine import rtsp_requests, trial
from nvrdevice.media.engine.gst import GstRtsp, GstRtspServer
from nvrdevice.media.engine.pipeline import later
from nvrdevice.media.engine.rtsp_logins import username

log = logging.getLogger(__name__)

LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
CONNECTIONS_LIMIT = 160
PER_ADDRESS_LIMIT = 120
WITHOUT_SESSION_S = 60.0  # a connection that plays nothing must not hold a place


Play = tuple[str, str]  # the name of a session, and a path


@dataclass
class _Client:
    address: str
    seen_s: float
    tls: bool
    usernames: set[str] = field(default_factory=set)
    plays: dict[Play, bool] = field(default_factory=dict)  # whether by multicast
    sessions: list[str] = field(default_factory=list)
    noted: bool = False  # in the book of clients, as one that came

    @property
    def paths(self) -> set[str]:
        return {path for _session, path in self.plays}


class Paths(Protocol):
    """The mounts; a path is given without its slash."""

    def alive(self, path: str) -> bool:
        """Whether it can be played just now."""
        ...

    def joined(self, path: str) -> None:
        """Somebody begins to play it: they need a key frame."""
        ...

    def left(self, path: str) -> None:
        """The last who played it is gone; what served them is about to be taken down."""
        ...


class RtspClients:
    def __init__(self, server: Any, paths: Paths, local_only: Callable[[str], bool]) -> None:
        """local_only: whether a user may come from near addresses only."""
        self._server, self._paths, self._local_only = server, paths, local_only
        self._lock = threading.Lock()
        self._clients: dict[int, _Client] = {}
        self._tls = False
        server.get_session_pool().connect("session-removed", self._on_session_gone)
        server.connect("client-connected", self._on_connected)

    @contextmanager
    def arriving(self, *, tls: bool) -> Iterator[None]:
        """Whoever connects within came inside TLS, or did not; main loop only."""
        self._tls = tls
        try:
            yield
        finally:
            self._tls = False

    def knock(self, address: str) -> bool:
        """Somebody connected to the port and has asked nothing yet; whether they may ask."""
        if _is_slowed_down(address):
            return False
        if address not in LOOPBACK:
            clients.note_knock(address)
        return True

    def _on_connected(self, _server: Any, client: Any) -> None:
        connection = client.get_connection()
        address = (connection.get_ip() if connection is not None else "") or ""
        with self._lock:
            beside = sum(one.address == address for one in self._clients.values())
            full = len(self._clients) >= CONNECTIONS_LIMIT or beside >= PER_ADDRESS_LIMIT
            self._clients[hash(client)] = _Client(address, time.monotonic(), self._tls)
        client.connect("closed", self._on_closed)
        if full:
            log.warning("RTSP client %s refused: too many connections", address)
        if full or _is_slowed_down(address):
            later(client.close)
            return
        if address not in LOOPBACK:
            self._note_knock(client)
        client.connect("new-session", self._on_session)
        client.connect("pre-setup-request", self._on_setup_asked)
        client.connect("setup-request", self._on_setup)
        client.connect("play-request", self._on_play)
        client.connect("teardown-request", self._on_teardown)

    def _note_knock(self, client: Any) -> None:
        with self._lock:
            known = self._clients.get(hash(client))
            if known is None or known.noted:
                return
            known.noted = True
        clients.note_knock(known.address)

    def _on_closed(self, client: Any) -> None:
        with self._lock:
            gone = self._clients.pop(hash(client), None)
        if gone is None:
            return
        self._end(hash(client), gone, set(gone.plays))
        later(lambda: self._end_sessions(gone.sessions))

    def _on_teardown(self, client: Any, context: Any) -> None:
        """In the client's thread, before what served it is taken down."""
        with self._lock:
            known = self._clients.get(hash(client))
        if known is not None:
            known.seen_s = time.monotonic()
            play = context.session.get_sessionid(), rtsp_requests.mount(context)
            self._end(hash(client), known, {play})

    def _on_session_gone(self, _pool: Any, session: Any) -> None:
        """It was torn down, or nobody kept it alive."""
        name = session.get_sessionid()
        with self._lock:
            known = list(self._clients.items())
        for key, one in known:
            self._end(key, one, {play for play in list(one.plays) if play[0] == name})

    def _end(self, key: int, one: _Client, plays: set[Play]) -> None:
        """These are played no more."""
        with self._lock:
            ended = {play for play in plays if one.plays.pop(play, None) is not None}
            still = {path for each in self._clients.values() for path in each.paths}
        for play in ended:
            clients.note_stream_ended(_stream(key, play))
        for path in {path for _session, path in ended} - still:
            self._paths.left(path)
        if ended:
            log.info("RTSP client %s %s left", one.address, ", ".join(sorted(one.usernames)))

    def _on_session(self, client: Any, session: Any) -> None:
        # A server should name it in every answer to SETUP (Streaming, keep-alive handling).
        session.set_property("timeout-always-visible", True)  # noqa: FBT003 - GObject's
        with self._lock:
            known = self._clients.get(hash(client))
            if known is not None:
                known.sessions.append(session.get_sessionid())

    def _end_sessions(self, names: list[str]) -> None:
        """With its connection gone a session plays to nobody, but would hold a place for long."""
        pool = self._server.get_session_pool()
        for name in names:
            session = pool.find(name)
            if session is not None:
                pool.remove(session)

    def look(self, context: Any) -> Any:
        """The status of a DESCRIBE or SETUP before its password is looked at."""
        client = context.client
        with self._lock:
            known = self._clients.get(hash(client))
            if known is not None:
                known.seen_s = time.monotonic()
        # From this machine itself come the device's own tries too, and looks whether it listens.
        if not _is_own(context):
            self._note_knock(client)
        # Who has not said who they are is asked first, by the server's own 401.
        sent = rtsp_requests.authorization(context)
        if sent is None or known is None:
            return GstRtsp.RTSPStatusCode.OK
        refused = _check(sent, context.method, known.address)
        if refused is not None:
            return refused
        login = rtsp_requests.login(context)
        if login is None:
            return GstRtsp.RTSPStatusCode.OK
        if self._local_only(login.username) and not networks.is_local(known.address):
            log.warning("RTSP client %s: the first password is for near clients", known.address)
            return GstRtsp.RTSPStatusCode.FORBIDDEN
        if not self._paths.alive(rtsp_requests.mount(context)):
            return GstRtsp.RTSPStatusCode.SERVICE_UNAVAILABLE
        return GstRtsp.RTSPStatusCode.OK

    def _on_setup_asked(self, client: Any, context: Any) -> Any:
        with self._lock:
            known = self._clients.get(hash(client))
        if rtsp_requests.is_playing(context):
            # Changing the transport under the pictures aborts the server (RFC 2326, 10.4).
            return GstRtsp.RTSPStatusCode.METHOD_NOT_VALID_IN_THIS_STATE
        if not rtsp_requests.is_deliverable(context):
            return GstRtsp.RTSPStatusCode.UNSUPPORTED_TRANSPORT
        if known is not None and known.tls and not rtsp_requests.is_interleaved(context):
            # Beside the connection the pictures would travel for everybody to see.
            return GstRtsp.RTSPStatusCode.UNSUPPORTED_TRANSPORT
        return GstRtsp.RTSPStatusCode.OK

    def _on_setup(self, client: Any, context: Any) -> None:
        name, path = username(context.token), rtsp_requests.mount(context)
        with self._lock:
            known = self._clients.get(hash(client))
            if known is None:
                return
            how = rtsp_requests.transport(client, context, tls=known.tls)
            play = context.session.get_sessionid(), path
            known.usernames.add(name)
            known.plays[play] = how == "Multicast"
        if _is_own(context) and known.address in LOOPBACK:
            return  # the device's own try of a stream is no client
        clients.note_stream(
            _stream(hash(client), play),
            address=known.address,
            username=name,
            path=path,
            transport=how,
            agent=_agent(context),
        )
        log.info("RTSP client %s user %s plays %s", known.address, name, path)

    def _on_play(self, _client: Any, context: Any) -> None:
        self._paths.joined(rtsp_requests.mount(context))

    def playing(self) -> dict[str, int]:
        """How many clients have set up each path."""
        with self._lock:
            paths = [path for one in self._clients.values() for path in one.paths]
        return {path: paths.count(path) for path in set(paths)}

    def multicast_paths(self) -> set[str]:
        with self._lock:
            plays = [play for one in self._clients.values() for play in one.plays.items()]
        return {path for (_session, path), multicast in plays if multicast}

    def count(self) -> int:
        with self._lock:
            return len(self._clients)

    def cut(self, *, usernames: set[str] = frozenset(), paths: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        """End the connections of these users or paths; main loop only."""
        with self._lock:
            chosen = {
                key
                for key, one in self._clients.items()
                if one.usernames & usernames or one.paths & paths
            }
        self._close(chosen, "cut off")

    def sweep(self) -> None:
        """Close who has had no session for long; main loop only."""
        now_s = time.monotonic()
        with self._lock:
            old = {
                key for key, one in self._clients.items() if now_s - one.seen_s > WITHOUT_SESSION_S
            }
        if not old:
            return
        idle: set[int] = set()

        def look(_server: Any, client: Any) -> Any:
            if hash(client) in old and not client.session_filter(None):
                idle.add(hash(client))
            return GstRtspServer.RTSPFilterResult.KEEP

        self._server.client_filter(look)
        self._close(idle, "idle, closed")

    def _close(self, chosen: set[int], why: str) -> None:
        if not chosen:
            return

        def look(_server: Any, client: Any) -> Any:
            if hash(client) in chosen:
                return GstRtspServer.RTSPFilterResult.REMOVE
            return GstRtspServer.RTSPFilterResult.KEEP

        self._server.client_filter(look)
        log.info("%d RTSP clients %s", len(chosen), why)


def _stream(client: int, play: Play) -> str:
    """What the book of clients knows it by."""
    return f"{client} {play[0]} {play[1]}"


def _agent(context: Any) -> str:
    return rtsp_requests.header(context, GstRtsp.RTSPHeaderField.USER_AGENT) or ""


def _is_own(context: Any) -> bool:
    """Whether the device itself tries a stream; anybody may say so, but only here it counts."""
    return _agent(context) == trial.AGENT


def _check(sent: str, method: Any, address: str) -> Any:
    """The status that refuses who comes again too soon after wrong passwords.

    None otherwise: to a wrong answer the server itself says 401, with a new challenge.
    """
    try:
        rtsp.check(sent, GstRtsp.rtsp_method_as_text(method) or "", address=address)
    except Refused as refused:
        if refused.reason is Reason.SLOWED_DOWN:
            return GstRtsp.RTSPStatusCode.SERVICE_UNAVAILABLE
    except DeviceError as error:  # the users cannot be read just now: the server knows them
        log.warning("RTSP client %s: %s", address, error.text)
    return None


def _is_slowed_down(address: str) -> bool:
    try:
        return rtsp.is_slowed_down(address)
    except DeviceError as error:
        log.warning("RTSP client %s: %s", address, error.text)
        return False
