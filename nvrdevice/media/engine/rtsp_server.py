"""The RTSP server: UDP, interleaved TCP and TLS, Digest, one mount per complete profile."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nvrdevice.media.engine.gst import GLib, GstRtspServer
from nvrdevice.media.engine.rtsp_clients import RtspClients
from nvrdevice.media.engine.rtsp_logins import Login, RtspLogins
from nvrdevice.media.engine.rtsp_mount import Look, joined, make
from nvrdevice.media.engine.rtsp_port import RtspPort
from nvrdevice.media.engine.tunnel_ends import end_after_teardown
from nvrdevice.media.resolved import Multicast

log = logging.getLogger(__name__)

THREADS = 8  # with one, a mount that has to wait would hold up every other client
SESSIONS_LIMIT = 128
BODY_LIMIT = 64_000
SWEEP_S = 5


@dataclass(frozen=True)
class _Mount:
    encoder: str  # token of the configuration it plays
    look: Look
    group: Multicast
    factory: Any


class RtspServer:
    def __init__(self, port: int, realm: str) -> None:
        self._door = RtspPort(port, lambda address: self.clients.knock(address), self.take)
        self._mounts: dict[str, _Mount] = {}
        self._logins = RtspLogins(realm)
        self._server = GstRtspServer.RTSPServer()
        self._server.set_property("content-length-limit", BODY_LIMIT)
        self._server.set_auth(self._logins.auth)
        threads = GstRtspServer.RTSPThreadPool.new()
        threads.set_max_threads(THREADS)
        self._server.set_thread_pool(threads)
        self._sessions = GstRtspServer.RTSPSessionPool.new()
        self._sessions.set_max_sessions(SESSIONS_LIMIT)
        self._server.set_session_pool(self._sessions)
        end_after_teardown(self._server)
        self.clients = RtspClients(self._server, self, self._logins.is_local_only)
        self._logins.auth.look = self.clients.look
        self._sources: list[int] = []

    def start(self) -> None:
        """DeviceError(CONFLICT) where the port is taken."""
        self._door.start()
        self._sources = [GLib.timeout_add_seconds(SWEEP_S, self._sweep)]

    def take(
        self, line: Any, address: str, port: int, first: str | None = None, *, tls: bool = False
    ) -> bool:
        """Serve a connection that somebody else accepted and read the first bytes of.

        tls: it came inside TLS, which that somebody has taken off.
        """
        with self.clients.arriving(tls=tls):
            return bool(self._server.transfer_connection(line, address, port, first))

    def accept_inside_tls(self, listening: Any, certificate: Any) -> None:
        """Serve the next client of a listening Gio.Socket inside TLS; main loop only."""
        auth = self._logins.auth
        # A server with a certificate speaks nothing but TLS: it has one for just this moment.
        auth.set_tls_certificate(certificate)
        try:
            with self.clients.arriving(tls=True):
                GstRtspServer.RTSPServer.io_func(listening, GLib.IOCondition.IN, self._server)
        finally:
            auth.set_tls_certificate(None)

    def set_logins(self, logins: Iterable[Login]) -> None:
        """Counts from the next request on; sessions of who is gone or changed end now."""
        changed = self._logins.apply(logins)
        if changed:
            self.clients.cut(usernames=changed)

    def set_mounts(self, wanted: Mapping[str, tuple[str, Look, Multicast]]) -> None:
        """Path (a profile token) → the encoder configuration it plays, how to look it up, and
        its multicast group."""
        points = self._server.get_mount_points()
        changed = {
            path
            for path, mount in self._mounts.items()
            if path not in wanted
            or (wanted[path][0], wanted[path][2]) != (mount.encoder, mount.group)
        }
        for path in changed:
            points.remove_factory(f"/{path}")
            del self._mounts[path]
        for path, (encoder, look, group) in wanted.items():
            if path not in self._mounts:
                mount = _Mount(encoder, look, group, make(look, group))
                self._mounts[path] = mount
                points.add_factory(f"/{path}", mount.factory)
                log.info("RTSP path /%s plays %s", path, encoder)
        if changed:
            self.clients.cut(paths=changed)

    def cut_encoder(self, encoder: str) -> None:
        """Its picture changed: who plays it must ask for a new description."""
        self.clients.cut(
            paths={path for path, one in self._mounts.items() if one.encoder == encoder}
        )

    def multicast_encoders(self) -> set[str]:
        """The configurations that clients have sent to their group just now."""
        paths = self.clients.multicast_paths()
        return {mount.encoder for path, mount in self._mounts.items() if path in paths}

    def alive(self, path: str) -> bool:
        mount = self._mounts.get(path)
        return mount is None or mount.look() is not None  # an unknown path is the server's 404

    def joined(self, path: str) -> None:
        mount = self._mounts.get(path)
        if mount is not None:
            joined(mount.factory)

    def left(self, path: str) -> None:
        mount = self._mounts.get(path)
        if mount is not None:
            mount.factory.generation += 1

    def _sweep(self) -> bool:
        self._sessions.cleanup()
        self.clients.sweep()
        return True

    def stop(self) -> None:
        for source in self._sources:
            GLib.source_remove(source)
        self._sources = []
        self._door.stop()
        self._server.client_filter(lambda *_: GstRtspServer.RTSPFilterResult.REMOVE)
