"""RTSPS: a port of its own on which everything is inside TLS.

What cannot be had (a certificate, the port, the TLS library) is said and tried again; plain RTSP
goes on meanwhile. A certificate that takes the place of another counts from the next client on.
"""

import logging
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.engine.gst import Gio, GLib
from nvrdevice.media.engine.listening import open_both

log = logging.getLogger(__name__)


class Files(Protocol):
    """Where certificate and key lie, as system.tls says it."""

    @property
    def certificate(self) -> Path: ...
    @property
    def key(self) -> Path: ...


Mark = tuple[int, ...]


class TlsPort:
    def __init__(
        self, port: int, files: Callable[[], Files], accept: Callable[[Any, Any], None]
    ) -> None:
        """accept(listening Gio.Socket, Gio.TlsCertificate): RtspServer.accept_inside_tls."""
        self._port, self._files, self._accept = port, files, accept
        self._certificate: Any = None
        self._mark: Mark = ()
        self._opened: list[tuple[Any, int]] = []  # Gio.Socket with its GLib source
        self.problem = ""  # a sentence; "" while all is well

    @property
    def is_open(self) -> bool:
        return bool(self._opened)

    def refresh(self) -> None:
        """Take the certificate there is now, and the port if it is not held yet; main loop only."""
        problem = ""
        for step in (self._read, self._open):
            try:
                step()
            except DeviceError as error:
                problem = problem or error.text
        if problem and problem != self.problem:
            log.error("RTSPS: %s", problem)
        self.problem = problem

    def stop(self) -> None:
        for listening, source in self._opened:
            GLib.source_remove(source)
            listening.close()
        self._opened = []

    def _read(self) -> None:
        if not Gio.TlsBackend.get_default().supports_tls():
            raise DeviceError(
                Kind.UNAVAILABLE,
                "GStreamer cannot speak TLS on this machine: run apt install glib-networking, "
                "then restart the device.",
            )
        found = self._files()
        try:
            mark = _mark(found)
            if mark == self._mark:
                return
            # GLib would take a key that is another certificate's, and fail with each client.
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(found.certificate, found.key)
            certificate = Gio.TlsCertificate.new_from_files(str(found.certificate), str(found.key))
        except (OSError, GLib.Error) as error:
            self._mark = ()
            why = _why(error)
            raise DeviceError(
                Kind.UNAVAILABLE,
                f"The certificate {found.certificate} or its key cannot be read ({why}): "
                "make a new one.",
            ) from None
        if self._certificate is not None:
            log.info("RTSPS shows the new certificate from now on")
        self._certificate, self._mark = certificate, mark

    def _open(self) -> None:
        if self._opened or self._certificate is None:
            return
        for opened in open_both(self._port, "RTSPS_PORT", "RTSPS"):
            listening = Gio.Socket.new_from_fd(opened.detach())
            listening.set_blocking(False)  # a client may be gone again before it is accepted
            source = GLib.unix_fd_add_full(
                GLib.PRIORITY_DEFAULT,
                listening.get_fd(),
                GLib.IOCondition.IN,
                lambda *_, listening=listening: self._on_knock(listening),
            )
            self._opened.append((listening, source))
        log.info("RTSPS on port %d", self._port)

    def _on_knock(self, listening: Any) -> bool:
        self._accept(listening, self._certificate)
        return True


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        apart = error.reason == "KEY_VALUES_MISMATCH"
        return "they do not belong together" if apart else "they are not in PEM form"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(getattr(error, "message", error))


def _mark(files: Files) -> Mark:
    """What is another when a file is another."""
    found = (files.certificate.stat(), files.key.stat())
    return tuple(n for one in found for n in (one.st_mtime_ns, one.st_ino, one.st_size))
