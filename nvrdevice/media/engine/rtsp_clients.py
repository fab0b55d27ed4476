"""Those who are connected over RTSP: counted, bounded, named, and cut off when it must be.

The server calls from several threads; every table here is under one lock.
"""

import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from nvrdevice.accounts import networks
from nvrdevice.media.engine.gst import GstRtsp, GstRtspServer
from nvrdevice.media.engine.pipeline import later
from nvrdevice.media.engine.rtsp_logins import username

USERNAME = re.compile(r'username="([^"]*)"')

log = logging.getLogger(__name__)

CONNECTIONS_LIMIT = 160
PER_ADDRESS_LIMIT = 120
WITHOUT_SESSION_S = 60.0  # a connection that plays nothing must not hold a place


@dataclass
class _Client:
    address: str
    seen_s: float
    usernames: set[str] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)


class Paths(Protocol):
    """The mounts; a path is given without its slash."""

    def alive(self, path: str) -> bool:
        """Whether it can be played just now."""
        ...

    def joined(self, path: str) -> None:
        """Somebody begins to play it: they need a key frame."""
        ...


class RtspClients:
    def __init__(self, server: Any, paths: Paths, local_only: Callable[[str], bool]) -> None:
        """local_only: whether a user may come from near addresses only."""
        self._server, self._paths, self._local_only = server, paths, local_only
        self._lock = threading.Lock()
        self._clients: dict[int, _Client] = {}
        server.connect("client-connected", self._on_connected)

    def _on_connected(self, _server: Any, client: Any) -> None:
        connection = client.get_connection()
        address = (connection.get_ip() if connection is not None else "") or ""
        with self._lock:
            beside = sum(one.address == address for one in self._clients.values())
            full = len(self._clients) >= CONNECTIONS_LIMIT or beside >= PER_ADDRESS_LIMIT
            self._clients[hash(client)] = _Client(address, time.monotonic())
        client.connect("closed", self._on_closed)
        if full:
            log.warning("RTSP client %s refused: too many connections", address)
            later(client.close)
            return
        client.connect("pre-describe-request", self._on_request)
        client.connect("pre-setup-request", self._on_request)
        client.connect("setup-request", self._on_setup)
        client.connect("play-request", self._on_play)

    def _on_closed(self, client: Any) -> None:
        with self._lock:
            gone = self._clients.pop(hash(client), None)
        if gone is not None and gone.paths:
            log.info("RTSP client %s %s left", gone.address, _names(gone.usernames))

    def _on_request(self, client: Any, context: Any) -> Any:
        with self._lock:
            known = self._clients.get(hash(client))
            if known is not None:
                known.seen_s = time.monotonic()
        # Who has not said who they are is asked first, by the server's own 401. The name that
        # is given here is the one the server then checks the digest of.
        name = _claimed_name(context)
        if name is None:
            return GstRtsp.RTSPStatusCode.OK
        if known is not None and self._local_only(name) and not networks.is_local(known.address):
            log.warning("RTSP client %s: the first password is for near clients", known.address)
            return GstRtsp.RTSPStatusCode.FORBIDDEN
        if not self._paths.alive(_mount(context)):
            return GstRtsp.RTSPStatusCode.SERVICE_UNAVAILABLE
        return GstRtsp.RTSPStatusCode.OK

    def _on_setup(self, client: Any, context: Any) -> None:
        name, path = username(context.token), _mount(context)
        with self._lock:
            known = self._clients.get(hash(client))
            if known is None:
                return
            known.usernames.add(name)
            known.paths.add(path)
        log.info("RTSP client %s user %s plays %s", known.address, name, path)

    def _on_play(self, _client: Any, context: Any) -> None:
        self._paths.joined(_mount(context))

    def playing(self) -> dict[str, int]:
        """How many clients have set up each path."""
        with self._lock:
            paths = [path for one in self._clients.values() for path in one.paths]
        return {path: paths.count(path) for path in set(paths)}

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


def _mount(context: Any) -> str:
    """ "/profile1/stream=0" → "profile1" """
    uri = context.uri
    path = (uri.abspath or "") if uri is not None else ""
    return str(path).strip("/").split("/")[0]


def _claimed_name(context: Any) -> str | None:
    """The user of the Authorization header; None without one."""
    result, value = context.request.get_header(GstRtsp.RTSPHeaderField.AUTHORIZATION, 0)
    if result != GstRtsp.RTSPResult.OK:
        return None
    found = USERNAME.search(value or "")
    return found.group(1) if found is not None else ""


def _names(usernames: set[str]) -> str:
    return ", ".join(sorted(usernames))
